/** Bits of a value that are kept: an error below 0.1 %. */
const keptBits = 10;
const linearValues = 2 ** (keptBits + 1);
const halfOctaves = 2 ** keptBits;
/** Up to 2^32 microseconds, more than an hour. */
const octaves = 32 - keptBits;

export interface Quantiles {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Counts delays in buckets that are the finer the smaller the delay, so that millions need little memory. */
export class Histogram {
  private readonly counts = new Float64Array(octaves * halfOctaves + linearValues);
  private total = 0;
  private sumUs = 0;
  private maxUs = 0;

  record(delayMs: number): void {
    const us = Math.max(0, Math.round(delayMs * 1000));
    const index = bucketOf(us);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total++;
    this.sumUs += us;
    if (us > this.maxUs) this.maxUs = us;
  }

  reset(): void {
    this.counts.fill(0);
    this.total = 0;
    this.sumUs = 0;
    this.maxUs = 0;
  }

  /** @param share from 0 to 1. */
  quantileMs(share: number): number {
    const wanted = Math.ceil(this.total * share);
    let seen = 0;
    for (let index = 0; index < this.counts.length; index++) {
      seen += this.counts[index] ?? 0;
      if (seen >= wanted && seen > 0) return Math.min(lowestOf(index + 1) - 1, this.maxUs) / 1000;
    }
    return 0;
  }

  summary(): Quantiles {
    return {
      count: this.total,
      meanMs: this.total === 0 ? 0 : this.sumUs / this.total / 1000,
      p50Ms: this.quantileMs(0.5),
      p99Ms: this.quantileMs(0.99),
      maxMs: this.maxUs / 1000,
    };
  }
}

function bucketOf(us: number): number {
  if (us < linearValues) return us;
  const octave = Math.min(31 - Math.clz32(us), 31) - keptBits;
  return octave * halfOctaves + Math.floor(us / 2 ** octave);
}

/** The smallest value that falls into a bucket. */
function lowestOf(index: number): number {
  if (index < linearValues) return index;
  const octave = Math.floor(index / halfOctaves) - 1;
  return (index - octave * halfOctaves) * 2 ** octave;
}
