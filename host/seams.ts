import type { Logger } from '../core/platform/logger.ts';
import { nodeDatagrams } from '../core/platform/node/node-datagrams.ts';
import { nodeFiles } from '../core/platform/node/node-files.ts';
import { nodeNetwork } from '../core/platform/node/node-network.ts';
import { nodeProcesses } from '../core/platform/node/node-processes.ts';
import { nodeRandom } from '../core/platform/node/node-random.ts';
import { nodeWorkers } from '../core/platform/node/node-workers.ts';
import { RealClock } from '../core/platform/node/real-clock.ts';
import type { Seams } from '../core/platform.ts';

/** The real machine. */
export function machineSeams(logger: Logger): Seams {
  return {
    clock: new RealClock(),
    wireClock: new RealClock(),
    random: nodeRandom,
    files: nodeFiles,
    network: nodeNetwork,
    datagrams: nodeDatagrams,
    workers: nodeWorkers,
    processes: nodeProcesses,
    logger,
  };
}
