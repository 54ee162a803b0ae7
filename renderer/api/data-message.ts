/** A stored data message, as the API shows it. */
export interface DataMessage {
  readonly id: string;
  readonly streamId: string;
  readonly timestamp: string;
  readonly created: string;
  readonly model?: string;
  readonly value?: Record<string, unknown>;
  readonly location?: { readonly lat: number; readonly lon: number; readonly alt?: number };
  readonly tags?: readonly string[];
  /** Properties of the device. */
  readonly extra?: Readonly<Record<string, string>>;
  readonly metadata?: {
    readonly source?: string;
    readonly connector?: string;
    readonly encoding?: string;
    readonly group?: { readonly id: string; readonly path: string };
  };
}

export { isSimulated } from '../../core/contract/simulated.ts';
