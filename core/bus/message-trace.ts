import type { ConnectorName } from '../contract/connectors.ts';
import { isSimulated } from '../contract/simulated.ts';
import type { TraceStep, TraceView } from '../contract/trace.ts';

/** Where a trace begins: who sent what, by which way. */
export interface TraceOrigin {
  readonly tenantId: string;
  readonly connector: ConnectorName;
  /** Client id, node id or the like: who spoke on the wire. */
  readonly sender: string;
  /** Topic or path it was sent to. */
  readonly target: string;
  /** The entry of the CoAP log that it came in. */
  readonly coapLogId?: string | undefined;
  /** The frame of LoRa that it came in. */
  readonly loraFrameId?: string | undefined;
}

/** The device that a trace is of. */
export interface TracedDevice {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * One message's way through the platform. Every message carries one, so the usual stages are plain numbers
 * (microseconds on the monotonic clock, 0: not reached); words are made only when somebody looks.
 */
export class MessageTrace {
  readonly origin: TraceOrigin;
  readonly payload: Uint8Array;
  readonly payloadBytes: number;
  readonly receivedMs: number;
  readonly receivedUs: number;
  validatedUs = 0;
  enrichedUs = 0;
  routedUs = 0;
  storedUs = 0;
  acknowledgedUs = 0;
  messageId: string | undefined;
  streamId: string | undefined;
  /** Why it was refused; undefined when it was not. */
  refusal: string | undefined;
  /** Undefined when no device sent it, or none is known yet. */
  device: TracedDevice | undefined;
  /** Names of the policies that matched, and what they feed. */
  routing = '';
  ignoredFields: readonly string[] = [];
  /** Steps beyond the usual ones. Most messages have none, so the list is made for the first. */
  private further: FurtherStep[] | undefined;
  /** Steps that were left out between the first ones and the newest. */
  private leftOut = 0;

  constructor(
    origin: TraceOrigin,
    payload: Uint8Array,
    payloadBytes: number,
    receivedMs: number,
    receivedUs: number,
  ) {
    this.origin = origin;
    this.payload = payload;
    this.payloadBytes = payloadBytes;
    this.receivedMs = receivedMs;
    this.receivedUs = receivedUs;
  }

  /** Adds a step beyond the usual ones: a refusal, a delivery. */
  add(atUs: number, stage: TraceStep['stage'], outcome: TraceStep['outcome'], reason: string): void {
    this.further ??= [];
    if (this.further.length >= mostFurtherSteps) {
      this.further.splice(firstFurtherSteps, 1);
      this.leftOut++;
    }
    this.further.push({ atUs, stage, outcome, reason });
  }

  view(traceId: string): TraceView {
    const { origin, further = [] } = this;
    const steps: TraceStep[] = [];
    const push = (
      atUs: number,
      stage: TraceStep['stage'],
      outcome: TraceStep['outcome'],
      reason: string,
    ): void => {
      steps.push({
        stage,
        time: this.timeOf(atUs),
        afterMs: round((atUs - this.receivedUs) / 1000),
        outcome,
        reason,
      });
    };
    push(
      this.receivedUs,
      'wire',
      'ok',
      `${origin.sender} sent ${this.payloadBytes} bytes to ${origin.target}`,
    );
    if (this.validatedUs) push(this.validatedUs, 'validate', 'ok', this.describeValidation());
    if (this.enrichedUs)
      push(this.enrichedUs, 'enrich', 'ok', `became message ${this.messageId} of ${this.streamId}`);
    if (this.routedUs) push(this.routedUs, 'route', 'ok', this.routing || 'no enabled action policy matched');
    if (this.storedUs) push(this.storedUs, 'store', 'ok', 'synced to the journal');
    if (this.acknowledgedUs) push(this.acknowledgedUs, 'acknowledge', 'ok', 'answered the sender');
    for (const [index, { atUs, stage, outcome, reason }] of further.entries()) {
      const gap =
        index === firstFurtherSteps && this.leftOut > 0 ? ` (${this.leftOut} steps before it left out)` : '';
      push(atUs, stage, outcome, `${reason}${gap}`);
    }
    steps.sort((a, b) => a.afterMs - b.afterMs);
    return {
      traceId,
      messageId: this.messageId ?? null,
      streamId: this.streamId ?? null,
      connector: origin.connector,
      sender: origin.sender,
      deviceId: this.device?.id ?? null,
      simulated: isSimulated(this.device?.properties),
      target: origin.target,
      ...(origin.coapLogId !== undefined && { coapLogId: origin.coapLogId }),
      ...(origin.loraFrameId !== undefined && { loraFrameId: origin.loraFrameId }),
      received: new Date(this.receivedMs).toISOString(),
      outcome: further.some(endsMessage) ? 'rejected' : 'ok',
      payload: {
        bytes: this.payloadBytes,
        truncated: this.payload.byteLength < this.payloadBytes,
        hex: Buffer.from(this.payload).toString('hex'),
        text: Buffer.from(this.payload).toString('utf8'),
      },
      steps,
    };
  }

  private describeValidation(): string {
    if (this.ignoredFields.length === 0) return 'follows the data model';
    return `follows the data model; ignored unknown fields: ${this.ignoredFields.join(', ')}`;
  }

  private timeOf(atUs: number): string {
    return new Date(this.receivedMs + (atUs - this.receivedUs) / 1000).toISOString();
  }
}

/** A message that nobody acknowledges is delivered again and again. Of more steps, the first and the newest stay. */
const mostFurtherSteps = 100;
const firstFurtherSteps = 20;

interface FurtherStep {
  readonly atUs: number;
  readonly stage: TraceStep['stage'];
  readonly outcome: TraceStep['outcome'];
  readonly reason: string;
}

/** True when the message itself was refused or not stored. What a FIFO drops later was a message all the same. */
function endsMessage({ stage, outcome }: FurtherStep): boolean {
  return outcome !== 'ok' && stage !== 'fifo' && stage !== 'deliver';
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
