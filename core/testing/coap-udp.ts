import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { DatagramSocket } from '../platform/datagrams.ts';
import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { RealClock } from '../platform/node/real-clock.ts';
import { CoapContext } from '../protocols/coap/context.ts';
import { CoapEndpoint } from '../protocols/coap/endpoint.ts';
import { isCoapError } from '../protocols/coap/errors.ts';
import type { RequestHandler } from '../protocols/coap/request-server.ts';
import type { CoapSettings } from '../protocols/coap/settings.ts';
import { UdpPeers } from '../protocols/coap/udp-peers.ts';

/** CoAP of ours on a real UDP socket of the loopback interface. */
export class CoapOnUdp {
  readonly clock = new RealClock();
  readonly context: CoapContext;
  readonly failures: unknown[] = [];
  private readonly peers: UdpPeers;
  private socket: DatagramSocket | undefined;

  private constructor(handler: RequestHandler | undefined, settings: Partial<CoapSettings>) {
    this.context = new CoapContext({
      clock: this.clock,
      random: { bytes: randomBytes },
      settings,
      handlerFailed: (error) => void this.failures.push(error),
    });
    this.peers = new UdpPeers(
      { send: (datagram, to) => this.socket?.send(datagram, to) },
      { maxPeers: 1000, accept: (link) => new CoapEndpoint(link, this.context, handler).start() },
    );
  }

  static async open(handler?: RequestHandler, settings: Partial<CoapSettings> = {}): Promise<CoapOnUdp> {
    const opened = new CoapOnUdp(handler, settings);
    opened.socket = await nodeDatagrams.bind(anyPort, (datagram, from) =>
      opened.peers.receive(datagram, from),
    );
    return opened;
  }

  get port(): number {
    return this.socket?.local.port ?? 0;
  }

  /** An endpoint that speaks to this port. */
  connect(port: number): CoapEndpoint {
    const endpoint = new CoapEndpoint(this.peers.connect({ address: '127.0.0.1', port }), this.context);
    endpoint.start();
    return endpoint;
  }

  async close(): Promise<void> {
    this.peers.stop('the test is over');
    await this.socket?.close();
  }
}

const anyPort = { host: '127.0.0.1', port: 0 };

/** The server that comes with libcoap. */
export class LibcoapServer {
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.child = child;
  }

  /** Starts it, and waits until it answers a ping. */
  static async start(client: CoapOnUdp, ...flags: string[]): Promise<LibcoapServer> {
    const probe = await nodeDatagrams.bind(anyPort, () => {});
    const { port } = probe.local;
    await probe.close();
    const child = spawn('coap-server-openssl', ['-A', '127.0.0.1', '-p', String(port), ...flags], {
      stdio: 'ignore',
    });
    const failed = once(child, 'error').then(([error]) => Promise.reject(error));
    const server = new LibcoapServer(port, child);
    const endpoint = client.connect(port);
    const answered = async (): Promise<void> => {
      while (child.exitCode === null) {
        try {
          await endpoint.ping();
          return;
        } catch (error) {
          if (!isCoapError(error, 'coap.timeout')) throw error;
        }
      }
      throw new Error(`coap-server-openssl ended with exit code ${child.exitCode}`);
    };
    await Promise.race([answered(), failed]);
    return server;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}
