// DTLS server and clients in one process, over UDP of the loopback or in memory, as fast as both together can.
import { randomBytes } from 'node:crypto';
import type { Datagrams } from '../../core/platform/datagrams.ts';
import { MemoryDatagrams } from '../../core/platform/memory-datagrams.ts';
import { nodeDatagrams } from '../../core/platform/node/node-datagrams.ts';
import { nodeRandom } from '../../core/platform/node/node-random.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { DtlsClient } from '../../core/protocols/dtls/client.ts';
import { DtlsServer } from '../../core/protocols/dtls/server.ts';
import type { DtlsSession } from '../../core/protocols/dtls/session.ts';
import type { SuiteName } from '../../core/protocols/dtls/suites.ts';
import { serveCalls } from '../lib/ipc.ts';
import { cpuShare, readUsage } from '../lib/usage.ts';

export interface DtlsLoad {
  readonly over: 'UDP' | 'memory';
  readonly suite: SuiteName;
  /** Clients at a time. */
  readonly clients: number;
  readonly durationMs: number;
}

/** What was done in the time. */
export interface DtlsResult {
  readonly perSecond: number;
  /** CPU of both ends for each. */
  readonly cpuUs: number;
  /** Handshakes that failed, or answers that were not what was sent. */
  readonly wrong: number;
}

export interface SessionMemory {
  readonly sessions: number;
  /** Of a client, its session on the server and what resumption keeps, sockets not counted. */
  readonly bytesEach: number;
}

const host = '127.0.0.1';
const key = randomBytes(16);
const receiveBufferBytes = 8_000_000;
const echoBytes = 64;

/** A place for one client at a time. */
interface Seat {
  connect(): Promise<DtlsSession>;
  leave(): void;
}

interface Setting {
  readonly seats: readonly Seat[];
  readonly server: DtlsServer;
  end(): Promise<void>;
}

async function prepare({ over, suite, clients }: Omit<DtlsLoad, 'durationMs'>): Promise<Setting> {
  const datagrams: Datagrams = over === 'UDP' ? nodeDatagrams : new MemoryDatagrams();
  const clock = new RealClock();
  const server = new DtlsServer({
    clock,
    random: nodeRandom,
    send: (datagram, to) => socket.send(datagram, to),
    pskOf: () => ({ key }),
    onSession: (session) => session.onMessage((bytes) => session.send(bytes)),
  });
  const socket = await datagrams.bind({ host, port: 0 }, (datagram, from) => server.receive(datagram, from), {
    receiveBufferBytes,
  });
  const sockets = [socket];
  const seat = async (_: unknown, index: number): Promise<Seat> => {
    let client: DtlsClient | undefined;
    const own = await datagrams.bind({ host, port: 0 }, (datagram) => client?.receive(datagram));
    sockets.push(own);
    const connect = (): Promise<DtlsSession> => {
      client = new DtlsClient({
        clock,
        random: nodeRandom,
        server: socket.local,
        send: (datagram) => own.send(datagram, socket.local),
        pskIdentity: `device-${index}`,
        key,
        suites: [suite],
      });
      return client.connect();
    };
    return { connect, leave: () => client?.close() };
  };
  const seats = await Promise.all(Array.from({ length: clients }, seat));
  const end = async (): Promise<void> => {
    for (const each of seats) each.leave();
    server.stop();
    await Promise.all(sockets.map((each) => each.close()));
  };
  return { seats, server, end };
}

/** Full handshakes, one after the other at each seat; each takes the place of the session before. */
async function handshakes(load: DtlsLoad): Promise<DtlsResult> {
  const { seats, end } = await prepare(load);
  const before = readUsage();
  let [done, wrong] = [0, 0];
  const work = async ({ connect }: Seat): Promise<void> => {
    while (performance.now() - before.atMs < load.durationMs) {
      const session = await connect().catch(() => undefined);
      if (session && !session.resumed) done += 1;
      else wrong += 1;
    }
  };
  await Promise.all(seats.map(work));
  const result = toResult(before, done, wrong);
  await end();
  return result;
}

/** Each client sends the next 64 bytes when the last have come back. */
async function echoes(load: DtlsLoad): Promise<DtlsResult> {
  const { seats, end } = await prepare(load);
  const sessions = await Promise.all(seats.map(({ connect }) => connect()));
  const message = randomBytes(echoBytes);
  const before = readUsage();
  let [done, wrong] = [0, 0];
  const echo = (session: DtlsSession): Promise<void> =>
    new Promise((resolve) => {
      session.onMessage((bytes) => {
        if (message.equals(bytes)) done += 1;
        else wrong += 1;
        if (performance.now() - before.atMs < load.durationMs) session.send(message);
        else resolve();
      });
      session.send(message);
    });
  await Promise.all(sessions.map(echo));
  const result = toResult(before, done, wrong);
  await end();
  return result;
}

/** Sessions that are open and say nothing. */
async function memory({ sessions, suite }: { sessions: number; suite: SuiteName }): Promise<SessionMemory> {
  const { seats, server, end } = await prepare({ over: 'memory', suite, clients: sessions });
  const before = readUsage().rssBytes;
  for (const { connect } of seats) await connect();
  const bytesEach = (readUsage().rssBytes - before) / sessions;
  const open = server.sessionCount;
  await end();
  return { sessions: open, bytesEach };
}

function toResult(before: ReturnType<typeof readUsage>, done: number, wrong: number): DtlsResult {
  const after = readUsage();
  const perSecond = (done / (after.atMs - before.atMs)) * 1000;
  return { perSecond, cpuUs: (cpuShare(before, after) / perSecond) * 1e6, wrong };
}

const calls = { handshakes, echoes, memory };

export type DtlsCalls = typeof calls;

serveCalls(calls);
