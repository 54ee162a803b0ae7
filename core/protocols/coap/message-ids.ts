const ids = 0x1_0000;
/** Ids whose last use is remembered as one time. */
const blockIds = 256;
const blocks = ids / blockIds;

/**
 * Message ids for one peer: in a row from a random one, and none again while a message under it may still be on its way
 * (RFC 7252 4.4). So no more than 65,536 messages go to a peer in that time, about 265 a second for long.
 */
export class MessageIds {
  private readonly first: number;
  private readonly lifetimeMs: number;
  private count = 0;
  /** When the last id of each block was given out. Few peers ever get so many that it is made. */
  private usedMs: Float64Array | undefined;

  constructor(first: number, lifetimeMs: number) {
    this.first = first;
    this.lifetimeMs = lifetimeMs;
  }

  /** How long until there is a free one; 0 when there is. */
  waitMs(nowMs: number): number {
    if (!this.usedMs || this.count % blockIds !== 0) return 0;
    return Math.max(0, (this.usedMs[this.block] as number) + this.lifetimeMs - nowMs);
  }

  /** The next one; undefined while all are taken. */
  take(nowMs: number): number | undefined {
    if (this.waitMs(nowMs) > 0) return undefined;
    const { block } = this;
    const messageId = (this.first + this.count) % ids;
    this.count++;
    if (this.count % blockIds === 0) {
      this.usedMs ??= new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY);
      this.usedMs[block] = nowMs;
    }
    return messageId;
  }

  private get block(): number {
    return Math.floor(this.count / blockIds) % blocks;
  }
}
