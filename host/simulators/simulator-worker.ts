import { parentPort } from 'node:worker_threads';
import { Deadlines } from '../../core/platform/deadlines.ts';
import { nodeDatagrams } from '../../core/platform/node/node-datagrams.ts';
import { nodeFetchPart } from '../../core/platform/node/node-fetch-part.ts';
import { nodeRandom } from '../../core/platform/node/node-random.ts';
import { nodeResolve } from '../../core/platform/node/node-resolve.ts';
import { SteeredClock } from '../../core/platform/steered-clock.ts';
import { FleetServer } from '../../simulators/fleet/fleet-server.ts';
import { wireClock } from '../wire-clock.ts';

/** Program of the thread in which simulated devices live. */
const port = parentPort;
if (!port) throw new Error('This program runs only as a worker thread.');

const clock = new SteeredClock(wireClock);

new FleetServer(
  { post: (answer) => port.postMessage(answer), onMessage: (receive) => port.on('message', receive) },
  {
    ...{ clock, wireClock, fetchPart: nodeFetchPart },
    ...{ datagrams: nodeDatagrams, random: nodeRandom, resolve: nodeResolve },
    deadlines: (name, reached) => new Deadlines(clock, name, reached),
  },
  {
    follow: async ({ mode, time, speed }) => {
      const toMs = mode === 'real' ? undefined : Date.parse(time);
      await clock.set(mode, { toMs, speed, settle: async () => {} });
    },
    hold: (atMs) => clock.hold(atMs),
  },
).start();
