import type { DeviceInterface } from '../../../inventory/types.ts';
import type { JoinAccept } from '../../../protocols/lorawan/join.ts';
import type { Region } from '../../../protocols/lorawan/regions/region.ts';
import { OwnedLog } from '../../owned-log.ts';
import type { HeardFrame } from '../deduplication.ts';
import type { LoraSettings } from '../lora-settings.ts';
import type { Way } from '../transmitter.ts';

export type FrameLogSettings = Pick<LoraSettings, 'loraLogMaxFrames' | 'loraLogMaxBytes'>;

/** What the network knows of a frame beside its bytes. */
export interface FrameKnowledge {
  /** Undefined: nobody looked at its MIC. */
  readonly micIsRight?: boolean | undefined;
  /** All 32 bits. */
  readonly fCnt?: number | undefined;
  /** Decrypted. */
  readonly payload?: Uint8Array | undefined;
  readonly accept?: JoinAccept | undefined;
  readonly dataRate?: number | undefined;
  readonly region?: Region | undefined;
  readonly note?: 'repeated' | 'sentAgain' | undefined;
  readonly messageId?: string | undefined;
  readonly commandId?: string | undefined;
}

/** Where a downlink goes, and what was tried before. */
export interface FrameSent {
  /** Undefined: no gateway sends it. */
  readonly way: Way | undefined;
  readonly tried: readonly string[];
}

export interface LoggedFrame {
  readonly tenantId: string;
  /** Undefined: nobody knows whose it is. */
  readonly via: DeviceInterface | undefined;
  readonly bytes: Uint8Array;
  /** Of an uplink. */
  readonly heard: HeardFrame | undefined;
  /** Of a downlink. */
  readonly sent: FrameSent | undefined;
  readonly known: FrameKnowledge;
  readonly dropped: { readonly reason: string; readonly text: string } | undefined;
}

/** What one entry costs beside its bytes, and what each gateway that heard it adds, about. */
const entryBytes = 600;
const copyBytes = 250;

export class FrameEntry {
  readonly seq: number;
  readonly timeMs: number;
  readonly frame: LoggedFrame;
  readonly bytes: number;

  constructor(seq: number, timeMs: number, frame: LoggedFrame) {
    const { bytes, heard, known } = frame;
    this.seq = seq;
    this.timeMs = timeMs;
    this.frame = frame;
    const copies = heard?.copies.length ?? 0;
    this.bytes =
      entryBytes + bytes.length + (known.payload?.length ?? 0) + copies * (copyBytes + bytes.length);
  }
}

/** The last frames of each device in memory. They are kept as bytes, and read when somebody looks. */
export class FrameLog {
  /** Told of each entry. */
  onEntry: (entry: FrameEntry) => void = () => {};
  private readonly log: OwnedLog<FrameEntry>;
  private nextSeq = 1;

  constructor({ loraLogMaxFrames: entries, loraLogMaxBytes: bytes }: FrameLogSettings) {
    this.log = new OwnedLog({ entries, bytes });
  }

  /** A number for an entry that will be added, so that others can name it already. */
  number(): number {
    return this.nextSeq++;
  }

  add(timeMs: number, frame: LoggedFrame, seq = this.number()): void {
    const entry = new FrameEntry(seq, timeMs, frame);
    this.log.add(keyOf(frame.tenantId, frame.via?.nodeId), entry);
    this.onEntry(entry);
  }

  /** Newest first. @param nodeId DevEUI @param before only what is older than the entry of this number */
  ofNode(tenantId: string, nodeId: string, limit: number, before?: number): FrameEntry[] {
    return this.log.latest(keyOf(tenantId, nodeId), limit, before);
  }

  /** Those of all devices of a tenant, and those at its gateways that nobody knows; newest first. */
  ofTenant(tenantId: string, limit: number, before = Number.POSITIVE_INFINITY): FrameEntry[] {
    const found: FrameEntry[] = [];
    for (const entry of this.log.all()) {
      if (found.length === limit) break;
      if (entry.seq < before && entry.frame.tenantId === tenantId) found.push(entry);
    }
    return found;
  }

  clear(): void {
    this.log.clear();
  }
}

const keyOf = (tenantId: string, nodeId: string | undefined): string => `${tenantId} ${nodeId ?? ''}`;
