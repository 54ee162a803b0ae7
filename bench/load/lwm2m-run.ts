import { nodeRandom } from '../../core/platform/node/node-random.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { CoapContext } from '../../core/protocols/coap/context.ts';
import { Histogram, type Quantiles } from '../lib/histogram.ts';
import { readUsage } from '../lib/usage.ts';
import { Lwm2mLoadDevice, sensorPath } from './lwm2m-device.ts';

export interface Lwm2mLoad {
  readonly port: number;
  readonly httpUrl: string;
  readonly apiKey: string;
  /** In front of the number of a device: its id, and its endpoint name and PSK identity. */
  readonly prefix: string;
  /** Hexadecimal, the same for all. */
  readonly secret: string;
  readonly devices: number;
}

export interface Lwm2mResult {
  readonly perSecond: number;
  readonly latency: Quantiles;
  /** Since the last {@link Lwm2mRun.open}, not only in the time that was measured. */
  readonly done: number;
  /** Refused, lost, or answered otherwise. */
  readonly failed: number;
  /** Share of a core that the generator used. */
  readonly generatorCpu: number;
}

const handshakesAtATime = 100;
/** Between looks at an operation; what is measured may be too long by as much. */
const pollMs = 10;

/** A fleet of LwM2M devices in this process, and what they do. */
export class Lwm2mRun {
  private readonly options: Lwm2mLoad;
  private readonly devices: Lwm2mLoadDevice[];
  private readonly latency = new Histogram();
  private done = 0;
  private failed = 0;
  private working: Promise<void> | undefined;
  private isStopping = false;

  constructor(options: Lwm2mLoad) {
    this.options = options;
    const { prefix, secret, devices } = options;
    this.devices = Array.from({ length: devices }, (_, index) => {
      const name = `${prefix}${index}`;
      const key = new Uint8Array(Buffer.from(secret, 'hex'));
      return new Lwm2mLoadDevice({ endpointName: name, pskIdentity: name, key });
    });
  }

  /** Connects and registers all. @returns how long it took */
  async open(): Promise<{ durationMs: number; failed: number }> {
    const clock = new RealClock();
    const context = new CoapContext({ clock, random: nodeRandom });
    const startMs = performance.now();
    let [next, failed] = [0, 0];
    const work = async (): Promise<void> => {
      for (let device = this.devices[next++]; device; device = this.devices[next++]) {
        await device.connect(this.options.port, clock, context);
        if (!(await device.register())) failed++;
      }
    };
    await Promise.all(Array.from({ length: handshakesAtATime }, work));
    return { durationMs: performance.now() - startMs, failed };
  }

  /** All devices do it again and again, each when the last was answered, until {@link stop}. */
  begin(what: 'register' | 'notify'): void {
    this.isStopping = false;
    this.done = 0;
    this.failed = 0;
    const work = async (device: Lwm2mLoadDevice): Promise<void> => {
      while (!this.isStopping) {
        const startMs = performance.now();
        const right = await device[what]().catch(() => false);
        this.latency.record(performance.now() - startMs);
        this.done++;
        if (!right) this.failed++;
      }
    };
    this.working = Promise.all(this.devices.map(work)).then(() => {});
  }

  async measure({ durationMs }: { durationMs: number }): Promise<Lwm2mResult> {
    this.latency.reset();
    const [before, doneBefore] = [readUsage(), this.done];
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    return this.result(before, this.done - doneBefore);
  }

  /** Lets what is on its way end. @returns how often it was done in all */
  async stop(): Promise<{ done: number; failed: number }> {
    this.isStopping = true;
    await this.working;
    return { done: this.done, failed: this.failed };
  }

  observedCount(): number {
    return this.devices.filter(({ isObserved }) => isObserved).length;
  }

  /** READ operations over the API at fixed moments; each counts from its moment to the look that shows its value. */
  async read({ perSecond, durationMs }: { perSecond: number; durationMs: number }): Promise<Lwm2mResult> {
    this.latency.reset();
    this.done = 0;
    this.failed = 0;
    const before = readUsage();
    const count = Math.round((perSecond * durationMs) / 1000);
    const all: Promise<void>[] = [];
    for (let number = 0; number < count; number++) {
      const dueMs = before.atMs + (number * 1000) / perSecond;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      all.push(this.readOne(number % this.devices.length, dueMs));
    }
    await Promise.all(all);
    return this.result(before, this.done);
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all(this.devices.map((device) => device.close()));
  }

  private async readOne(index: number, dueMs: number): Promise<void> {
    const url = `/api/v1/deviceMgt/devices/${this.options.prefix}${index}/twin/operations`;
    try {
      let operation = await this.call('POST', url, { type: 'READ', paths: [sensorPath] });
      while (operation.status !== 'OK') {
        if (operation.status === 'FAILED') throw new Error('failed');
        await new Promise((resolve) => setTimeout(resolve, pollMs));
        operation = await this.call('GET', `${url}/${operation.id}`);
      }
    } catch {
      this.failed++;
    }
    this.done++;
    this.latency.record(performance.now() - dueMs);
  }

  private async call(method: string, url: string, body?: object): Promise<{ id: string; status: string }> {
    const { httpUrl, apiKey } = this.options;
    const response = await fetch(`${httpUrl}${url}`, {
      method,
      headers: { 'X-API-KEY': apiKey, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status}`);
    return (await response.json()) as { id: string; status: string };
  }

  private result(before: ReturnType<typeof readUsage>, done: number): Lwm2mResult {
    const after = readUsage();
    const passedMs = after.atMs - before.atMs;
    return {
      perSecond: (done / passedMs) * 1000,
      latency: this.latency.summary(),
      done: this.done,
      failed: this.failed,
      generatorCpu: (after.cpuMs - before.cpuMs) / passedMs,
    };
  }
}
