import { parentPort } from 'node:worker_threads';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { FleetServer } from '../../simulators/mqtt/fleet-server.ts';

/** Program of the thread in which simulated MQTT devices live. */
const port = parentPort;
if (!port) throw new Error('This program runs only as a worker thread.');

new FleetServer(
  { post: (answer) => port.postMessage(answer), onMessage: (receive) => port.on('message', receive) },
  new RealClock(),
).start();
