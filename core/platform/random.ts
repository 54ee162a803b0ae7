/** Randomness as the platform sees it; seeded in tests that must repeat. */
export interface RandomSource {
  /** `count` random bytes, fit for keys and secrets. */
  bytes(count: number): Uint8Array;
  /** A random UUID, version 4. */
  uuid(): string;
}

/** `count` random bytes as lower-case hexadecimal text, twice as long. */
export function randomHex(random: RandomSource, count: number): string {
  return Buffer.from(random.bytes(count)).toString('hex');
}
