import type { PlatformEvents } from '../contract/events.ts';
import { isSimulated } from '../contract/simulated.ts';
import { shortenText } from '../contract/text.ts';
import type { Refusal, TraceView } from '../contract/trace.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import type { EventBus } from './event-bus.ts';
import { MessageTrace, type TracedDevice, type TraceOrigin } from './message-trace.ts';

export interface TraceSettings {
  /** How many of the last messages keep their trace. */
  readonly traceCapacity: number;
  /** How many bytes of a payload a trace keeps. */
  readonly tracePayloadBytes: number;
}

/** Characters that a trace keeps of the sender's name, of the target, and of the reason of a refusal. */
const longestName = 256;
const longestReason = 1000;

const refusedKind = 'refused';

/** The last messages' traces, in memory: those that were stored, and those that were refused. */
export class TraceStore {
  private readonly clock: Clock;
  private readonly bus: EventBus<PlatformEvents>;
  private readonly settings: TraceSettings;
  private readonly accepted: (MessageTrace | undefined)[];
  private readonly refused: (MessageTrace | undefined)[];
  /** Part of the ids of refused messages, so that one noted before a restart never leads to another message. */
  private readonly run: string;
  private refusedCount = 0;

  constructor(clock: Clock, bus: EventBus<PlatformEvents>, settings: TraceSettings) {
    this.clock = clock;
    this.bus = bus;
    this.run = clock.now().toString(36);
    this.settings = settings;
    this.accepted = new Array<undefined>(settings.traceCapacity).fill(undefined);
    this.refused = new Array<undefined>(settings.traceCapacity).fill(undefined);
  }

  begin(origin: TraceOrigin, payload: Uint8Array): MessageTrace {
    const kept =
      payload.byteLength > this.settings.tracePayloadBytes
        ? payload.subarray(0, this.settings.tracePayloadBytes)
        : payload;
    // A copy: the payload is a view of a large read buffer that must not live on for its sake.
    return new MessageTrace(
      shortOrigin(origin),
      Buffer.from(kept),
      payload.byteLength,
      this.clock.now(),
      this.clock.monotonicUs(),
    );
  }

  keepAccepted(trace: MessageTrace, seq: number): void {
    this.accepted[seq % this.settings.traceCapacity] = trace;
  }

  /** Ends a trace with a refusal and keeps it; returns its id. @param device who sent it, where that is known */
  refuse(trace: MessageTrace, refusal: string, device?: TracedDevice): string {
    const reason = shortenText(refusal, longestReason);
    trace.add(this.clock.monotonicUs(), 'validate', 'rejected', reason);
    trace.refusal = reason;
    trace.device = device;
    const number = this.refusedCount++;
    this.refused[number % this.settings.traceCapacity] = trace;
    const traceId = this.refusedId(number);
    this.bus.emit('messageRefused', {
      tenantId: trace.origin.tenantId,
      refusal: refusalOf(trace, traceId),
    });
    return traceId;
  }

  /** The trace of a stored message that is still kept. */
  ofMessage(seq: number, messageId: string): MessageTrace | undefined {
    const trace = this.accepted[seq % this.settings.traceCapacity];
    return trace?.messageId === messageId ? trace : undefined;
  }

  /** The trace with this id, which is a message's id or, for a refused message, its own; of this tenant only. */
  find(tenantId: string, traceId: string, seq: number | undefined): TraceView | undefined {
    const [kind, run, refusedNumber] = traceId.split('-');
    const trace =
      kind === refusedKind && run === this.run
        ? this.refusedAt(Number(refusedNumber))
        : seq === undefined
          ? undefined
          : this.ofMessage(seq, traceId);
    return trace?.origin.tenantId === tenantId ? trace.view(traceId) : undefined;
  }

  /**
   * The newest traces of a tenant, newest first.
   * @param sender only those of who has this name on the wire: the client id of a device, over MQTT
   */
  latest(tenantId: string, limit: number, sender?: string): TraceView[] {
    const name = sender === undefined ? undefined : shortenText(sender, longestName);
    const fits = ({ origin }: MessageTrace): boolean =>
      origin.tenantId === tenantId && (name === undefined || origin.sender === name);
    const found: { trace: MessageTrace; id: string }[] = [];
    for (const trace of this.accepted) {
      if (trace && fits(trace)) found.push({ trace, id: trace.messageId ?? '' });
    }
    for (const refused of this.refusedNewestFirst()) if (fits(refused.trace)) found.push(refused);
    found.sort((a, b) => b.trace.receivedUs - a.trace.receivedUs);
    return found.slice(0, limit).map(({ trace, id }) => trace.view(id));
  }

  /** The newest refusals of a tenant that are kept, newest first. @param deviceId only those of this device */
  refusals(tenantId: string, limit: number, deviceId?: string): Refusal[] {
    const found: Refusal[] = [];
    for (const { trace, id } of this.refusedNewestFirst()) {
      if (found.length === limit) break;
      if (trace.origin.tenantId !== tenantId) continue;
      if (deviceId === undefined || trace.device?.id === deviceId) found.push(refusalOf(trace, id));
    }
    return found;
  }

  /** Forgets all, as after a reset of the platform. */
  clear(): void {
    this.accepted.fill(undefined);
    this.refused.fill(undefined);
  }

  private *refusedNewestFirst(): Generator<{ trace: MessageTrace; id: string }> {
    for (let number = this.refusedCount - 1; ; number--) {
      const trace = this.refusedAt(number);
      if (!trace) return;
      yield { trace, id: this.refusedId(number) };
    }
  }

  private refusedAt(number: number): MessageTrace | undefined {
    const alive =
      number >= 0 && number < this.refusedCount && number >= this.refusedCount - this.settings.traceCapacity;
    return alive ? this.refused[number % this.settings.traceCapacity] : undefined;
  }

  private refusedId(number: number): string {
    return `${refusedKind}-${this.run}-${number}`;
  }
}

function refusalOf(trace: MessageTrace, traceId: string): Refusal {
  const { connector, sender, target } = trace.origin;
  const { device, receivedMs, refusal = '' } = trace;
  return {
    ...{ traceId, time: isoTime(receivedMs), connector, sender },
    ...(device && { deviceId: device.id }),
    ...{ simulated: isSimulated(device?.properties), target, reason: refusal },
  };
}

function shortOrigin(origin: TraceOrigin): TraceOrigin {
  const { sender, target } = origin;
  if (sender.length <= longestName && target.length <= longestName) return origin;
  return {
    ...origin,
    sender: shortenText(sender, longestName),
    target: shortenText(target, longestName),
  };
}
