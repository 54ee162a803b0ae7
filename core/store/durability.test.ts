import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { durabilityRound } from '../testing/durability.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleetbench-durability-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

// The long form is `npm run test:durability`.
describe('a process killed while it writes', () => {
  it('loses nothing that it acknowledged, and leaves nothing half', { timeout: 120_000 }, async () => {
    const acknowledged = new Set<number>();
    for (const killAfter of [700, 0, 1, 2500, 30]) {
      const result = await durabilityRound(dataDir, acknowledged, killAfter);
      expect(result).toMatchObject({ lost: [], half: 0 });
      expect(result.stored).toBeGreaterThanOrEqual(acknowledged.size);
    }
    expect(acknowledged.size).toBeGreaterThan(3000);
  });
});
