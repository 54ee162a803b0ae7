import type { Clock, Timer } from '../../platform/clock.ts';
import type { ReceivedPacket } from '../../protocols/semtech-udp/push-data.ts';
import type { Gateway } from './gateway.ts';

/** What one gateway heard of a frame. */
export interface FrameCopy {
  readonly gateway: Gateway;
  readonly packet: ReceivedPacket;
}

/** A frame with all who heard it. */
export interface HeardFrame {
  readonly bytes: Uint8Array;
  /** The best signal first; one of each gateway. */
  readonly copies: readonly [FrameCopy, ...FrameCopy[]];
  /** When the first copy came, on the wire's clock. */
  readonly heardMs: number;
  /** The same by the platform's time. */
  readonly receivedMs: number;
}

interface OpenFrame {
  /** The gateway of the first copy, whose share of the room it takes. */
  readonly gatewayId: string;
  readonly copies: Map<string, FrameCopy>;
  readonly heardMs: number;
  timer: Timer | undefined;
}

/** What comes later than this after the first is no copy: the device has sent again, after its windows. */
const memoryMs = 900;

/** Puts together what several gateways heard of one frame. */
export class Deduplication {
  private readonly clock: Clock;
  private readonly wireClock: Clock;
  private readonly settings: {
    readonly loraDeduplicationWindowMs: number;
    readonly loraMaxOpenFrames: number;
    readonly loraMaxOpenFramesPerGateway: number;
  };
  private readonly handle: (frame: HeardFrame) => void;
  /** By their bytes, the oldest first; they stay for a while after they were handed on. */
  private readonly frames = new Map<string, OpenFrame>();
  private readonly countByGateway = new Map<string, number>();

  constructor(
    parts: { readonly clock: Clock; readonly wireClock: Clock; readonly settings: Deduplication['settings'] },
    handle: (frame: HeardFrame) => void,
  ) {
    this.clock = parts.clock;
    this.wireClock = parts.wireClock;
    this.settings = parts.settings;
    this.handle = handle;
  }

  stop(): void {
    for (const { timer } of this.frames.values()) timer?.cancel();
    this.frames.clear();
    this.countByGateway.clear();
  }

  /** @returns why it is dropped, `full` and `gatewayFull` for want of room; undefined when it counts */
  take(copy: FrameCopy): 'late' | 'full' | 'gatewayFull' | undefined {
    const nowMs = this.wireClock.now();
    this.forgetBefore(nowMs - memoryMs);
    const { data } = copy.packet;
    const key = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
    const open = this.frames.get(key);
    if (open) {
      if (!open.timer) return 'late';
      const { id } = copy.gateway;
      const before = open.copies.get(id);
      if (!before || isBetter(copy, before)) open.copies.set(id, copy);
      return undefined;
    }
    const { loraMaxOpenFrames, loraMaxOpenFramesPerGateway, loraDeduplicationWindowMs } = this.settings;
    if (this.frames.size >= loraMaxOpenFrames) return 'full';
    const gatewayId = copy.gateway.id;
    const own = this.countByGateway.get(gatewayId) ?? 0;
    if (own >= loraMaxOpenFramesPerGateway) return 'gatewayFull';
    this.countByGateway.set(gatewayId, own + 1);
    const receivedMs = this.clock.now();
    const frame: OpenFrame = {
      gatewayId,
      copies: new Map([[gatewayId, copy]]),
      heardMs: nowMs,
      timer: this.wireClock.after('LoRa copies', loraDeduplicationWindowMs, () => {
        frame.timer = undefined;
        const copies = [...frame.copies.values()].sort((a, b) => (isBetter(a, b) ? -1 : 1));
        const heard = copies as [FrameCopy, ...FrameCopy[]];
        this.handle({ bytes: data, copies: heard, heardMs: nowMs, receivedMs });
      }),
    };
    this.frames.set(key, frame);
    return undefined;
  }

  private forgetBefore(sinceMs: number): void {
    for (const [key, { heardMs, timer, gatewayId }] of this.frames) {
      if (heardMs >= sinceMs || timer) return;
      this.frames.delete(key);
      const left = (this.countByGateway.get(gatewayId) ?? 1) - 1;
      if (left === 0) this.countByGateway.delete(gatewayId);
      else this.countByGateway.set(gatewayId, left);
    }
  }
}

/** By the ratio of signal to noise first: it is what decides whether a frame is understood. */
function isBetter({ packet: a }: FrameCopy, { packet: b }: FrameCopy): boolean {
  const [left, right] = [a.snr ?? Number.NEGATIVE_INFINITY, b.snr ?? Number.NEGATIVE_INFINITY];
  return left > right || (left === right && a.rssi > b.rssi);
}
