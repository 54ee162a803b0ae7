// CoAP servers in plain Node, each in a process of its own: ours, the npm package coap, and one that only answers.
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'coap';
import { nodeDatagrams } from '../../core/platform/node/node-datagrams.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { codes } from '../../core/protocols/coap/codes.ts';
import { CoapContext } from '../../core/protocols/coap/context.ts';
import { CoapEndpoint } from '../../core/protocols/coap/endpoint.ts';
import { UdpPeers } from '../../core/protocols/coap/udp-peers.ts';
import { serveCalls } from '../lib/ipc.ts';
import { readUsage } from '../lib/usage.ts';
import { type HotFunctions, hotFunctions } from '../profile/hot-functions.ts';
import { ThreadProfile } from '../profile/thread-profile.ts';

export type CoapServerName = 'fleetbench' | 'npm coap' | 'sink';

interface Served {
  readonly path: string;
  readonly payload: Buffer;
}

async function startOurs({ path, payload }: Served): Promise<number> {
  const context = new CoapContext({ clock: new RealClock(), random: { bytes: randomBytes } });
  const found = { code: codes.content, contentFormat: 0, payload };
  const missing = { code: codes.notFound };
  const peers: UdpPeers = new UdpPeers(
    { send: (datagram, to) => socket.send(datagram, to) },
    {
      maxPeers: 10_000,
      accept: (link) =>
        new CoapEndpoint(link, context, (request) => (request.path[0] === path ? found : missing)).start(),
    },
  );
  const socket = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, (datagram, from) =>
    peers.receive(datagram, from),
  );
  return socket.local.port;
}

function startNpm({ path, payload }: Served): Promise<number> {
  const server = createServer((request, response) => {
    if (request.url !== `/${path}`) response.code = '4.04';
    response.end(payload);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { _sock: socket } = server as unknown as { _sock: { address(): { port: number } } };
      resolve(socket.address().port);
    });
  });
}

/** The response with the id and the token of the request patched in: the least that a server can do. */
function startSink({ payload }: Served): Promise<number> {
  const header = Buffer.from([0x64, 0x45, 0, 0, 0, 0, 0, 0, 0xff]);
  const socket = createSocket({ type: 'udp4', lookup: (host, _, answer) => answer(null, host, 4) });
  socket.on('message', (request, { address, port }) => {
    const response = Buffer.concat([header, payload]);
    request.copy(response, 2, 2, 8);
    socket.send(response, port, address);
  });
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => resolve(socket.address().port));
  });
}

const starters: Readonly<Record<CoapServerName, (served: Served) => Promise<number>>> = {
  fleetbench: startOurs,
  'npm coap': startNpm,
  sink: startSink,
};

let profile: ThreadProfile | undefined;

const calls = {
  start: ({
    server,
    path,
    payload,
  }: {
    server: CoapServerName;
    path: string;
    payload: string;
  }): Promise<number> => starters[server]({ path, payload: Buffer.from(payload) }),
  usage: () => readUsage(),
  startProfile: (): Promise<void> => {
    profile = new ThreadProfile();
    return profile.start();
  },
  stopProfile: async ({ functions }: { functions: number }): Promise<HotFunctions | undefined> =>
    profile && hotFunctions(await profile.stop(), functions),
};

export type CoapServerCalls = typeof calls;

serveCalls(calls);
