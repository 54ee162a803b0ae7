import type { SmscSettings } from '../../../core/contract/smsc-settings.ts';
import type { SmppError } from '../../../core/protocols/smpp/errors.ts';
import { commandStatus } from '../../../core/protocols/smpp/status.ts';
import type { deliverBody } from './deliver-body.ts';
import type { AttemptResult, StoredMessage } from './stored-message.ts';

export interface EsmeDeliveriesParts {
  readonly settings: Pick<SmscSettings, 'smscWindow' | 'smscMaxUnsentBytes'>;
  /** Bytes that wait in its socket. */
  unsentBytes(): number;
  /** Hands a message over. Rejects with an SmppError. */
  send(...message: Parameters<typeof deliverBody>): Promise<unknown>;
  attempted(message: StoredMessage, result: AttemptResult): void;
  /** The connection ended before it had answered for a message. */
  returned(message: StoredMessage): void;
}

/** What the other side may get over: the message is offered again (SMPP 3.4, 5.1.3). */
const temporary: ReadonlySet<number> = new Set([
  commandStatus.ESME_RSYSERR,
  commandStatus.ESME_RMSGQFUL,
  commandStatus.ESME_RTHROTTLED,
  commandStatus.ESME_RX_T_APPN,
]);
export const unanswered = { delivered: false, failure: 'noAnswer', permanent: false } as const;

/** Messages on their way to one client: handed out as far as its window and its socket have room. */
export class EsmeDeliveries {
  private readonly parts: EsmeDeliveriesParts;
  private readonly queue: StoredMessage[] = [];
  private underWay = 0;
  private over = false;
  /** Messages that it took. */
  delivered = 0;

  constructor(parts: EsmeDeliveriesParts) {
    this.parts = parts;
  }

  /** Messages that it has to answer for, and those that wait for that. */
  get load(): number {
    return this.underWay + this.queue.length;
  }

  add(message: StoredMessage): void {
    this.queue.push(message);
    this.pump();
  }

  /** There may be room again. */
  pump(): void {
    const { settings, unsentBytes } = this.parts;
    while (!this.over && this.underWay < settings.smscWindow) {
      if (unsentBytes() > settings.smscMaxUnsentBytes) return;
      const message = this.queue.shift();
      if (!message) return;
      this.underWay += 1;
      this.parts.send(message).then(
        () => this.answered(message, { delivered: true }),
        (error: SmppError) => {
          if (error.code === 'smpp.closed') this.parts.returned(message);
          else this.answered(message, resultOf(error));
        },
      );
    }
  }

  /** It takes nothing more. */
  end(): void {
    this.over = true;
    for (const message of this.queue.splice(0)) this.parts.returned(message);
  }

  private answered(message: StoredMessage, result: AttemptResult): void {
    this.underWay -= 1;
    if (result.delivered) this.delivered += 1;
    this.parts.attempted(message, result);
    this.pump();
  }
}

function resultOf(error: SmppError): AttemptResult {
  if (error.code !== 'smpp.refused') return unanswered;
  return { delivered: false, failure: 'refused', permanent: !temporary.has(error.status) };
}
