import type { DeliveryRef } from '../connectors/delivery.ts';
import type {
  TwinDelivery,
  TwinDownlink,
  TwinOutcome,
  TwinRegistration,
  TwinRequest,
} from '../connectors/twin-link.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import { MemoryFiles } from '../platform/memory-files.ts';
import type { Processes } from '../platform/processes.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import type { ResourceRecord } from '../protocols/lwm2m/content.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import { type DataType, valueFromJson } from '../protocols/lwm2m/value.ts';
import type { PlatformSettings } from '../settings.ts';
import { InlineWorkers } from './inline-workers.ts';
import { startTestPlatform, type TestPlatform } from './test-platform.ts';
import { until } from './until.ts';

export const twinDevice = 'urn:lo:nsid:lwm2m:mydevice';
export const endpointName = 'urn:lo:lwm2m:mydevice';
const api = `/api/v1/deviceMgt/devices/${twinDevice}/twin`;

/** Values at paths, each of the type that is named: `['/3/0/9', 'INTEGER', 44]`; perhaps with the time that they are of. */
export type TestValue = readonly [path: string, type: DataType, value: unknown, timestampMs?: number];

export const records = (...values: TestValue[]): ResourceRecord[] =>
  values.map(([path, type, json, timestampMs]) => {
    const value = valueFromJson(type, json);
    if (!value) throw new Error(`${JSON.stringify(json)} is no ${type}`);
    return { path: Lwm2mPath.parse(path), value, ...(timestampMs !== undefined && { timestampMs }) };
  });

/** The device as a connectivity without a wire has it: what is sent is noted, and the test says what becomes of it. */
class TestTwinLink implements TwinDownlink {
  /** Whether the device can be reached. */
  online = false;
  readonly sent: TwinDelivery[] = [];
  readonly withdrawn: DeliveryRef[] = [];
  readonly endedObservations: number[] = [];

  takes(): boolean {
    return this.online;
  }

  send(_via: DeviceInterface, delivery: TwinDelivery): void {
    this.sent.push(delivery);
  }

  withdraw(_via: DeviceInterface, delivery: DeliveryRef): void {
    this.withdrawn.push(delivery);
  }

  endObservation(_via: DeviceInterface, observation: number): void {
    this.endedObservations.push(observation);
  }
}

/** Each platform is a process of its own to the lock of its data. */
let nextPid = 1;

/** The real platform, and a device with a twin that is behind a connectivity without a wire. */
export class TestTwin {
  readonly link = new TestTwinLink();
  readonly bench: TestPlatform;
  readonly clock: VirtualClock;
  private readonly files: MemoryFiles;

  private constructor(bench: TestPlatform, clock: VirtualClock, files: MemoryFiles) {
    this.bench = bench;
    this.clock = clock;
    this.files = files;
    bench.platform.connectivities.add({ connector: 'lwm2m', twin: this.link });
  }

  static async start(
    settings: Partial<PlatformSettings> = {},
    { clock = new VirtualClock(), files = new MemoryFiles() } = {},
  ): Promise<TestTwin> {
    const pid = nextPid++;
    const processes: Processes = {
      current: { pid, startMark: 'test' },
      isRunning: async (other) => other.pid === pid,
    };
    const seams = { clock, files, processes, workers: new InlineWorkers() };
    const bench = await startTestPlatform({ dataDir: '/data', settings, seams });
    const twin = new TestTwin(bench, clock, files);
    if (!twin.hasDevice) await twin.addDevice();
    return twin;
  }

  /** The platform as it comes up again when the power has gone now; this one goes on without it. */
  afterPowerLoss(): Promise<TestTwin> {
    const clock = new VirtualClock(this.clock.now());
    return TestTwin.start({}, { clock, files: this.files.afterPowerLoss() });
  }

  get hasDevice(): boolean {
    return this.bench.platform.inventory.findDevice(this.bench.tenantId, twinDevice) !== undefined;
  }

  async addDevice(more: object = {}): Promise<void> {
    const security = { mode: 'PSK', pskInfo: { identity: 'test', secret: 'secret' } };
    const definition = { endpointName, security };
    const body = { id: twinDevice, interfaces: [{ connector: 'lwm2m', enabled: true, definition }], ...more };
    const { status } = await this.bench.call('POST', '/api/v1/deviceMgt/devices', body);
    if (status !== 200) throw new Error(`no device: ${status}`);
  }

  get via(): DeviceInterface {
    const { inventory } = this.bench.platform;
    const via = inventory.findInterface(this.bench.tenantId, 'lwm2m', endpointName);
    if (!via) throw new Error('no interface');
    return via;
  }

  /** Calls below the twin of the device: `POST /operations`. */
  async call(line: string, body?: unknown) {
    const [method = '', path = ''] = line.split(' ');
    return this.bench.call(method, `${api}${path}`, body);
  }

  /** Calls, and gives the body of an answer that is in order. */
  async ask(line: string, body?: unknown): Promise<any> {
    const answer = await this.call(line, body);
    if (answer.status >= 300) throw new Error(`${line}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The device registers: `{ '3': [0], '5@1.1': [] }` are objects with their instances. */
  register(objects: Readonly<Record<string, readonly number[]>>, update = false): Promise<void> {
    const registration: TwinRegistration = {
      lwm2mVersion: '1.1',
      contentFormats: [],
      objects: Object.entries(objects).map(([name, instanceIds]) => {
        const [id, version] = name.split('@');
        return { objectId: Number(id), instanceIds, ...(version !== undefined && { version }) };
      }),
    };
    this.link.online = true;
    const { engine } = this.bench.platform.twin;
    return done((stored) =>
      update
        ? engine.updated(this.via, registration, stored)
        : engine.registered(this.via, registration, stored),
    );
  }

  gone(): void {
    this.link.online = false;
    this.bench.platform.twin.engine.gone(this.via, this.via.device);
  }

  /** The next request that goes out, when it does. */
  async next(): Promise<TwinDelivery> {
    await until(() => this.link.sent.length > 0);
    return this.link.sent.shift() as TwinDelivery;
  }

  async nextRequest(): Promise<TwinRequest> {
    return (await this.next()).request;
  }

  /** What becomes of a request. */
  answer(delivery: DeliveryRef, outcome: TwinOutcome): void {
    this.bench.platform.twin.engine.ended(this.via, delivery, outcome);
  }

  /** The device says something by itself; resolves when it may be acknowledged. */
  report(values: readonly ResourceRecord[], observation?: number): Promise<'unwanted' | undefined> {
    const { twin, traces } = this.bench.platform;
    const target = observation === undefined ? 'send' : 'notify';
    const from = { tenantId: this.bench.tenantId, connector: 'lwm2m', sender: endpointName, target } as const;
    const trace = traces.begin(from, Buffer.from('bytes of the wire'));
    const origin =
      observation === undefined ? ({ kind: 'send' } as const) : ({ kind: 'notify', observation } as const);
    return new Promise((resolve, reject) => {
      const taken = twin.engine.reported(this.via, { origin, values, trace }, (error) =>
        error ? reject(error) : resolve(undefined),
      );
      if (taken === 'unwanted') resolve(taken);
    });
  }

  /** Lets everything that is under way in the store end. */
  async settle(): Promise<void> {
    const { store } = this.bench.platform;
    for (let turn = 0; turn < 3; turn++) await store.query({ sql: 'SELECT 1', parameters: [] });
  }

  /** Moves time, and lets what it brings about end. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench.stop();
  }
}

function done(run: (stored: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())));
}
