import type { SimulatedFrame } from '../../core/contract/simulators.ts';
import type { LoraRate } from '../../core/protocols/lorawan/airtime.ts';
import type { FrameLimits } from '../fleet/frame-limits.ts';

/** A frame as it is kept: what to show is made when somebody looks. */
export interface KeptLoraFrame {
  readonly timeMs: number;
  readonly direction: 'sent' | 'received';
  readonly type: string;
  readonly fCnt?: number | undefined;
  readonly port?: number | undefined;
  readonly rate?: LoraRate | undefined;
  /** Known when it is on the air. */
  frequencyHz?: number | undefined;
  readonly payload: Uint8Array;
  readonly commands?: readonly { readonly name: string }[] | undefined;
  readonly bytes: number;
  /** What is special about it. */
  readonly note?: string | undefined;
  state: SimulatedFrame['state'];
}

/** The last frames of a device. */
export class LoraFrames {
  private readonly limits: FrameLimits;
  private readonly ring: KeptLoraFrame[] = [];
  private next = 0;

  constructor(limits: FrameLimits) {
    this.limits = limits;
  }

  keep(frame: KeptLoraFrame): KeptLoraFrame {
    this.ring[this.next] = frame;
    this.next = (this.next + 1) % this.limits.frames;
    return frame;
  }

  /** Newest first. */
  list(): SimulatedFrame[] {
    const { ring, next } = this;
    return [...ring.slice(next), ...ring.slice(0, next)].reverse().map(shown);
  }
}

export const rateName = ({ spreadingFactor, bandwidthKhz }: LoraRate): string =>
  `SF${spreadingFactor}BW${bandwidthKhz}`;

/** A frame of LoRaWAN is short: nothing of it is cut off. */
export function shown(frame: KeptLoraFrame): SimulatedFrame {
  const {
    timeMs,
    direction,
    type,
    fCnt,
    port,
    rate,
    frequencyHz,
    payload,
    commands = [],
    bytes,
    note,
    state,
  } = frame;
  const words = [
    type,
    ...(fCnt === undefined ? [] : [`fcnt=${fCnt}`]),
    ...(port === undefined ? [] : [`port=${port}`]),
    ...(rate ? [rateName(rate)] : []),
    ...(frequencyHz === undefined ? [] : [`${frequencyHz / 1_000_000} MHz`]),
    ...(note === undefined ? [] : [note]),
  ];
  const lines = [
    ...(payload.length > 0 ? [Buffer.from(payload).toString('hex')] : []),
    ...commands.map(written),
  ];
  const shownPayload = lines.join('\n');
  const time = new Date(timeMs).toISOString();
  return { time, direction, topic: words.join(' '), payload: shownPayload, bytes, truncated: false, state };
}

function written({ name, ...fields }: { readonly name: string }): string {
  const said = Object.entries(fields).map(([field, value]) => `${field}=${String(value)}`);
  return [name, ...said].join(' ');
}
