import type { DeviceInterface } from '../../inventory/types.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import { internationalNumber, toAddress } from '../../protocols/smpp/address.ts';
import type { SmppError } from '../../protocols/smpp/errors.ts';
import { receiptWanted } from '../../protocols/smpp/esm-class.ts';
import type { MessagePart } from '../../protocols/smpp/outgoing-message.ts';
import type { SmppSession } from '../../protocols/smpp/session.ts';
import { commandStatus } from '../../protocols/smpp/status.ts';
import type { CommandReports, DeliveryRef } from '../connector.ts';
import type { Receipts } from './receipts.ts';
import type { SmsSettings } from './sms-settings.ts';

/** A message on its way to the centre. */
export interface Submission {
  readonly via: DeviceInterface;
  readonly delivery: DeliveryRef;
  readonly serverPhoneNumber: string;
  readonly wantsReceipt: boolean;
  readonly parts: readonly MessagePart[];
}

interface Outgoing extends Submission {
  /** Parts that were handed to the centre, once or more. */
  begun: number;
  accepted: number;
  /** Receipts of its parts are of use to somebody. */
  needsReceipts: boolean;
  over: boolean;
}

export interface SubmitterParts {
  readonly wireClock: Clock;
  readonly reports: CommandReports;
  readonly receipts: Receipts;
  readonly settings: SmsSettings;
  session(): SmppSession | undefined;
  /** The centre has all of a message. */
  accepted(submission: Submission): void;
}

const secondMs = 1000;
const tooMuch: ReadonlySet<number> = new Set([commandStatus.ESME_RTHROTTLED, commandStatus.ESME_RMSGQFUL]);
/** Another attempt would meet the same end. */
const permanent: ReadonlySet<number> = new Set([
  ...[commandStatus.ESME_RINVMSGLEN, commandStatus.ESME_RINVSRCADR, commandStatus.ESME_RINVDSTADR],
  ...[commandStatus.ESME_RINVDSTTON, commandStatus.ESME_RINVDSTNPI, commandStatus.ESME_RINVSRCTON],
  ...[commandStatus.ESME_RINVSRCNPI, commandStatus.ESME_RINVESMCLASS],
]);

/** Hands messages to the centre: so many at a time, so many a second, and none while it has too much. */
export class Submitter {
  private readonly parts: SubmitterParts;
  /** One entry for each part. */
  private queue: { readonly message: Outgoing; readonly index: number }[] = [];
  private readonly messages = new Set<Outgoing>();
  private flying = 0;
  private timer: Timer | undefined;
  private quietUntilUs = 0;
  private secondFromUs = Number.NEGATIVE_INFINITY;
  private inSecond = 0;
  private wasFull = false;

  constructor(parts: SubmitterParts) {
    this.parts = parts;
  }

  /** Messages that wait for the centre to take them. */
  get queued(): number {
    return this.messages.size;
  }

  get unanswered(): number {
    return this.flying;
  }

  /** Whether one more message would be taken. */
  get hasRoom(): boolean {
    const has = this.messages.size < this.parts.settings.smsMaxQueued;
    if (!has) this.wasFull = true;
    return has;
  }

  submit(submission: Submission): void {
    const message: Outgoing = {
      ...submission,
      begun: 0,
      accepted: 0,
      needsReceipts: submission.wantsReceipt,
      over: false,
    };
    this.messages.add(message);
    for (const index of message.parts.keys()) this.queue.push({ message, index });
    this.pump();
  }

  /** What the engine waits for no longer goes if nothing of it has left; else nobody needs its receipts. */
  withdraw({ correlation, attempt }: DeliveryRef): void {
    this.parts.receipts.forget({ correlation, attempt });
    for (const message of this.messages) {
      const { delivery } = message;
      if (delivery.correlation !== correlation || delivery.attempt !== attempt) continue;
      message.needsReceipts = false;
      if (message.begun === 0) this.end(message);
    }
  }

  /** The session is over: what did not leave waits for the next one, and of the rest nobody knows. */
  lost(reason: string): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.queue = [];
    for (const message of [...this.messages]) {
      const { begun, delivery } = message;
      this.end(message);
      if (begun === 0) this.parts.reports.unsent(delivery, reason);
      else this.fail(message, 'SMSC_NO_ANSWER', reason, false);
    }
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.queue = [];
    this.messages.clear();
  }

  private pump(): void {
    const { settings } = this.parts;
    while (this.queue.length > 0 && !this.timer && this.flying < settings.smppSendWindow) {
      const session = this.parts.session();
      if (!session) return;
      const waitMs = this.waitMs();
      if (waitMs > 0) {
        this.timer = this.parts.wireClock.after('sms-submit', waitMs, () => {
          this.timer = undefined;
          this.pump();
        });
        return;
      }
      const next = this.queue.shift();
      if (next && !next.message.over) void this.send(session, next.message, next.index);
    }
  }

  /** How long nothing may be sent; counts one message when that is no time. */
  private waitMs(): number {
    const { wireClock, settings } = this.parts;
    const nowUs = wireClock.monotonicUs();
    if (nowUs < this.quietUntilUs) return Math.ceil((this.quietUntilUs - nowUs) / 1000);
    if (nowUs - this.secondFromUs >= secondMs * 1000) {
      this.secondFromUs = nowUs;
      this.inSecond = 0;
    }
    if (this.inSecond >= settings.smppMaxMessagesPerSecond) {
      return Math.max(1, Math.ceil(secondMs - (nowUs - this.secondFromUs) / 1000));
    }
    this.inSecond++;
    return 0;
  }

  private async send(session: SmppSession, message: Outgoing, index: number): Promise<void> {
    const { via, wantsReceipt, delivery } = message;
    const source = toAddress(message.serverPhoneNumber);
    const part = message.parts[index];
    if (!part) return;
    message.begun++;
    this.flying++;
    try {
      const { body } = await session.request(
        'submit_sm',
        {
          ...{ sourceAddrTon: source.ton, sourceAddrNpi: source.npi, sourceAddr: source.digits },
          ...{ destAddrTon: internationalNumber.ton, destAddrNpi: internationalNumber.npi },
          ...{ destinationAddr: via.nodeId, registeredDelivery: wantsReceipt ? receiptWanted : 0 },
          ...part.body,
        },
        part.options,
      );
      this.flying--;
      if (!message.over) {
        if (message.needsReceipts) this.parts.receipts.await(delivery, body.messageId, message.parts.length);
        this.accepted(message);
      }
    } catch (error) {
      this.flying--;
      this.refused(message, index, error as SmppError);
    }
    this.pump();
  }

  private accepted(message: Outgoing): void {
    message.accepted++;
    if (message.accepted < message.parts.length) return;
    this.end(message);
    this.parts.accepted(message);
  }

  private refused(message: Outgoing, index: number, error: SmppError): void {
    if (message.over || error.code === 'smpp.closed') return;
    if (error.code === 'smpp.refused' && tooMuch.has(error.status)) {
      const { wireClock, settings } = this.parts;
      this.quietUntilUs = wireClock.monotonicUs() + settings.smppThrottleDelayMs * 1000;
      message.begun--;
      this.queue.unshift({ message, index });
      return;
    }
    this.end(message);
    const isRefusal = error.code === 'smpp.refused';
    const errorCode = isRefusal ? 'SMSC_REFUSED' : 'SMSC_NO_ANSWER';
    this.fail(message, errorCode, error.message, isRefusal && permanent.has(error.status));
  }

  private fail(message: Outgoing, errorCode: string, reason: string, isPermanent: boolean): void {
    // Of a message that is not whole nothing that its other parts come to matters any more.
    this.parts.receipts.forget(message.delivery);
    this.parts.reports.failed(message.delivery, { errorCode, reason, permanent: isPermanent });
  }

  private end(message: Outgoing): void {
    message.over = true;
    this.messages.delete(message);
    if (!this.wasFull || this.messages.size > this.parts.settings.smsMaxQueued / 2) return;
    this.wasFull = false;
    this.parts.reports.allReady('sms');
  }
}
