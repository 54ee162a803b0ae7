import { isUtf8 } from 'node:buffer';
import type { SimulatedFrame } from '../../core/contract/simulators.ts';
import type { FrameLimits } from '../fleet/frame-limits.ts';

/** A frame as it is kept; its state changes when the platform answers. */
export interface KeptFrame {
  readonly timeMs: number;
  readonly direction: 'sent' | 'received';
  readonly topic: string;
  readonly payload: string;
  readonly bytes: number;
  readonly truncated: boolean;
  state: SimulatedFrame['state'];
}

/** The last frames of a device. */
export class FrameLog {
  private readonly limits: FrameLimits;
  private readonly ring: KeptFrame[] = [];
  private next = 0;

  constructor(limits: FrameLimits) {
    this.limits = limits;
  }

  sent(timeMs: number, topic: string, payload: string): KeptFrame {
    const bytes = Buffer.byteLength(payload);
    return this.keep({ timeMs, direction: 'sent', topic, ...this.cut(payload), bytes, state: 'waiting' });
  }

  received(timeMs: number, topic: string, payload: Uint8Array): KeptFrame {
    // Four bytes at most make a character: what is cut off here is never shown.
    const head = Buffer.from(payload.subarray(0, this.limits.payloadCharacters * 4));
    const text = isUtf8(payload) ? head.toString('utf8') : head.toString('hex');
    const bytes = payload.byteLength;
    return this.keep({ timeMs, direction: 'received', topic, ...this.cut(text), bytes, state: 'received' });
  }

  /** Bytes that are no text, in either direction. */
  binary(frame: Pick<KeptFrame, 'timeMs' | 'direction' | 'topic' | 'state'>, data: Uint8Array): KeptFrame {
    const head = Buffer.from(data.subarray(0, this.limits.payloadCharacters));
    return this.keep({ ...frame, ...this.cut(head.toString('hex')), bytes: data.length });
  }

  /** Newest first. */
  list(): SimulatedFrame[] {
    const { ring, next } = this;
    return [...ring.slice(next), ...ring.slice(0, next)].reverse().map(toFrame);
  }

  private cut(payload: string): { payload: string; truncated: boolean } {
    const { payloadCharacters } = this.limits;
    const truncated = payload.length > payloadCharacters;
    return { payload: truncated ? payload.slice(0, payloadCharacters) : payload, truncated };
  }

  private keep(frame: KeptFrame): KeptFrame {
    this.ring[this.next] = frame;
    this.next = (this.next + 1) % this.limits.frames;
    return frame;
  }
}

export function toFrame({
  timeMs,
  direction,
  topic,
  payload,
  bytes,
  truncated,
  state,
}: KeptFrame): SimulatedFrame {
  return { time: new Date(timeMs).toISOString(), direction, topic, payload, bytes, truncated, state };
}
