import type { Clock, Timer } from '../../platform/clock.ts';
import { type DeliveryReceipt, isFinalState } from '../../protocols/smpp/receipt.ts';
import type { Statement, Store } from '../../store/types.ts';
import type { CommandReports, DeliveryRef } from '../connector.ts';
import { type AwaitedReceipt, smsRepository } from './sms-repository.ts';
import type { SmsSettings } from './sms-settings.ts';

export interface ReceiptsParts {
  readonly store: Store;
  readonly wireClock: Clock;
  readonly reports: CommandReports;
  readonly settings: Pick<SmsSettings, 'smsMaxAwaitedReceipts' | 'smsEarlyReceiptMs'>;
}

/** What became of a receipt: `unknown` is of no message that is waited for. */
export type ReceiptOutcome = 'taken' | 'unknown' | Error;

interface Early {
  readonly receipt: DeliveryReceipt;
  readonly timer: Timer;
  done(outcome: ReceiptOutcome): void;
}

/** Delivery receipts of commands: which message of the centre is which attempt, also over a restart. */
export class Receipts {
  private readonly parts: ReceiptsParts;
  /** In the order in which the centre took them. */
  private readonly awaited = new Map<string, AwaitedReceipt>();
  /** Ids of the messages of a delivery, by its numbers. */
  private readonly messages = new Map<string, Set<string>>();
  private readonly early = new Map<string, Early>();

  constructor(parts: ReceiptsParts) {
    this.parts = parts;
  }

  get size(): number {
    return this.awaited.size;
  }

  async start(): Promise<void> {
    for (const awaited of await smsRepository.loadReceipts(this.parts.store)) this.put(awaited);
  }

  stop(): void {
    for (const { timer } of this.early.values()) timer.cancel();
    this.early.clear();
    this.awaited.clear();
    this.messages.clear();
  }

  /** The centre has taken a part of this delivery under this id. */
  await({ correlation, attempt }: DeliveryRef, messageId: string, total: number): void {
    const awaited = { messageId, correlation, attempt, total, delivered: false };
    this.put(awaited);
    const statements = [smsRepository.putReceipt(awaited), ...this.forgetOldest()];
    // Without this row a restart forgets the message, and the command ends by its own time-out.
    this.parts.store.append(statements, () => {});
    const early = this.early.get(messageId);
    if (!early) return;
    early.timer.cancel();
    this.early.delete(messageId);
    this.take(early.receipt, early.done);
  }

  /** Nothing is waited for any more of this delivery. */
  forget(delivery: DeliveryRef): void {
    const ids = this.messages.get(keyOf(delivery));
    if (ids) this.parts.store.append(this.drop([...ids]), () => {});
  }

  /**
   * Takes a receipt. It may come before the centre has confirmed the message itself.
   * @param done called when what follows from it is durable
   */
  take(receipt: DeliveryReceipt, done: (outcome: ReceiptOutcome) => void): void {
    const { messageId, state } = receipt;
    const awaited = this.awaited.get(messageId);
    if (!awaited) this.wait(receipt, done);
    else if (!isFinalState(state)) done('taken');
    else if (state === 'DELIVERED') this.delivered(awaited, done);
    else this.failed(awaited, receipt, done);
  }

  private delivered(awaited: AwaitedReceipt, done: (outcome: ReceiptOutcome) => void): void {
    const { reports } = this.parts;
    const now = { ...awaited, delivered: true };
    this.awaited.set(awaited.messageId, now);
    const ids = [...(this.messages.get(keyOf(awaited)) ?? [])];
    const count = ids.filter((id) => this.awaited.get(id)?.delivered).length;
    if (count < awaited.total) {
      this.write([smsRepository.putReceipt(now)], done);
      return;
    }
    // Before the rows go: what the engine writes of it stands before them in the journal.
    reports.delivered(awaited);
    this.write(this.drop(ids), done);
  }

  private failed(
    awaited: AwaitedReceipt,
    { state, error }: DeliveryReceipt,
    done: (outcome: ReceiptOutcome) => void,
  ): void {
    const ids = [...(this.messages.get(keyOf(awaited)) ?? [])];
    this.parts.reports.failed(awaited, {
      errorCode: `SMS_${state}`,
      reason: `The delivery receipt of message ${awaited.messageId} says ${state}, error ${error}.`,
      permanent: state === 'REJECTED' || state === 'DELETED',
    });
    this.write(this.drop(ids), done);
  }

  private wait(receipt: DeliveryReceipt, done: (outcome: ReceiptOutcome) => void): void {
    const { wireClock, settings } = this.parts;
    const { messageId } = receipt;
    if (this.early.has(messageId)) {
      done('unknown');
      return;
    }
    const timer = wireClock.after('sms-early-receipt', settings.smsEarlyReceiptMs, () => {
      this.early.delete(messageId);
      done('unknown');
    });
    this.early.set(messageId, { receipt, timer, done });
  }

  private write(statements: readonly Statement[], done: (outcome: ReceiptOutcome) => void): void {
    this.parts.store.append(statements, (error) => done(error ?? 'taken'));
  }

  private put(awaited: AwaitedReceipt): void {
    // A centre that begins anew gives ids a second time; of the first message it knows nothing any more.
    const before = this.awaited.get(awaited.messageId);
    if (before && keyOf(before) !== keyOf(awaited))
      this.messages.get(keyOf(before))?.delete(before.messageId);
    this.awaited.set(awaited.messageId, awaited);
    const key = keyOf(awaited);
    const ids = this.messages.get(key);
    if (ids) ids.add(awaited.messageId);
    else this.messages.set(key, new Set([awaited.messageId]));
  }

  private drop(ids: readonly string[]): Statement[] {
    for (const id of ids) {
      const awaited = this.awaited.get(id);
      if (awaited) this.messages.delete(keyOf(awaited));
      this.awaited.delete(id);
    }
    return ids.map((id) => smsRepository.deleteReceipt(id));
  }

  private forgetOldest(): Statement[] {
    const statements: Statement[] = [];
    while (this.awaited.size > this.parts.settings.smsMaxAwaitedReceipts) {
      const [oldest] = this.awaited.values();
      if (!oldest) break;
      statements.push(...this.drop([...(this.messages.get(keyOf(oldest)) ?? [oldest.messageId])]));
    }
    return statements;
  }
}

const keyOf = ({ correlation, attempt }: DeliveryRef): string => `${correlation} ${attempt}`;
