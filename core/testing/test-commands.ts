import { AuditLog } from '../audit/audit-log.ts';
import { EventBus } from '../bus/event-bus.ts';
import { TraceStore } from '../bus/trace-store.ts';
import { CommandService } from '../commands/command-service.ts';
import {
  type CommandDelivery,
  type CommandDownlink,
  Connectivities,
  type DeliveryRef,
} from '../connectors/connector.ts';
import { ackModes, type CommandJson, commandPolicyInput } from '../contract/commands.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { InventoryService } from '../inventory/inventory-service.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import { silentLogger } from '../platform/logger.ts';
import { MemoryFiles } from '../platform/memory-files.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import type { Processes } from '../platform/processes.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { EventRouter } from '../routing/event-router.ts';
import { FifoService } from '../routing/fifo-service.ts';
import { PolicyService } from '../routing/policy-service.ts';
import { defaultSettings, type PlatformSettings } from '../settings.ts';
import { createStore, type JournaledStore } from '../store/store.ts';
import { memoryStoreOptions } from './store-kit.ts';

export const testDevice = 'urn:lo:nsid:test:one';

/** Each bench is a process of its own to the lock of its data. */
let nextPid = 1;

/** A connectivity that sends to nowhere and does what the test says. */
export class TestDownlink implements CommandDownlink {
  readonly ackModes = ackModes;
  readonly defaultAckMode = 'APPLICATIVE';
  readonly defaultAckTimeoutMs = 60_000;
  /** Whether devices can be reached. */
  online = true;
  /** What is wrong with every value. */
  problem: string | undefined;
  readonly sent: CommandDelivery[] = [];
  readonly withdrawn: DeliveryRef[] = [];
  /** Called in place of sending. */
  onSend: ((delivery: CommandDelivery) => void) | undefined;

  takes(): boolean {
    return this.online;
  }

  check(): string | undefined {
    return this.problem;
  }

  send(_via: DeviceInterface, delivery: CommandDelivery): void {
    this.sent.push(delivery);
    this.onSend?.(delivery);
  }

  withdraw(_via: DeviceInterface, delivery: DeliveryRef): void {
    this.withdrawn.push(delivery);
  }

  /** The delivery sent last. */
  get last(): CommandDelivery {
    const delivery = this.sent.at(-1);
    if (!delivery) throw new Error('nothing was sent');
    return delivery;
  }
}

/** The commands engine over a store in memory, with one device, and time that stands still. */
export class CommandBench {
  readonly tenantId = 't';
  readonly clock: VirtualClock;
  readonly files: MemoryFiles;
  readonly link = new TestDownlink();
  readonly store: JournaledStore;
  readonly inventory: InventoryService;
  readonly audit: AuditLog;
  readonly fifos: FifoService;
  readonly policies: PolicyService;
  readonly commands: CommandService;
  /** Statuses told on the bus, as `seconds STATUS/DELIVERY`. */
  readonly told: CommandJson[] = [];

  private constructor(files: MemoryFiles, clock: VirtualClock, settings: Partial<PlatformSettings>) {
    this.files = files;
    this.clock = clock;
    const bus = new EventBus<PlatformEvents>();
    const all = { ...defaultSettings, ...settings };
    const logger = silentLogger;
    const pid = nextPid++;
    const processes: Processes = {
      current: { pid, startMark: 'test' },
      isRunning: async (other) => other.pid === pid,
    };
    this.store = createStore({ ...memoryStoreOptions(files), processes, clock, migrations: undefined });
    const { store } = this;
    this.inventory = new InventoryService({ store, clock, random: nodeRandom, bus, logger });
    this.audit = new AuditLog({ store, bus, clock, logger, settings: all });
    const traces = new TraceStore(clock, bus, all);
    const { audit, inventory: registry } = this;
    this.fifos = new FifoService({ store, clock, logger, audit, traces, settings: all });
    const { fifos } = this;
    this.policies = new PolicyService({ store, clock, random: nodeRandom, logger, fifos, settings: all });
    const router = new EventRouter({ policies: this.policies, fifos });
    const connectivities = new Connectivities();
    connectivities.add({ connector: 'mqtt', commands: this.link });
    connectivities.add({ connector: 'x-connector', commands: this.link });
    const parts = { store, clock, bus, audit, router, registry, connectivities, logger, settings: all };
    this.commands = new CommandService(parts);
    bus.on('commandChanged', this, (event) => void this.told.push(event.describe()));
  }

  static async start({
    files = new MemoryFiles(),
    clock = new VirtualClock(),
    settings = {},
    online = true,
  }: {
    files?: MemoryFiles;
    clock?: VirtualClock;
    settings?: Partial<PlatformSettings>;
    online?: boolean;
  } = {}): Promise<CommandBench> {
    const bench = new CommandBench(files, clock, settings);
    bench.link.online = online;
    await bench.store.start();
    await bench.inventory.start();
    await bench.audit.start();
    await bench.fifos.start();
    await bench.policies.start();
    await bench.commands.start('00ab');
    if (!bench.inventory.findDevice(bench.tenantId, testDevice)) await bench.addDevice(testDevice);
    return bench;
  }

  /** As the program would start after a loss of power: with what the files hold for certain, and time going on. */
  afterCrash(options: { online?: boolean; clock?: VirtualClock } = {}): Promise<CommandBench> {
    return CommandBench.start({ files: this.files.afterPowerLoss(), clock: this.clock, ...options });
  }

  async stop(): Promise<void> {
    await this.commands.stop();
    this.fifos.stop();
    await this.inventory.stop();
    await this.audit.stop();
    await this.store.stop();
  }

  async addDevice(id: string): Promise<void> {
    const clientId = id.split(':').at(-1) ?? '';
    const interfaces = [
      { connector: 'mqtt', enabled: true, definition: { clientId } },
      { connector: 'x-connector', enabled: true, definition: { nodeId: clientId } },
    ];
    await this.inventory.createDevice(this.tenantId, { id, interfaces });
  }

  via(deviceId = testDevice): DeviceInterface {
    const [via] = this.inventory.findDevice(this.tenantId, deviceId)?.interfaces ?? [];
    if (!via) throw new Error(`no interface of ${deviceId}`);
    return via;
  }

  create(
    policy: Record<string, unknown> = {},
    { value = { req: 'go' } as Record<string, unknown>, deviceId = testDevice, validate = true } = {},
  ): Promise<CommandJson> {
    const request = { connector: 'mqtt' as const, value };
    const body = { request, policy: commandPolicyInput.parse(policy) };
    return this.commands.create(this.tenantId, deviceId, body, { validate });
  }

  get(id: string): Promise<CommandJson> {
    return this.commands.get(this.tenantId, id);
  }

  /** Answers the delivery sent last, or another; resolves when the answer may be acknowledged. */
  answer(response: unknown = { done: true }, to: { correlation: number } = this.link.last): Promise<void> {
    const { correlation } = to;
    return new Promise((resolve, reject) => {
      this.commands.engine.answered(this.via(), { to: { correlation }, response }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /** Lets everything that is under way in the store end. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await this.store.query({ sql: 'SELECT 1', parameters: [] });
  }

  /** Moves time in steps, so that what a moment brings about can go on. */
  async pass(seconds: number, steps = 1): Promise<void> {
    for (let step = 0; step < steps; step++) {
      this.clock.advance((seconds * 1000) / steps);
      await this.settle();
    }
  }

  /** The way of a command: `PENDING, PROCESSING/SENDING, …`. */
  async way(id: string): Promise<string> {
    const { history } = await this.get(id);
    return history
      .map(({ status, deliveryStatus, errorCode }) =>
        [status, deliveryStatus, errorCode].filter((part) => part !== undefined).join('/'),
      )
      .join(', ');
  }

  /** What the audit log tells, newest first. */
  async audited(): Promise<string[]> {
    const query = { offset: 0, limit: 50, oldestFirst: false, equals: {} };
    const { messages } = await this.audit.list(this.tenantId, query);
    return messages.map(({ description }) => description);
  }
}
