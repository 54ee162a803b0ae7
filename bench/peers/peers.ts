import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import type { BenchFiles } from '../lib/bundle.ts';
import { Program } from '../lib/ipc.ts';
import { readUsageOf } from '../lib/usage.ts';
import type { AedesCalls } from './aedes-process.ts';
import type { Contestant } from './contestant.ts';
import type { SinkCalls } from './sink-process.ts';

const anyone = { username: 'json+device', password: 'nobody-checks-this' };

/** The server that only answers. */
export async function startSink(files: BenchFiles): Promise<Contestant> {
  const program = new Program<SinkCalls>('sink', files.sink);
  const { mqttPort } = await program.call('start');
  return {
    name: 'sink',
    mqttPort,
    deviceLogin: anyone,
    usage: () => program.call('usage'),
    stop: () => program.kill(),
  };
}

/** aedes as it comes: one process, nothing kept on disk. */
export async function startAedes(files: BenchFiles): Promise<Contestant> {
  const program = new Program<AedesCalls>('aedes', files.aedes);
  const { mqttPort } = await program.call('start');
  return {
    name: 'aedes',
    mqttPort,
    deviceLogin: anyone,
    usage: () => program.call('usage'),
    stop: () => program.kill(),
  };
}

// Debian puts it where only the administrator's path leads.
const searchPath = [process.env.PATH, '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'].join(delimiter);
const environment = { ...process.env, PATH: searchPath };

/** Version of the mosquitto on this machine; undefined when there is none. */
export function mosquittoVersion(): string | undefined {
  const { stdout, error } = spawnSync('mosquitto', ['-h'], { encoding: 'utf8', env: environment });
  return error ? undefined : (/version (\S+)/.exec(stdout)?.[1] ?? 'unknown');
}

/** mosquitto without limits and without persistence. */
export async function startMosquitto(tempDir: string): Promise<Contestant> {
  const mqttPort = await freePort();
  const folder = mkdtempSync(join(tempDir, 'mosquitto-'));
  const configFile = join(folder, 'mosquitto.conf');
  const settings = [
    `listener ${mqttPort} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'set_tcp_nodelay true',
    'max_inflight_messages 0',
    'max_queued_messages 0',
    'log_dest stderr',
    'log_type error',
  ];
  writeFileSync(configFile, `${settings.join('\n')}\n`);
  const child = spawn('mosquitto', ['-c', configFile], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environment,
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  await listening(mqttPort, child);
  return {
    name: 'mosquitto',
    mqttPort,
    deviceLogin: anyone,
    usage: async () => readUsageOf(child.pid ?? 0),
    stop: async () => {
      process.off('exit', endWithUs);
      if (child.exitCode === null) {
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Tries to connect until somebody answers. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const connected = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`mosquitto ended with exit code ${child.exitCode}`);
}
