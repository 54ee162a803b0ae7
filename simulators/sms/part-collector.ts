import type { ReadMessage } from './short-messages.ts';

/** Long messages of which a handset keeps parts; of one more, the oldest is given up. */
const mostOpen = 10;

interface OpenMessage {
  readonly parts: (Uint8Array | undefined)[];
  missing: number;
}

/** Puts the parts of long messages together. */
export class PartCollector {
  private readonly open = new Map<string, OpenMessage>();

  /** @returns the content when it is whole, with how many parts it had; undefined while parts are missing */
  take(from: string, { content, part }: ReadMessage): { content: Uint8Array; parts: number } | undefined {
    if (!part) return { content, parts: 1 };
    const key = `${from} ${part.reference} ${part.total}`;
    const known = this.open.get(key) ?? { parts: new Array(part.total).fill(undefined), missing: part.total };
    if (known.parts[part.number - 1] === undefined) known.missing -= 1;
    known.parts[part.number - 1] = content;
    this.open.delete(key);
    if (known.missing === 0) {
      const whole = known.parts.filter((one) => one !== undefined);
      return { content: new Uint8Array(Buffer.concat(whole)), parts: part.total };
    }
    this.open.set(key, known);
    if (this.open.size > mostOpen)
      for (const oldest of this.open.keys()) {
        this.open.delete(oldest);
        break;
      }
    return undefined;
  }

  clear(): void {
    this.open.clear();
  }
}
