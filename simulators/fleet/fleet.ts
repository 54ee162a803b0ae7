import { PlatformError } from '../../core/contract/errors.ts';
import type { SimulatedDeviceView } from '../../core/contract/simulators.ts';
import { Sfc32 } from '../generators/sfc32.ts';
import type { AirDown, AirUp } from '../sms/air.ts';
import { ConnectGate } from './connect-gate.ts';
import type { FleetMember, FleetMembers } from './fleet-member.ts';
import { type FleetCounts, type FleetRun, noCounts } from './fleet-run.ts';
import { frameLimits } from './frame-limits.ts';
import { makeMembers } from './make-members.ts';
import { Schedule } from './schedule.ts';
import type { SimulatorSeams } from './seams.ts';

/** What a fleet says of itself. */
export interface FleetReport extends FleetCounts {
  /** Why devices are not connected, when there are such. */
  readonly problem: string | null;
}

/** Whom a fleet tells of what happens to it. */
export interface FleetSurroundings {
  /**
   * The platform has cut devices off, as it does with those that are deleted; they come back after
   * {@link Fleet.readmit}, or by themselves when it is not given.
   */
  cutOff?(): void;
  /** Something of its handsets goes over the mobile network. */
  air?(up: AirUp): void;
}

/** How long devices may take for their goodbye. */
const stopTimeoutMs = 5000;
const tellAfterMs = 50;

/** The devices of one template, from start to stop. */
export class Fleet {
  private readonly run: FleetRun;
  private readonly seams: SimulatorSeams;
  private readonly schedule: Schedule;
  private readonly gate: ConnectGate;
  private readonly counts = noCounts();
  private readonly surroundings: FleetSurroundings;
  private members: FleetMembers = { devices: [] };
  /** Devices that were cut off and of which nobody was told yet, and those that wait for the answer. */
  private untold: FleetMember[] = [];
  private told: FleetMember[] = [];

  constructor(run: FleetRun, seams: SimulatorSeams, surroundings: FleetSurroundings = {}) {
    this.run = run;
    this.seams = seams;
    this.surroundings = surroundings;
    this.schedule = new Schedule(seams.wireClock, `fleet ${run.template.name}`);
    this.gate = new ConnectGate(this.schedule, run.template.connectsPerS);
  }

  /** Resolves when its devices begin to connect. */
  async start(): Promise<void> {
    const { run, schedule, gate, counts } = this;
    const { template } = run;
    this.members = await makeMembers(run, {
      ...{ ...this.seams, schedule, gate, counts },
      timing: new Sfc32(template.seed, 0),
      frameLimits: frameLimits(template.count),
      cutOff: (device) => this.wasCutOff(device),
      air: (up) => this.surroundings.air?.(up),
    });
    for (const device of this.devices) device.start();
  }

  /** Disconnects all devices; the last counts stay. */
  async stop(): Promise<void> {
    this.gate.close();
    this.schedule.stop();
    const closed = Promise.all(this.devices.map((device) => device.stop()));
    let late: { cancel(): void } | undefined;
    const timeout = new Promise<void>((resolve) => {
      late = this.seams.wireClock.after('goodbye of simulated devices', stopTimeoutMs, resolve);
    });
    await Promise.race([closed, timeout]);
    late?.cancel();
    for (const device of this.devices) device.abandon();
    await this.members.close?.();
  }

  /** Lets those come back of whom {@link Fleet} told before. */
  readmit(): void {
    for (const device of this.told) device.comeBack();
    this.told = [];
    this.tellSoon();
  }

  /** Something for one of its handsets has come over the mobile network. */
  receive(down: AirDown): void {
    this.members.receive?.(down);
  }

  report(): FleetReport {
    return { ...this.counts, problem: this.problem() };
  }

  list(offset: number, limit: number): SimulatedDeviceView[] {
    return this.devices.slice(offset, offset + limit).map((device) => device.view());
  }

  /** @throws PlatformError `simulators.deviceNotFound` */
  device(number: number): FleetMember {
    const device = this.devices[number - 1];
    if (device) return device;
    throw new PlatformError('simulators.deviceNotFound', 'The fleet has no such device.', {
      details: `Device ${number} of ${this.devices.length}.`,
    });
  }

  private get devices(): readonly FleetMember[] {
    return this.members.devices;
  }

  private wasCutOff(device: FleetMember): void {
    this.untold.push(device);
    if (this.untold.length === 1) this.tellSoon();
  }

  /** Those that are cut off at once are told of at once, and one such group after the other. */
  private tellSoon(): void {
    if (this.untold.length === 0 || this.told.length > 0) return;
    this.schedule.at(this.schedule.nowMs() + tellAfterMs, () => {
      if (this.told.length > 0) return;
      this.told = this.untold;
      this.untold = [];
      const { cutOff } = this.surroundings;
      if (cutOff) cutOff();
      else this.readmit();
    });
  }

  private problem(): string | null {
    const { count } = this.run.template;
    if (this.counts.connected === count) return null;
    const views = this.devices.map((device) => device.view()).filter(({ problem }) => problem !== null);
    const [first] = views;
    if (!first) return null;
    return `${views.length} of ${count} devices are not connected; device ${first.number} ${first.state}: ${first.problem}`;
  }
}
