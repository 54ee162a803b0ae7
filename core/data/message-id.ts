import { messageSequence } from '../contract/message-id.ts';

/**
 * Public ids of data messages: 24 hexadecimal characters as in the manual. Eight for the second of creation,
 * four for the installation, twelve for the store's sequence number: so ids sort by time, differ between
 * installations, and lead straight to the row.
 */
export class MessageIds {
  private readonly installation: string;
  private lastSecond = -1;
  private prefix = '';

  /** @param installation four hexadecimal characters. */
  constructor(installation: string) {
    if (!/^[0-9a-f]{4}$/.test(installation))
      throw new RangeError(`an installation is 4 hex digits, got ${installation}`);
    this.installation = installation;
  }

  format(seq: number, createdMs: number): string {
    const second = Math.floor(createdMs / 1000);
    if (second !== this.lastSecond) {
      this.lastSecond = second;
      this.prefix = second.toString(16).padStart(8, '0').slice(-8) + this.installation;
    }
    return this.prefix + seq.toString(16).padStart(12, '0');
  }

  /** The sequence number in an id, or undefined when the text is no message id. */
  static readonly sequenceOf = messageSequence;
}
