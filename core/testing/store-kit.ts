import { silentLogger } from '../platform/logger.ts';
import { MemoryFiles } from '../platform/memory-files.ts';
import type { Processes } from '../platform/processes.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { createStore, type JournaledStore, type StoreOptions } from '../store/store.ts';
import type { Statement } from '../store/types.ts';
import { InlineWorkers } from './inline-workers.ts';

/** One table is enough for most tests of the store. */
export const noteMigrations = [
  [
    'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
    'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)',
  ],
];

/** Two tables, for transactions of which each part must be there. */
export const pairMigrations = [
  [
    'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
    'CREATE TABLE left_rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)',
    'CREATE TABLE right_rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)',
  ],
];

/** Our process runs, any other is dead. */
export const aloneProcesses: Processes = {
  current: { pid: 1, startMark: 'test' },
  isRunning: async ({ pid }) => pid === 1,
};

let nextByte = 0;

/** Options of a store over memory files, with its worker in the thread of the test. */
export function memoryStoreOptions(files: MemoryFiles, workers = new InlineWorkers()): StoreOptions {
  return {
    files,
    workers,
    processes: aloneProcesses,
    clock: new VirtualClock(),
    random: { bytes: (count) => new Uint8Array(count).fill(nextByte++), uuid: () => String(nextByte++) },
    logger: silentLogger,
    dataDir: '/data',
    migrations: noteMigrations,
  };
}

export async function startMemoryStore(
  files = new MemoryFiles(),
  options: Partial<StoreOptions> = {},
): Promise<JournaledStore> {
  const store = createStore({ ...memoryStoreOptions(files), ...options });
  await store.start();
  return store;
}

export function insertNote(id: number, text = `note ${id}`): Statement {
  return { sql: 'INSERT INTO notes (id, text) VALUES (?, ?)', parameters: [id, text] };
}

export const insertNotes = (...ids: number[]): Statement[] => ids.map((id) => insertNote(id));

export async function noteIds(store: JournaledStore): Promise<number[]> {
  const rows = await store.query<{ id: number }>({ sql: 'SELECT id FROM notes ORDER BY id', parameters: [] });
  return rows.map(({ id }) => id);
}

/** The numbers from 1 to `count`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
