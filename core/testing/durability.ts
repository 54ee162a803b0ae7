import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createStore } from '../store/store.ts';
import { pairMigrations } from './store-kit.ts';
import { nodeStoreOptions } from './test-store.ts';

export interface RoundResult {
  /** Acknowledgements that the child reported before it was killed. */
  readonly acknowledged: number;
  /** Transactions in the folder after the kill, from all rounds. */
  readonly stored: number;
  /** Acknowledged and not there. Must be empty. */
  readonly lost: readonly number[];
  /** Transactions of which only a part is there. Must be 0. */
  readonly half: number;
  readonly tornBytes: number;
  readonly snapshotBytes: number;
}

const child = fileURLToPath(new URL('./store-child.ts', import.meta.url));

/**
 * Starts a real process that writes under load, kills it (SIGKILL), and looks what a store finds afterwards.
 * @param acknowledgedBefore what earlier rounds on this folder were told; this round adds its own.
 * @param killAfter kill at this many acknowledgements; 0 means while it starts.
 */
export async function durabilityRound(
  dataDir: string,
  acknowledgedBefore: Set<number>,
  killAfter: number,
): Promise<RoundResult> {
  let acknowledged = 0;
  const writer = spawn(process.execPath, ['--import', 'tsx', child, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    writer.once('exit', (_code, signal) => resolve(signal));
  });
  for await (const line of createInterface({ input: writer.stdout })) {
    if (/^\d+$/.test(line)) {
      acknowledgedBefore.add(Number(line));
      acknowledged += 1;
    } else if (!line.startsWith('start')) throw new Error(`the writer says: ${line}`);
    if (acknowledged >= killAfter) writer.kill('SIGKILL');
  }
  const signal = await ended;
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself (${signal})`);
  return { acknowledged, ...(await inspect(dataDir, acknowledgedBefore)) };
}

async function inspect(
  dataDir: string,
  acknowledged: ReadonlySet<number>,
): Promise<Omit<RoundResult, 'acknowledged'>> {
  const store = createStore({ ...nodeStoreOptions(), dataDir, migrations: pairMigrations });
  await store.start();
  try {
    const idsOf = async (table: string): Promise<Set<number>> => {
      const rows = await store.query<{ id: number }>({ sql: `SELECT id FROM ${table}`, parameters: [] });
      return new Set(rows.map(({ id }) => id));
    };
    const left = await idsOf('left_rows');
    const right = await idsOf('right_rows');
    const { tornBytes, snapshotBytes } = store.status().recovery;
    return {
      stored: left.size,
      lost: [...acknowledged].filter((id) => !left.has(id)),
      half: [...left].filter((id) => !right.has(id)).length + [...right].filter((id) => !left.has(id)).length,
      tornBytes,
      snapshotBytes,
    };
  } finally {
    await store.stop();
  }
}
