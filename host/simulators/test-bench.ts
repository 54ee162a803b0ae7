import type { FleetTemplateInput } from '../../core/contract/simulators.ts';
import { silentLogger } from '../../core/platform/logger.ts';
import type { WorkerThread } from '../../core/platform/workers.ts';
import type { PlatformOptions } from '../../core/platform.ts';
import { machineSeams } from '../seams.ts';
import { type Bench, createBench } from './create-bench.ts';

const masterKey = '0123456789abcdef0123456789abcdef';

/** Path of the routes of the simulators. */
export const base = '/bench/v1/simulators';

/** The least of a fleet: one device that counts. */
export const counting: FleetTemplateInput = {
  name: 'Counting',
  periodMs: 50,
  payload: { kind: 'fields', fields: { n: { kind: 'counter', start: 1 } } },
};

/** An answer of the API; each test knows what its body should be. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: that is what tests find out
  readonly body: any;
}

/** The platform with its simulators behind real sockets and real threads, driven over its API: for tests. */
export class TestBench {
  readonly bench: Bench;
  /** Threads that were started, by name. */
  readonly threads = new Map<string, WorkerThread>();

  constructor(options: Partial<PlatformOptions> = {}) {
    const seams = machineSeams(silentLogger);
    const workers: typeof seams.workers = {
      start: (name, entry) => {
        const thread = seams.workers.start(name, entry);
        this.threads.set(name, thread);
        return thread;
      },
    };
    this.bench = createBench({
      seams: { ...seams, workers },
      dataDir: undefined,
      host: '127.0.0.1',
      ports: { http: 0, https: undefined, mqtt: 0, mqtts: undefined },
      masterKey,
      ...options,
    });
  }

  async call(method: string, path: string, body?: unknown, key = masterKey): Promise<TestAnswer> {
    const { http } = this.bench.platform.endpoints();
    const response = await fetch(`${http}${path}`, {
      method,
      headers: {
        'X-API-KEY': key,
        'X-Total-Count': 'true',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  async viewOf(id: string): Promise<TestAnswer['body']> {
    return (await this.call('GET', `${base}/${id}`)).body;
  }

  async deviceOf(id: string): Promise<TestAnswer['body']> {
    return (await this.call('GET', `/api/v1/deviceMgt/devices/${id}`)).body;
  }

  /** Keys of simulated devices. */
  async simulatorKeys(): Promise<TestAnswer['body'][]> {
    const { body } = await this.call('GET', '/api/v0/apiKeys');
    return body.data.filter(({ label }: { label: string }) => label === 'simulator');
  }

  /** @returns the id of the fleet */
  async create(template: Partial<FleetTemplateInput> = {}): Promise<string> {
    const { status, body } = await this.call('POST', base, { ...counting, ...template });
    if (status !== 201) throw new Error(`the fleet was not made: ${JSON.stringify(body)}`);
    return body.id;
  }

  async start(id: string): Promise<void> {
    const { status, body } = await this.call('POST', `${base}/${id}/start`);
    if (status !== 202 || body.state !== 'starting')
      throw new Error(`it does not start: ${JSON.stringify(body)}`);
  }

  /** Resolves when all devices are connected. */
  async connected(id: string): Promise<void> {
    for (;;) {
      const view = await this.viewOf(id);
      if (view.state === 'failed') throw new Error(view.problem);
      if (view.connected === view.devices) return;
    }
  }

  async createAndStart(template: Partial<FleetTemplateInput> = {}): Promise<string> {
    const id = await this.create(template);
    await this.start(id);
    await this.connected(id);
    return id;
  }
}
