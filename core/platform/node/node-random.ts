import { randomBytes, randomUUID } from 'node:crypto';
import type { RandomSource } from '../random.ts';

/** The operating system's random source. */
export const nodeRandom: RandomSource = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
};
