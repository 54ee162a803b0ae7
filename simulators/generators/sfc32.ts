/**
 * sfc32, the small fast counting generator of Chris Doty-Humphrey (PractRand 0.95): fast, small in memory, and
 * with 2^64 and more starting points that lead to different sequences. For made-up values, never for secrets.
 */
export class Sfc32 {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** Two whole numbers, below 2^53 and below 2^32: which run, and which part of it. */
  constructor(seed: number, part = 0) {
    this.a = Math.floor(seed / 2 ** 32) | 0;
    this.b = seed | 0;
    this.c = part | 0;
    for (let round = 0; round < 12; round++) this.uint32();
  }

  /** The next whole number below 2^32. */
  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** The next number from 0 up to, and not, 1. */
  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  /** A generator that goes on from here on its own. */
  copy(): Sfc32 {
    const twin = new Sfc32(0);
    twin.a = this.a;
    twin.b = this.b;
    twin.c = this.c;
    twin.counter = this.counter;
    return twin;
  }
}
