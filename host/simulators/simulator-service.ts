import type { EndpointsView } from '../../core/contract/bench.ts';
import type { ClockView } from '../../core/contract/clock.ts';
import { PlatformError } from '../../core/contract/errors.ts';
import type { SmscStatus } from '../../core/contract/simulated-smsc.ts';
import type {
  DeviceAction,
  FleetTemplate,
  FleetView,
  SendOnce,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
  SimulatedFrame,
} from '../../core/contract/simulators.ts';
import type { Clock } from '../../core/platform/clock.ts';
import type { Files } from '../../core/platform/files.ts';
import type { Logger } from '../../core/platform/logger.ts';
import { type RandomSource, randomHex } from '../../core/platform/random.ts';
import type { Workers } from '../../core/platform/workers.ts';
import type { FleetReport } from '../../simulators/fleet/fleet.ts';
import { kindOf } from '../../simulators/fleet/fleet-kinds.ts';
import { FleetRegistration } from '../../simulators/fleet-registration.ts';
import { PlatformRest } from '../../simulators/platform-rest.ts';
import type { Smsc } from '../../simulators/sms/smsc/smsc.ts';
import { checkDeviceLimit } from './device-limit.ts';
import { FleetControl, type FleetParts } from './fleet-control.ts';
import { FleetFile } from './fleet-file.ts';
import { FleetThread } from './fleet-thread.ts';
import { SmsNetwork } from './sms-network.ts';
import { stoppedDetails, stoppedDevices } from './stopped-devices.ts';

/** The platform as the simulators are handed it: addresses, and a way to be let in. */
export interface SimulatedPlatform {
  endpoints(): EndpointsView;
  /** Its time, which simulated devices go by in what they say and how long they take to answer. */
  time(): ClockView;
  readonly caCertificatePem: string | undefined;
  /** Text of a key for the REST API that may register devices and make keys. */
  openKey(tenantId: string): string;
}

export interface SimulatorParts {
  readonly platform: SimulatedPlatform;
  readonly workers: Workers;
  readonly files: Files;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  /** Where definitions are kept; undefined keeps none. */
  readonly dataDir: string | undefined;
  /** How many files and sockets the process may have open; undefined: any number. */
  readonly openFiles: number | undefined;
  /** The short message centre, which handsets are in the network of. */
  smsc(): Smsc;
}

const mostFleets = 1000;

/** The simulated fleets of all tenants. */
export class SimulatorService {
  private readonly parts: SimulatorParts;
  private readonly file: FleetFile | undefined;
  private readonly thread: FleetThread;
  private readonly network: SmsNetwork;
  private readonly fleets = new Map<string, FleetControl>();
  private readonly registrations = new Map<string, Promise<FleetRegistration>>();

  constructor(parts: SimulatorParts) {
    this.parts = parts;
    const { files, dataDir, logger, workers } = parts;
    this.file = dataDir === undefined ? undefined : new FleetFile(files, dataDir, logger);
    this.thread = new FleetThread(workers, () => parts.platform.time(), {
      crashed: (reason) => {
        for (const fleet of this.fleets.values()) fleet.crashed(reason);
      },
      cutOff: (fleetId) => this.fleets.get(fleetId)?.cutOff(),
      air: (fleetId, messages) => this.network.receive(fleetId, messages),
    });
    this.network = new SmsNetwork(parts.smsc, (fleetId, messages) => {
      // When the thread ends meanwhile, the fleets say so themselves.
      if (this.thread.running) void this.thread.call('air', { fleetId, messages }).catch(() => {});
    });
  }

  /** Loads the definitions; every fleet is stopped. Before the platform is started, so that none is missed. */
  async start(): Promise<void> {
    for (const kept of (await this.file?.load()) ?? []) {
      this.fleets.set(kept.id, new FleetControl(kept, this.fleetParts(kept.tenantId)));
    }
  }

  /** Stops all fleets and ends their thread; while the platform still answers, so that their keys are deleted. */
  async stop(): Promise<void> {
    await this.stopFleets();
    await this.thread.stop();
  }

  /** The platform's time jumped, or goes on in another way. */
  async followTime(view: ClockView): Promise<void> {
    // When the thread ends meanwhile, the fleets say so themselves.
    if (this.thread.running) await this.thread.call('clock', view).catch(() => {});
  }

  /**
   * The platform's time is on the way of a jump, at this moment. Resolves when simulated devices know: those that are
   * asked for something there take their time from there.
   */
  async followMoment(atMs: number): Promise<void> {
    if (this.thread.running) await this.thread.call('moment', { atMs }).catch(() => {});
  }

  async stopFleets(): Promise<void> {
    await Promise.all([...this.fleets.values()].map((fleet) => fleet.stop()));
  }

  /** The short message centre of the handsets of all tenants. */
  centre(): SmscStatus {
    return this.parts.smsc().status();
  }

  /** Oldest first. */
  async list(tenantId: string): Promise<FleetView[]> {
    const reports = await this.reports();
    const own = [...this.fleets.values()].filter((fleet) => fleet.tenantId === tenantId);
    return own.map((fleet) => fleet.view(fleet.running ? reports[fleet.id] : undefined));
  }

  /** @throws PlatformError `api.invalidParameter`, `simulators.duplicate` */
  async create(tenantId: string, wanted: FleetTemplate): Promise<FleetView> {
    const kind = kindOf(wanted);
    await kind.check(wanted, this.rest(tenantId));
    const template = kind.complete?.(wanted, this.parts.random) ?? wanted;
    if (
      [...this.fleets.values()].some(
        (fleet) => fleet.tenantId === tenantId && fleet.template.name === template.name,
      )
    ) {
      throw new PlatformError('simulators.duplicate', 'A fleet of this name exists.', {
        details: template.name,
      });
    }
    if (this.fleets.size >= mostFleets) {
      throw new PlatformError(
        'simulators.wrongState',
        `There are ${mostFleets} fleets already: remove some.`,
      );
    }
    const definition = { id: randomHex(this.parts.random, 6), tenantId, template };
    const fleet = new FleetControl(definition, this.fleetParts(tenantId));
    this.fleets.set(fleet.id, fleet);
    try {
      await this.save();
    } catch (error) {
      this.fleets.delete(fleet.id);
      throw error;
    }
    return fleet.view();
  }

  /** @throws PlatformError `simulators.fleetNotFound`, as all that name a fleet do */
  async get(tenantId: string, id: string): Promise<FleetView> {
    const fleet = this.fleet(tenantId, id);
    const reports = fleet.running ? await this.reports() : {};
    return fleet.view(fleet.running ? reports[id] : undefined);
  }

  /** Begins to start the fleet; its state tells when it runs, or why it does not. */
  async startFleet(tenantId: string, id: string): Promise<FleetView> {
    const fleet = this.fleet(tenantId, id);
    void fleet.start();
    return fleet.view();
  }

  /** Resolves when its devices are disconnected. */
  async stopFleet(tenantId: string, id: string): Promise<FleetView> {
    const fleet = this.fleet(tenantId, id);
    await fleet.stop();
    await this.endIdleThread();
    return fleet.view();
  }

  /** @param devices whether its devices are deleted from the platform too */
  async remove(tenantId: string, id: string, devices: boolean): Promise<void> {
    const fleet = this.fleet(tenantId, id);
    await fleet.stop();
    await this.endIdleThread();
    if (devices) {
      const registration = await this.registration(tenantId);
      await registration.deleteDevices(fleet.template.name);
      await registration.deleteOthers(fleet.template);
    }
    this.fleets.delete(id);
    await this.save();
  }

  async devices(tenantId: string, id: string, offset: number, limit: number): Promise<SimulatedDeviceView[]> {
    const fleet = this.fleet(tenantId, id);
    if (!fleet.running) return stoppedDevices(fleet.template, offset, limit);
    return this.thread.call('devices', { fleetId: id, offset, limit });
  }

  /** @throws PlatformError `simulators.deviceNotFound` */
  async device(tenantId: string, id: string, number: number): Promise<SimulatedDeviceDetails> {
    const fleet = this.fleet(tenantId, id);
    if (!fleet.running) return stoppedDetails(fleet.template, number, this.parts.clock.now());
    return this.thread.call('device', { fleetId: id, number });
  }

  /** @throws PlatformError `simulators.wrongState`, `simulators.notAcknowledged`, `simulators.deviceNotFound` */
  async send(tenantId: string, id: string, number: number, message: SendOnce): Promise<SimulatedFrame> {
    this.runningFleet(tenantId, id);
    return this.thread.call('send', { fleetId: id, number, message });
  }

  /** @throws PlatformError `simulators.wrongState`, `simulators.deviceNotFound`, `api.invalidParameter` */
  async act(tenantId: string, id: string, number: number, action: DeviceAction): Promise<void> {
    this.runningFleet(tenantId, id);
    await this.thread.call('act', { fleetId: id, number, action });
  }

  /** @throws PlatformError `simulators.wrongState` when it does not run */
  private runningFleet(tenantId: string, id: string): FleetControl {
    const fleet = this.fleet(tenantId, id);
    if (fleet.running) return fleet;
    const details = `The fleet is ${fleet.view().state}; start it first.`;
    throw new PlatformError('simulators.wrongState', 'The simulated device is not connected.', { details });
  }

  private fleet(tenantId: string, id: string): FleetControl {
    const fleet = this.fleets.get(id);
    if (fleet?.tenantId === tenantId) return fleet;
    throw new PlatformError('simulators.fleetNotFound', 'There is no such fleet.', { details: id });
  }

  /** A thread without devices would only hold memory. */
  private async endIdleThread(): Promise<void> {
    if (![...this.fleets.values()].some((fleet) => fleet.active)) await this.thread.stop();
  }

  private async reports(): Promise<Readonly<Record<string, FleetReport>>> {
    if (!this.thread.running) return {};
    // When the thread ends meanwhile, the fleets say so themselves.
    return this.thread.call('reports', undefined).catch(() => ({}));
  }

  private async save(): Promise<void> {
    await this.file?.save(() => [...this.fleets.values()]);
  }

  private fleetParts(tenantId: string): FleetParts {
    const { thread, network } = this;
    return {
      ...{ thread, network },
      logger: this.parts.logger,
      registration: () => this.registration(tenantId),
      target: (template) => this.target(template),
      admit: () => this.admit(),
      secret: () => randomHex(this.parts.random, 16),
    };
  }

  private target(template: FleetTemplate): { url: string; caCertificatePem?: string | undefined } {
    const { platform } = this.parts;
    const url = kindOf(template).url(template, platform.endpoints());
    // Also for plain MQTT: links to contents may be HTTPS.
    return { url, caCertificatePem: platform.caCertificatePem };
  }

  /** The fleet that starts is among the active ones. */
  private admit(): void {
    const active = [...this.fleets.values()].filter((fleet) => fleet.active);
    const count = (fleets: readonly FleetControl[]) =>
      fleets.reduce((sum, fleet) => sum + fleet.template.count, 0);
    const sockets = active.reduce((sum, { template }) => sum + kindOf(template).sockets(template), 0);
    checkDeviceLimit({ devices: count(active), sockets }, this.parts.openFiles);
  }

  /** The first one of a run deletes the keys that a killed program left behind. */
  private registration(tenantId: string): Promise<FleetRegistration> {
    const known = this.registrations.get(tenantId);
    if (known) return known;
    const made = (async () => {
      const registration = new FleetRegistration(this.rest(tenantId));
      await registration.deleteKeysLeftBehind();
      return registration;
    })();
    this.registrations.set(tenantId, made);
    made.catch(() => this.registrations.delete(tenantId));
    return made;
  }

  private rest(tenantId: string): PlatformRest {
    const { platform } = this.parts;
    return new PlatformRest(
      () => platform.endpoints().http,
      () => platform.openKey(tenantId),
    );
  }
}
