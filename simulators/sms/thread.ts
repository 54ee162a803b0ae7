import type { SmsMessage } from '../../core/contract/simulated-sms.ts';
import type { SmsFleetTemplate } from '../../core/contract/simulators.ts';

/** A message of a handset; its state changes while the network is at it. */
export type ThreadMessage = { -readonly [Name in keyof SmsMessage]: SmsMessage[Name] };

/** The messages that a handset has room for. */
export class Thread {
  private readonly settings: SmsFleetTemplate['inbox'];
  private received: ThreadMessage[] = [];
  private sent: ThreadMessage[] = [];
  private filled = false;
  private nextId = 1;

  constructor(settings: SmsFleetTemplate['inbox']) {
    this.settings = settings;
  }

  /** Nothing more is taken. */
  get full(): boolean {
    return this.filled || (this.settings.whenFull === 'refuse' && this.received.length >= this.settings.size);
  }

  get used(): number {
    return this.filled ? this.settings.size : this.received.length;
  }

  /** Keeps a message. @returns it, and what had to go for it */
  add(message: Omit<SmsMessage, 'id'>): { message: ThreadMessage; gone: ThreadMessage | undefined } {
    const kept: ThreadMessage = { id: this.nextId++, ...message };
    const list = message.direction === 'sent' ? this.sent : this.received;
    list.push(kept);
    const gone = list.length > this.settings.size ? list.shift() : undefined;
    return { message: kept, gone };
  }

  /** As with pictures and what else takes room. */
  fill(): void {
    this.filled = true;
  }

  empty(): void {
    this.filled = false;
    this.received = [];
    this.sent = [];
  }

  /** Oldest first. */
  list(): ThreadMessage[] {
    return [...this.sent, ...this.received].sort((a, b) => a.id - b.id);
  }
}
