import { silentLogger } from '../platform/logger.ts';
import { nodeFiles } from '../platform/node/node-files.ts';
import { nodeProcesses } from '../platform/node/node-processes.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { nodeWorkers } from '../platform/node/node-workers.ts';
import { RealClock } from '../platform/node/real-clock.ts';
import { createStore, type JournaledStore, type StoreOptions } from '../store/store.ts';

/** The seams of the machine, for a store in a test. */
export function nodeStoreOptions(): StoreOptions {
  return {
    files: nodeFiles,
    workers: nodeWorkers,
    processes: nodeProcesses,
    random: nodeRandom,
    clock: new RealClock(),
    logger: silentLogger,
  };
}

/** A started store with the platform's schema; ephemeral unless a `dataDir` is given. Stop it at the end. */
export async function startTestStore(options: Partial<StoreOptions> = {}): Promise<JournaledStore> {
  const store = createStore({ ...nodeStoreOptions(), ...options });
  await store.start();
  return store;
}
