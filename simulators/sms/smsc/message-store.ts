import type { SmscSettings } from '../../../core/contract/smsc-settings.ts';
import type { MakeDeadlines, MomentQueue, SimulatorClock } from '../../fleet/seams.ts';
import type { AirMessage } from '../air.ts';
import type { AttemptResult, FinalState, Origin, StoredMessage } from './stored-message.ts';

export interface MessageStoreParts {
  /** The platform's time: of validity, attempts and dates. */
  readonly clock: Pick<SimulatorClock, 'now'>;
  readonly deadlines: MakeDeadlines;
  readonly settings: SmscSettings;
  /**
   * Begins an attempt to deliver. What becomes of it is told by {@link MessageStore.attempted}, at once or later.
   */
  attempt(message: StoredMessage): void;
  /** A message has come to an end. */
  ended(message: StoredMessage): void;
}

/** A message as it is handed in. */
export interface Draft {
  readonly message: AirMessage;
  readonly origin: Origin;
  /** When it is to be given up; the centre's own time when absent. */
  readonly expiresMs?: number | undefined;
  /** When it is to be delivered first; at once when absent. */
  readonly deliverAtMs?: number | undefined;
}

const noData = new Uint8Array(0);
/** Bytes that a message takes beside its data, roughly. */
const overheadBytes = 200;

/** The messages of the centre: it keeps each, and tries again and again, until somebody has it or its time is up. */
export class MessageStore {
  private readonly parts: MessageStoreParts;
  private readonly due: MomentQueue<StoredMessage>;
  private readonly waiting = new Map<string, StoredMessage>();
  /** By who they are for, oldest first. */
  private readonly byDestination = new Map<string, Set<StoredMessage>>();
  private readonly kept = new Map<string, StoredMessage>();
  private bytes = 0;
  private nextId = 1;

  constructor(parts: MessageStoreParts) {
    this.parts = parts;
    this.due = parts.deadlines('short messages', (message) => this.reached(message));
  }

  /** How many wait. */
  get size(): number {
    return this.waiting.size;
  }

  /** Forgets everything, without a word to anybody. */
  clear(): void {
    this.due.clear();
    this.waiting.clear();
    this.byDestination.clear();
    this.kept.clear();
    this.bytes = 0;
  }

  /** @returns why there is no room for it; undefined when there is */
  lacksRoomFor({ data }: AirMessage): string | undefined {
    const { smscMaxMessages, smscMaxBytes } = this.parts.settings;
    if (this.waiting.size >= smscMaxMessages) {
      return `the centre keeps ${smscMaxMessages} messages already, of as many at most (setting smscMaxMessages)`;
    }
    if (this.bytes + data.length + overheadBytes > smscMaxBytes) {
      return `the messages of the centre have ${this.bytes} bytes already, of ${smscMaxBytes} at most (setting smscMaxBytes)`;
    }
    return undefined;
  }

  /**
   * Takes a message, for which there must be room, and begins to deliver it.
   * @param taken is told of it before that
   */
  add(draft: Draft, taken?: (message: StoredMessage) => void): StoredMessage {
    const { clock, settings } = this.parts;
    const nowMs = clock.now();
    const latestMs = nowMs + settings.smscMaxValidityMs;
    const message: StoredMessage = {
      id: String(this.nextId++).padStart(10, '0'),
      ...{ message: draft.message, origin: draft.origin },
      submittedMs: nowMs,
      expiresMs: Math.min(draft.expiresMs ?? nowMs + settings.smscValidityMs, latestMs),
      ...{ state: 'ENROUTE', attempts: 0, trying: false, failure: undefined, doneMs: undefined },
    };
    this.waiting.set(message.id, message);
    const { to } = draft.message;
    const others = this.byDestination.get(to);
    if (others) others.add(message);
    else this.byDestination.set(to, new Set([message]));
    this.bytes += draft.message.data.length + overheadBytes;
    taken?.(message);
    if (draft.deliverAtMs !== undefined && draft.deliverAtMs > nowMs) {
      this.due.set(message, Math.min(draft.deliverAtMs, message.expiresMs));
    } else this.begin(message);
    return message;
  }

  /** An attempt has ended. One of a message that has come to an end meanwhile changes nothing. */
  attempted(message: StoredMessage, result: AttemptResult): void {
    if (!message.trying || this.waiting.get(message.id) !== message) return;
    message.trying = false;
    if (result.delivered) {
      message.failure = undefined;
      this.end(message, 'DELIVERED');
      return;
    }
    message.failure = result.failure;
    if (result.permanent) this.end(message, 'UNDELIVERABLE');
    else this.tryLater(message);
  }

  /**
   * Who a message is for may have it now: those that wait for that are tried again, oldest first. One that was not tried
   * yet waits for its time.
   */
  tryNow(destination: string, fits: (message: StoredMessage) => boolean = () => true): void {
    const messages = this.byDestination.get(destination);
    if (!messages) return;
    for (const message of [...messages]) {
      if (!message.trying && message.attempts > 0 && fits(message)) this.begin(message);
    }
  }

  /** Numbers that messages wait for. */
  destinations(): string[] {
    return [...this.byDestination.keys()];
  }

  /** A message that waits, or one of the last that have ended. */
  find(id: string): StoredMessage | undefined {
    return this.waiting.get(id) ?? this.kept.get(id);
  }

  /** Ends a message that waits. An attempt that is under way ends in vain, as far as the centre is concerned. */
  delete(message: StoredMessage): void {
    this.end(message, 'DELETED');
  }

  private begin(message: StoredMessage): void {
    this.due.set(message, undefined);
    message.trying = true;
    message.attempts += 1;
    this.parts.attempt(message);
  }

  private tryLater(message: StoredMessage): void {
    const { clock, settings } = this.parts;
    const { smscFirstRetryMs, smscLongestRetryMs } = settings;
    const waitMs = Math.min(smscLongestRetryMs, smscFirstRetryMs * 2 ** (message.attempts - 1));
    const nowMs = clock.now();
    if (nowMs >= message.expiresMs) this.end(message, 'EXPIRED');
    else this.due.set(message, Math.min(nowMs + waitMs, message.expiresMs));
  }

  private reached(message: StoredMessage): void {
    if (this.parts.clock.now() >= message.expiresMs) this.end(message, 'EXPIRED');
    else this.begin(message);
  }

  private end(message: StoredMessage, state: FinalState): void {
    this.due.set(message, undefined);
    this.waiting.delete(message.id);
    const { to, data } = message.message;
    const others = this.byDestination.get(to);
    others?.delete(message);
    if (others?.size === 0) this.byDestination.delete(to);
    this.bytes -= data.length + overheadBytes;
    message.trying = false;
    message.state = state;
    message.doneMs = this.parts.clock.now();
    this.keep(message);
    this.parts.ended(message);
  }

  private keep(message: StoredMessage): void {
    this.kept.set(message.id, { ...message, message: { ...message.message, data: noData } });
    if (this.kept.size <= this.parts.settings.smscMaxKept) return;
    for (const oldest of this.kept.keys()) {
      this.kept.delete(oldest);
      return;
    }
  }
}
