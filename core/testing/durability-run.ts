// Kills a writing process many times and checks that nothing acknowledged is lost.
// Usage: npm run test:durability [-- ROUNDS [SEED]]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durabilityRound } from './durability.ts';

const [rounds = 200, seed = Math.floor(Math.random() * 1e9)] = process.argv.slice(2).map(Number);
const dataDir = await mkdtemp(join(tmpdir(), 'fleetbench-durability-'));
const acknowledged = new Set<number>();
const total = { acknowledged: 0, torn: 0, fromSnapshot: 0, duringStart: 0 };
let state = seed;
/** Repeats with the seed, so a failing run can be tried again (the moment of a kill still differs a little). */
const below = (limit: number): number => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return state % limit;
};

console.log(`${rounds} rounds, seed ${seed}, folder ${dataDir}`);
for (let round = 1; round <= rounds; round++) {
  const killAfter = below(5) === 0 ? 0 : 1 + below(3000);
  const result = await durabilityRound(dataDir, acknowledged, killAfter);
  if (result.lost.length > 0 || result.half > 0) {
    console.error(
      `round ${round}: LOST ${result.lost.slice(0, 10).join(', ')} HALF ${result.half}; kept ${dataDir}`,
    );
    process.exit(1);
  }
  total.acknowledged += result.acknowledged;
  total.torn += result.tornBytes > 0 ? 1 : 0;
  total.fromSnapshot += result.snapshotBytes > 0 ? 1 : 0;
  total.duringStart += killAfter === 0 ? 1 : 0;
  if (round % 10 === 0) console.log(`round ${round}: ${JSON.stringify(total)}, stored ${result.stored}`);
}
await rm(dataDir, { recursive: true });
console.log(`nothing lost, nothing half: ${JSON.stringify(total)}`);
