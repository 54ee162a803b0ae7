import type { LoraDeviceDetails } from '../../core/contract/simulated-lora.ts';
import type { FrameLimits } from '../fleet/frame-limits.ts';
import type { HeardDownlink } from './lora-session.ts';
import type { Signal } from './radio/air.ts';
import type { WindowName } from './radio/device-radio.ts';

type Message = LoraDeviceDetails['inbox'][number];

interface Kept {
  readonly timeMs: number;
  readonly port: number;
  readonly payload: Uint8Array;
  readonly fCnt: number;
  readonly confirmed: boolean;
  readonly window: WindowName;
  readonly signal: Signal;
}

/** What the platform has sent to a device: the last payloads. */
export class LoraInbox {
  private readonly limits: FrameLimits;
  private kept: Kept[] = [];

  constructor(limits: FrameLimits) {
    this.limits = limits;
  }

  /** A frame of MAC commands alone is none for the inbox, and one that came before is not put in again. */
  take(timeMs: number, downlink: HeardDownlink, signal: Signal, window: WindowName): void {
    const { port, payload, fCnt, confirmed, repeated } = downlink;
    if (port === undefined || port === 0 || repeated) return;
    this.kept = [...this.kept, { timeMs, port, payload, fCnt, confirmed, window, signal }].slice(
      -this.limits.frames,
    );
  }

  /** Newest first. */
  list(): Message[] {
    return this.kept
      .map(({ timeMs, port, payload, fCnt, confirmed, window, signal }) => ({
        ...{ time: new Date(timeMs).toISOString(), port, data: Buffer.from(payload).toString('hex') },
        ...{ fCnt, confirmed, window, rssi: signal.rssi, snr: signal.snr },
      }))
      .reverse();
  }
}
