import type { AuditLog } from '../audit/audit-log.ts';
import type { EventBus } from '../bus/event-bus.ts';
import type {
  ConfigurationDelivery,
  ConfigurationReport,
  ConfigurationReports,
  Connectivities,
  DeliveryFailure,
  DeliveryRef,
} from '../connectors/connector.ts';
import { configLimits, fifoOfTopic } from '../contract/configuration.ts';
import type { ConnectorName } from '../contract/connectors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Device, DeviceInterface, InterfaceRegistry } from '../inventory/types.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import { Deadlines } from '../platform/deadlines.ts';
import type { FifoService } from '../routing/fifo-service.ts';
import type { Statement, Store } from '../store/types.ts';
import { ConfigurationNotes } from './configuration-notes.ts';
import {
  afterLoss,
  afterReport,
  afterSend,
  type ConfigurationChange,
  giveUpMsOf,
  type ParameterDelivery,
  pickParameters,
  underWay,
} from './configuration-record.ts';
import { type ConfigurationEntry, ConfigurationShelf } from './configuration-shelf.ts';

export interface ConfigurationEngineParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly bus: EventBus<PlatformEvents>;
  readonly audit: AuditLog;
  readonly fifos: FifoService;
  readonly registry: InterfaceRegistry;
  readonly connectivities: Connectivities;
  readonly settings: { readonly configurationMaxAttempts: number };
}

/** How long to wait before trying again what neither a device nor a store has taken. */
const retryMs = 1000;
/** Seconds of 2020-01-01. */
const firstSecond = 1_577_836_800;

/**
 * Brings devices to the values that were asked for (manual 8.2.1): sends what differs when a device takes it, and
 * compares what it says. What it knows is durable before the wire sees it.
 */
export class ConfigurationEngine implements ConfigurationReports {
  readonly shelf: ConfigurationShelf;
  private readonly parts: ConfigurationEngineParts;
  private readonly notes: ConfigurationNotes;
  private readonly deadlines: Deadlines<ConfigurationEntry>;
  /** Deliveries under way. */
  private readonly byCorrelation = new Map<number, ConfigurationEntry>();
  private nextCorrelation = 1;

  constructor(parts: ConfigurationEngineParts) {
    this.parts = parts;
    this.notes = new ConfigurationNotes(parts.audit);
    this.deadlines = new Deadlines(parts.clock, 'configuration deadlines', (entry) => this.due(entry));
    this.shelf = new ConfigurationShelf(parts.store, { restored: (entry) => this.later(entry) });
  }

  /** Begins with what is not at its value yet. What was under way is sent again: the connections are gone. */
  async start(): Promise<void> {
    this.stop();
    const { registry, clock } = this.parts;
    const highest = await this.shelf.start((tenantId, deviceId) => registry.findDevice(tenantId, deviceId));
    // A wire knows a delivery by this number, and may answer after a restart or a reset: so it also rises with time.
    const elapsedS = Math.floor(clock.now() / 1000) - firstSecond;
    this.nextCorrelation = Math.max(this.nextCorrelation, elapsedS, highest + 1);
    for (const entry of this.shelf.inMemory()) {
      this.lose(entry, () => true, { event: 'lost', counted: false });
      this.dispatch(entry);
    }
  }

  stop(): void {
    this.deadlines.clear();
    this.byCorrelation.clear();
    this.shelf.clear();
  }

  deviceDeleted(tenantId: string, deviceId: string): void {
    const entry = this.shelf.remove(tenantId, deviceId);
    if (!entry) return;
    this.deadlines.set(entry, undefined);
    for (const correlation of entry.correlations) this.byCorrelation.delete(correlation);
  }

  /** A device that is not there any more answers nothing. */
  deviceWent(device: Device, connector: ConnectorName, nodeId: string): void {
    const entry = this.shelf.find(device);
    if (!entry) return;
    const isIt = (delivery: ParameterDelivery): boolean =>
      delivery.connector === connector && delivery.nodeId === nodeId;
    this.lose(entry, isIt, { event: 'lost', counted: false });
  }

  /**
   * Makes a change, tells of it when it is durable, and goes on from it.
   * @param alongside statements that are stored with it, in one transaction
   */
  change(
    entry: ConfigurationEntry,
    { record, keys }: ConfigurationChange,
    done: (error?: Error) => void = () => {},
    alongside: readonly Statement[] = [],
  ): void {
    const { bus } = this.parts;
    const { device } = entry;
    const describe = () => pickParameters(record, keys);
    const notice = this.notice(device, record.notifyTo, keys, describe);
    this.shelf.write(entry, record, [...notice.statements, ...alongside], (error) => {
      if (!error && !entry.deleted && keys.length > 0) {
        notice.enter();
        bus.emit('configurationChanged', { tenantId: device.tenantId, deviceId: device.id, describe });
      }
      done(error);
    });
    this.track(entry);
    this.arm(entry);
    this.dispatch(entry);
  }

  ready(via: DeviceInterface): void {
    const entry = this.shelf.find(via.device);
    if (!entry) return;
    entry.retryMs = 0;
    this.dispatch(entry);
  }

  allReady(connector: ConnectorName, tenantId?: string): void {
    for (const entry of this.shelf.inMemory()) {
      if (tenantId !== undefined && entry.device.tenantId !== tenantId) continue;
      if ([...entry.device.interfaces].some((via) => via.connector === connector)) this.dispatch(entry);
    }
  }

  /** The states of a parameter know no steps between sent and answered. */
  sent(): void {}

  delivered(): void {}

  unsent({ correlation }: DeliveryRef, _reason: string): void {
    const entry = this.byCorrelation.get(correlation);
    if (!entry) return;
    // Not at once: a connectivity that takes and does not send must not keep both busy.
    entry.retryMs = this.parts.clock.now() + retryMs;
    this.lose(entry, (delivery) => delivery.correlation === correlation, { event: 'lost', counted: false });
  }

  failed({ correlation }: DeliveryRef, { reason, permanent }: DeliveryFailure): void {
    const entry = this.byCorrelation.get(correlation);
    const delivery =
      entry && underWay(entry.record).find((each) => each.delivery.correlation === correlation);
    if (!entry || !delivery) return;
    const { tenantId, id: deviceId } = entry.device;
    const { connector, nodeId, attempts } = delivery.delivery;
    this.notes.noteFailure({ deviceId, connector, nodeId }, tenantId, reason, correlation);
    const event = permanent || attempts >= this.parts.settings.configurationMaxAttempts ? 'giveUp' : 'lost';
    entry.retryMs = this.parts.clock.now() + retryMs;
    this.lose(entry, (each) => each.correlation === correlation, { event, counted: true });
  }

  reported(via: DeviceInterface, report: ConfigurationReport, done: (error?: Error) => void): void {
    const { tenantId, id } = via.device;
    if (this.parts.registry.findDevice(tenantId, id) !== via.device) {
      done();
      return;
    }
    this.shelf
      .use(via.device, (entry) => {
        const { values, problems } = withinLimits(entry, report);
        this.notes.noteReport(via, entry.record, { ...report, problems });
        if (values.size === 0) {
          done();
          return;
        }
        const nowMs = this.parts.clock.now();
        this.change(entry, afterReport(entry.record, values, report.correlation, nowMs), done);
      })
      .catch((error: Error) => done(error));
  }

  /** Sends everything that waits, in one delivery, when the device takes it. */
  private dispatch(entry: ConfigurationEntry): void {
    const { connectivities, clock } = this.parts;
    if (entry.deleted || entry.retryMs > clock.now()) return;
    if (![...entry.record.parameters.values()].some(({ status }) => status === 'PENDING')) return;
    for (const via of entry.device.interfaces) {
      const downlink = connectivities.find(via.connector)?.configuration;
      if (!via.enabled || !downlink?.takes(via)) continue;
      this.begin(entry, via, clock.now() + downlink.answerTimeoutMs);
      return;
    }
  }

  /** Notes the delivery, and sends when that is durable. */
  private begin(entry: ConfigurationEntry, via: DeviceInterface, giveUpMs: number): void {
    const correlation = this.nextCorrelation++;
    const { connector, nodeId } = via;
    const change = afterSend(entry.record, { correlation, giveUpMs, connector, nodeId });
    this.change(entry, change, (error) => {
      if (error || entry.deleted) return;
      const downlink = this.parts.connectivities.find(connector)?.configuration;
      // Some may have been cancelled, or asked for anew, while it was being stored.
      const parameters = underWay(entry.record)
        .filter(({ delivery }) => delivery.correlation === correlation)
        .map(({ key, parameter }) => [key, parameter.requested] as const);
      const delivery = { correlation, attempt: 1, parameters: new Map(parameters) } as ConfigurationDelivery;
      if (parameters.length === 0) return;
      if (downlink?.takes(via)) downlink.send(via, delivery);
      else this.unsent(delivery, 'the device went while the request was being stored');
    });
  }

  /** The moment of a configuration has come: a delivery is given up, or something is tried again. */
  private due(entry: ConfigurationEntry): void {
    const nowMs = this.parts.clock.now();
    const most = this.parts.settings.configurationMaxAttempts;
    const over = underWay(entry.record).filter(({ delivery }) => delivery.giveUpMs <= nowMs);
    for (const correlation of new Set(over.map(({ delivery }) => delivery.correlation))) {
      const own = over.filter(({ delivery }) => delivery.correlation === correlation);
      const last = own.filter(({ delivery }) => delivery.attempts >= most);
      const isLast = (each: ParameterDelivery): boolean =>
        each.correlation === correlation && each.attempts >= most;
      const [first] = last;
      if (first) {
        const { connector, nodeId } = first.delivery;
        const { tenantId, id: deviceId } = entry.device;
        const keys = last.map(({ key }) => key);
        this.notes.noteSilence({ tenantId, deviceId, nodeId, connector }, correlation, keys, most);
        this.lose(entry, isLast, { event: 'giveUp', counted: true });
      }
      this.lose(entry, (each) => each.correlation === correlation, { event: 'lost', counted: true });
    }
    this.arm(entry);
    this.dispatch(entry);
  }

  private lose(
    entry: ConfigurationEntry,
    matches: (delivery: ParameterDelivery) => boolean,
    how: { event: 'lost' | 'giveUp'; counted: boolean },
  ): void {
    const change = afterLoss(entry.record, matches, how);
    if (change.keys.length > 0) this.change(entry, change);
  }

  /** A change was not stored: the configuration is again what a restart would find, and is looked at again soon. */
  private later(entry: ConfigurationEntry): void {
    entry.retryMs = this.parts.clock.now() + retryMs;
    this.track(entry);
    this.arm(entry);
  }

  /** Keeps {@link byCorrelation} as the configuration says. */
  private track(entry: ConfigurationEntry): void {
    const now = new Set(underWay(entry.record).map(({ delivery }) => delivery.correlation));
    for (const correlation of entry.correlations) {
      if (!now.has(correlation)) this.byCorrelation.delete(correlation);
    }
    for (const correlation of now) this.byCorrelation.set(correlation, entry);
    entry.correlations = now;
  }

  private arm(entry: ConfigurationEntry): void {
    const nowMs = this.parts.clock.now();
    const times = [giveUpMsOf(entry.record), entry.retryMs > nowMs ? entry.retryMs : undefined];
    const known = times.filter((time) => time !== undefined);
    const next = known.length === 0 ? undefined : Math.min(...known);
    // What is over and could not be stored is tried again, and not at once.
    this.deadlines.set(entry, next !== undefined && next <= nowMs ? nowMs + retryMs : next);
  }

  /** The event for the FIFO that is to hear of changes (manual 8.2.3.1); its form is ours. */
  private notice(
    { tenantId, id: deviceId }: Device,
    topic: string | undefined,
    keys: readonly string[],
    describe: () => object,
  ): { statements: readonly Statement[]; enter: () => void } {
    const { fifos, clock } = this.parts;
    const name = topic === undefined || keys.length === 0 ? undefined : fifoOfTopic(topic);
    if (topic === undefined || name === undefined) return { statements: [], enter: () => {} };
    const queue = fifos.find(tenantId, name);
    if (!queue) return { statements: [], enter: () => this.notes.noteLostNotice(tenantId, deviceId, topic) };
    const event = {
      type: 'configurationStatus',
      deviceId,
      timestamp: isoTime(clock.now()),
      parameters: describe(),
    };
    const from = { noRetention: false, messageSeq: undefined, messageId: undefined };
    const addition = fifos.prepare(queue, JSON.stringify(event), from);
    return {
      statements: addition.statement ? [addition.statement] : [],
      enter: () => void fifos.enter(addition),
    };
  }
}

/** The report without parameters beyond those that a device may have. */
function withinLimits(entry: ConfigurationEntry, report: ConfigurationReport) {
  const { parameters } = entry.record;
  const values = new Map(report.values);
  const problems = [...report.problems];
  let room = configLimits.parameters - parameters.size;
  for (const key of report.values.keys()) {
    if (parameters.has(key) || room-- > 0) continue;
    values.delete(key);
    problems.push(`${key}: a device has at most ${configLimits.parameters} parameters`);
  }
  return { values, problems };
}
