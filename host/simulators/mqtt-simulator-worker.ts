import { parentPort } from 'node:worker_threads';
import { nodeFetchPart } from '../../core/platform/node/node-fetch-part.ts';
import { SteeredClock } from '../../core/platform/steered-clock.ts';
import { FleetServer } from '../../simulators/mqtt/fleet-server.ts';
import { wireClock } from '../wire-clock.ts';

/** Program of the thread in which simulated MQTT devices live. */
const port = parentPort;
if (!port) throw new Error('This program runs only as a worker thread.');

const clock = new SteeredClock(wireClock);

new FleetServer(
  { post: (answer) => port.postMessage(answer), onMessage: (receive) => port.on('message', receive) },
  { clock, wireClock, fetchPart: nodeFetchPart },
  {
    follow: async ({ mode, time, speed }) => {
      const toMs = mode === 'real' ? undefined : Date.parse(time);
      await clock.set(mode, { toMs, speed, settle: async () => {} });
    },
    hold: (atMs) => clock.hold(atMs),
  },
).start();
