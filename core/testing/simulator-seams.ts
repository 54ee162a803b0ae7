import type { Clock } from '../platform/clock.ts';
import { Deadlines } from '../platform/deadlines.ts';
import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { nodeFetchPart } from '../platform/node/node-fetch-part.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { nodeResolve } from '../platform/node/node-resolve.ts';

/** What simulated devices live in: real sockets, and the clocks of the test. */
export function simulatorSeams(clock: Clock, wireClock: Clock = clock) {
  return {
    ...{ clock, wireClock },
    ...{ fetchPart: nodeFetchPart, datagrams: nodeDatagrams, random: nodeRandom, resolve: nodeResolve },
    deadlines: <Subject extends object>(name: string, reached: (subject: Subject) => void) =>
      new Deadlines(clock, name, reached),
  };
}
