import type { Role } from '../contract/roles.ts';
import { silentLogger } from '../platform/logger.ts';
import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { nodeFiles } from '../platform/node/node-files.ts';
import { nodeNetwork } from '../platform/node/node-network.ts';
import { nodeProcesses } from '../platform/node/node-processes.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { nodeWorkers } from '../platform/node/node-workers.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { createPlatform, type Platform, type PlatformOptions, type Seams } from '../platform.ts';

/** The real platform behind real sockets, with time in the test's hand. */
export interface TestPlatform {
  readonly platform: Platform;
  readonly clock: VirtualClock;
  readonly wireClock: VirtualClock;
  readonly tenantId: string;
  readonly masterKey: string;
  readonly mqttPort: number;
  /** Makes a key with these roles. */
  key(roles: readonly Role[], fifos?: readonly string[]): Promise<string>;
  /** Calls the REST API with the master key, or another; the body is parsed when there is one. */
  call(method: string, path: string, body?: unknown, key?: string): Promise<{ status: number; body: any }>;
  stop(): Promise<void>;
}

export async function startTestPlatform(
  options: Partial<Omit<PlatformOptions, 'seams'>> & { seams?: Partial<Seams> } = {},
): Promise<TestPlatform> {
  const clock = new VirtualClock();
  // Its date is today's: clients check the server's certificate by the real date.
  const wireClock = new VirtualClock(Date.now());
  const masterKey = options.masterKey ?? '0123456789abcdef0123456789abcdef';
  const platform = createPlatform({
    dataDir: undefined,
    host: '127.0.0.1',
    ports: { http: 0, https: undefined, mqtt: 0, mqtts: undefined },
    ...options,
    masterKey,
    seams: {
      clock,
      wireClock,
      random: nodeRandom,
      files: nodeFiles,
      network: nodeNetwork,
      datagrams: nodeDatagrams,
      workers: nodeWorkers,
      processes: nodeProcesses,
      logger: silentLogger,
      ...options.seams,
    },
  });
  const { tenantId } = await platform.start();
  const { http, mqtt } = platform.endpoints();

  const call: TestPlatform['call'] = async (method, path, body, key = masterKey) => {
    const response = await fetch(`${http}${path}`, {
      method,
      headers: { 'X-API-KEY': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };

  return {
    platform,
    clock,
    wireClock,
    tenantId,
    masterKey,
    mqttPort: Number(mqtt?.split(':').at(-1)),
    call,
    key: async (roles, fifos) => {
      const scope = fifos ? { scope: { fifos } } : {};
      const { body } = await call('POST', '/api/v0/apiKeys', { label: 'test', roles, ...scope });
      return body.value;
    },
    stop: () => platform.stop(),
  };
}
