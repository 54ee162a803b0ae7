import { parentPort } from 'node:worker_threads';
import { DatabaseServer } from './database-server.ts';

/** Program of the database thread. */
const port = parentPort;
if (!port) throw new Error('This program runs only as a worker thread.');

new DatabaseServer({
  post: (report, transfer = []) => port.postMessage(report, transfer),
  onMessage: (receive) => port.on('message', receive),
}).start();
