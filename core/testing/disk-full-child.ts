// Fills a real, small disk with a store, frees space, and says on stdout what happened, as JSON.
// Usage: disk-full-child.ts DATA_DIR, with the folder on a file system of about 1 MB that holds a file `filler`.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JournaledStore } from '../store/store.ts';
import { insertNote, noteIds, noteMigrations } from './store-kit.ts';
import { startTestStore } from './test-store.ts';

const dataDir = process.argv[2] ?? '';
const text = 'x'.repeat(5000);
const open = (): Promise<JournaledStore> => startTestStore({ dataDir, migrations: noteMigrations });

async function attempt(store: JournaledStore, id: number): Promise<string> {
  return store.commit([insertNote(id, text)]).then(
    () => 'stored',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

const store = await open();
const stored: number[] = [];
let id = 1;
let outcome = await attempt(store, id);
for (; outcome === 'stored'; outcome = await attempt(store, ++id)) stored.push(id);
const whenFull = { outcome, state: store.status().state, visible: (await noteIds(store)).length };
const still = await attempt(store, ++id);
rmSync(join(dataDir, 'filler'));
const healed = await attempt(store, ++id);
stored.push(id);
const stateAfter = store.status().state;
await store.stop();

const again = await open();
const found = await noteIds(again);
const { tornBytes } = again.status().recovery;
await again.stop();

spawnSync('mount', ['-o', 'remount,ro', dataDir]);
const readOnly = await open().then(
  () => 'started',
  (error: Error) => error.message,
);
console.log(JSON.stringify({ stored, whenFull, still, healed, stateAfter, found, tornBytes, readOnly }));
