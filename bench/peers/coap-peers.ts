import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { nodeDatagrams } from '../../core/platform/node/node-datagrams.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { methods } from '../../core/protocols/coap/codes.ts';
import { CoapContext } from '../../core/protocols/coap/context.ts';
import { CoapEndpoint } from '../../core/protocols/coap/endpoint.ts';
import { isCoapError } from '../../core/protocols/coap/errors.ts';
import { UdpPeers } from '../../core/protocols/coap/udp-peers.ts';
import type { BenchFiles } from '../lib/bundle.ts';
import { Program } from '../lib/ipc.ts';
import { readUsageOf, type Usage } from '../lib/usage.ts';
import type { CoapServerCalls, CoapServerName } from './coap-process.ts';

/** A CoAP server that has the resource. */
export interface CoapContestant {
  readonly name: CoapServerName | 'libcoap';
  readonly port: number;
  /** Undefined for what is not plain Node. */
  readonly program: Program<CoapServerCalls> | undefined;
  usage(): Promise<Usage | undefined>;
  stop(): Promise<void>;
}

export interface Resource {
  /** One segment. */
  readonly path: string;
  readonly payload: string;
}

export async function startCoapServer(
  files: BenchFiles,
  name: CoapServerName,
  resource: Resource,
): Promise<CoapContestant> {
  const program = new Program<CoapServerCalls>(name, files.coap);
  const port = await program.call('start', { server: name, ...resource });
  return { name, port, program, usage: () => program.call('usage'), stop: () => program.kill() };
}

const libcoapPrograms = ['coap-server-openssl', 'coap-server-notls', 'coap-server'] as const;

/** The server of libcoap that this machine has; undefined when there is none. */
export function libcoapProgram(): string | undefined {
  return libcoapPrograms.find((name) => !spawnSync(name, ['-?'], { stdio: 'ignore' }).error);
}

/** libcoap's example server, with the resource put there. */
export async function startLibcoap(program: string, { path, payload }: Resource): Promise<CoapContestant> {
  const probe = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, () => {});
  const { port } = probe.local;
  await probe.close();
  const child = spawn(program, ['-A', '127.0.0.1', '-p', String(port), '-d', '10', '-v', '0'], {
    stdio: 'ignore',
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  await putResource(child, port, path, payload);
  return {
    name: 'libcoap',
    port,
    program: undefined,
    usage: async () => readUsageOf(child.pid ?? 0),
    stop: async () => {
      process.off('exit', endWithUs);
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Puts it there, asking until somebody answers. */
async function putResource(child: ChildProcess, port: number, path: string, payload: string): Promise<void> {
  const context = new CoapContext({
    clock: new RealClock(),
    random: { bytes: randomBytes },
    settings: { ackTimeoutMs: 50, maxRetransmit: 2 },
  });
  const peers = new UdpPeers(
    { send: (datagram, to) => socket.send(datagram, to) },
    { maxPeers: 1, accept: () => {} },
  );
  const socket = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, (datagram, from) =>
    peers.receive(datagram, from),
  );
  const endpoint = new CoapEndpoint(peers.connect({ address: '127.0.0.1', port }), context);
  endpoint.start();
  try {
    while (child.exitCode === null) {
      try {
        const { codeText, success } = await endpoint.request({
          method: methods.PUT,
          path: [path],
          contentFormat: 0,
          payload: Buffer.from(payload),
        });
        if (!success) throw new Error(`libcoap answered PUT /${path} with ${codeText}`);
        return;
      } catch (error) {
        if (!isCoapError(error, 'coap.timeout')) throw error;
      }
    }
    throw new Error(`libcoap's server ended with exit code ${child.exitCode}`);
  } finally {
    peers.stop('the resource is there');
    await socket.close();
  }
}
