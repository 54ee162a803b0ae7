import { VirtualClock } from '../platform/virtual-clock.ts';
import { DtlsClient, type DtlsClientOptions } from '../protocols/dtls/client.ts';
import type { PeerAddress } from '../protocols/dtls/seams.ts';
import { DtlsServer, type DtlsServerOptions, type HandshakeFailure } from '../protocols/dtls/server.ts';
import type { DtlsSession } from '../protocols/dtls/session.ts';
import { FaultyLink, type LinkFaults } from './faulty-link.ts';
import { SeededRandom } from './seeded-random.ts';

export const testIdentity = 'urn:lo:nsid:dtls:device-1';
export const testKey = Uint8Array.from(Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'));
export const serverAddress: PeerAddress = { address: '198.51.100.1', port: 5684 };

const flush = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface ReceivedMessage {
  readonly session: DtlsSession;
  readonly text: string;
}

/** A client with the network in front of it. */
export interface BenchClient {
  readonly client: DtlsClient;
  /** Where it sends from; to be changed to move it. */
  readonly place: { address: PeerAddress };
  readonly received: string[];
  readonly sent: Uint8Array[];
  /** What the handshake came to. */
  readonly outcome: Promise<DtlsSession | Error>;
  session(): DtlsSession;
}

/** A server that echoes, and clients, in memory and in virtual time. */
export class DtlsBench {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly server: DtlsServer;
  readonly sessions: DtlsSession[] = [];
  readonly failures: HandshakeFailure[] = [];
  readonly received: ReceivedMessage[] = [];
  readonly closed: { session: DtlsSession; reason: string; detail: string | undefined }[] = [];
  readonly keyLog: string[] = [];
  /** Every datagram of the server. */
  readonly sentByServer: { datagram: Uint8Array; to: PeerAddress }[] = [];
  /** Changes what is on the way, both ways. */
  tamper: ((datagram: Uint8Array) => readonly Uint8Array[]) | undefined;
  private readonly toServer: FaultyLink<PeerAddress>;
  private readonly toClient: FaultyLink<PeerAddress>;
  private readonly clients = new Map<string, (datagram: Uint8Array) => void>();
  private nextPort = 40_000;

  constructor({
    server = {},
    faults = {},
    seed = 1,
  }: { server?: Partial<DtlsServerOptions>; faults?: LinkFaults; seed?: number } = {}) {
    this.random = new SeededRandom(seed);
    this.toServer = new FaultyLink(this.clock, seed, faults, (datagram, from) =>
      this.server.receive(datagram, from),
    );
    this.toClient = new FaultyLink(this.clock, seed + 1, faults, (datagram, to) =>
      this.clients.get(keyOf(to))?.(datagram),
    );
    this.server = new DtlsServer({
      clock: this.clock,
      random: this.random,
      send: (datagram, to) => {
        this.sentByServer.push({ datagram, to });
        this.carry(this.toClient, datagram, to);
      },
      pskOf: (identity) => (identity === testIdentity ? { key: testKey } : { refused: 'nobody knows it' }),
      onHandshakeFailed: (failure) => this.failures.push(failure),
      keyLog: (line) => this.keyLog.push(line),
      ...server,
      onSession: (session) => {
        this.sessions.push(session);
        session.onMessage((bytes) => {
          this.received.push({ session, text: Buffer.from(bytes).toString() });
          session.send(bytes);
        });
        session.onClose((reason, detail) => this.closed.push({ session, reason, detail }));
        server.onSession?.(session);
      },
    });
  }

  /** Hands the server a datagram as the network would. */
  inject(datagram: Uint8Array, from: PeerAddress): void {
    this.toServer.pass(datagram, from);
  }

  /** A client that begins its handshake now. */
  connect(options: Partial<DtlsClientOptions> = {}, address: PeerAddress = this.freeAddress()): BenchClient {
    let session: DtlsSession | undefined;
    const place = { address };
    const received: string[] = [];
    const sent: Uint8Array[] = [];
    const client = new DtlsClient({
      clock: this.clock,
      random: this.random,
      server: serverAddress,
      pskIdentity: testIdentity,
      key: testKey,
      ...options,
      send: (datagram) => {
        sent.push(datagram);
        const from = place.address;
        this.clients.set(keyOf(from), (answer) => client.receive(answer));
        this.carry(this.toServer, datagram, from);
      },
    });
    const outcome = client
      .connect((opened) => {
        session = opened;
        opened.onMessage((bytes) => received.push(Buffer.from(bytes).toString()));
      })
      .catch((error: Error) => error);
    return {
      client,
      place,
      received,
      sent,
      outcome,
      session: () => session ?? failWith('the client has no session'),
    };
  }

  /** Connects, lets time pass until that is over, and answers the client. */
  async connected(options: Partial<DtlsClientOptions> = {}, address?: PeerAddress): Promise<BenchClient> {
    const bench = this.connect(options, address);
    const outcome = await this.settled(bench.outcome);
    if (outcome instanceof Error) throw outcome;
    // What the server still has to do, as when the client's last flight was lost.
    await this.pass(0);
    return bench;
  }

  /** Lets time pass, a step at a time, until the promise is settled. */
  async settled<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    promise.then(
      () => {
        isSettled = true;
      },
      () => {
        isSettled = true;
      },
    );
    for (await flush(); !isSettled; await flush()) this.clock.advance(10);
    return promise;
  }

  /** Lets so much time pass, and everything happen that falls into it. */
  async pass(durationMs: number): Promise<void> {
    await flush();
    for (let passed = 0; passed < durationMs; passed += 10) {
      this.clock.advance(10);
      await flush();
    }
  }

  /** From now on the network behaves like this. */
  change(faults: LinkFaults): void {
    this.toServer.faults = faults;
    this.toClient.faults = faults;
  }

  /** Not within the call of the sender, as on a real network. */
  private carry(link: FaultyLink<PeerAddress>, datagram: Uint8Array, peer: PeerAddress): void {
    for (const each of this.tamper?.(datagram) ?? [datagram]) queueMicrotask(() => link.pass(each, peer));
  }

  freeAddress(): PeerAddress {
    this.nextPort += 1;
    return { address: '192.0.2.7', port: this.nextPort };
  }
}

const keyOf = ({ address, port }: PeerAddress): string => `${address}:${port}`;

function failWith(text: string): never {
  throw new Error(text);
}
