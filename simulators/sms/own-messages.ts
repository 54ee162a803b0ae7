import type { SmsSend } from '../../core/contract/simulated-sms.ts';
import type { Scheduled } from '../fleet/schedule.ts';
import type { MessageSource } from '../generators/message-source.ts';
import type { HandsetParts } from './handset-parts.ts';

/** What a handset does for those, and says of itself. */
interface Writer {
  readonly number: number;
  /** Why it cannot send; undefined when it can. */
  silent(): string | undefined;
  /** @throws PlatformError when it is no message */
  write(message: SmsSend): void;
}

/** What a handset writes without anybody: in its period, and as an answer. */
export class OwnMessages {
  private readonly parts: HandsetParts;
  private readonly source: MessageSource | undefined;
  private readonly writer: Writer;
  private next: Scheduled | undefined;

  constructor(parts: HandsetParts, source: MessageSource | undefined, writer: Writer) {
    this.parts = parts;
    this.source = source;
    this.writer = writer;
  }

  /** Each has its own part of the period, so that a fleet writes steadily and not all at once. */
  start(): void {
    const { schedule, template } = this.parts;
    const share = (this.writer.number % template.count) / template.count;
    if (this.source) this.writeAt(this.source, schedule.nowMs() + share * template.periodMs);
  }

  stop(): void {
    this.next?.cancel();
  }

  /** One that cannot write leaves it. */
  write({ to, text }: { readonly to?: string; readonly text: string }): void {
    const { counts, template } = this.parts;
    if (this.writer.silent() !== undefined) {
      counts.skipped += 1;
      return;
    }
    try {
      const form = to === undefined ? template.form : 'text';
      this.writer.write({ ...(to !== undefined && { to }), text, form });
    } catch {
      // What it would write is no message: too long, or not in hexadecimal digits.
      counts.errors += 1;
    }
  }

  /** @param baseMs when it writes, before jitter */
  private writeAt(source: MessageSource, baseMs: number): void {
    const { schedule, template, timing, clock, counts } = this.parts;
    const { periodMs, jitter } = template;
    const shiftMs = jitter === 0 ? 0 : (2 * timing.fraction() - 1) * jitter * periodMs;
    this.next = schedule.at(baseMs + shiftMs, (nowMs) => {
      this.write({ text: source.next(clock.now()) });
      // Whoever is late leaves messages out; a burst to make up for them would be another load than asked for.
      const missed = Math.max(0, Math.floor((nowMs - baseMs) / periodMs - 1));
      counts.skipped += missed;
      this.writeAt(source, baseMs + (missed + 1) * periodMs);
    });
  }
}
