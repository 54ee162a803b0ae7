import { PlatformError } from '../../core/contract/errors.ts';
import type { SimulatedDeviceView } from '../../core/contract/simulators.ts';
import { MessageSource } from '../generators/message-source.ts';
import { payloadMaker } from '../generators/payload-maker.ts';
import { Sfc32 } from '../generators/sfc32.ts';
import type { SimulatorClock } from './clock.ts';
import { ConnectGate } from './connect-gate.ts';
import { type FleetCounts, type FleetRun, noCounts } from './fleet-run.ts';
import { frameLimits } from './frame-log.ts';
import { Schedule } from './schedule.ts';
import { SimulatedDevice } from './simulated-device.ts';

/** What a fleet says of itself. */
export interface FleetReport extends FleetCounts {
  /** Why devices are not connected, when there are such. */
  readonly problem: string | null;
}

/** How long devices may take for their goodbye. */
const stopTimeoutMs = 5000;

/** The devices of one template, from start to stop. */
export class Fleet {
  private readonly run: FleetRun;
  private readonly clock: SimulatorClock;
  private readonly schedule: Schedule;
  private readonly gate: ConnectGate;
  private readonly counts = noCounts();
  private devices: readonly SimulatedDevice[] = [];

  constructor(run: FleetRun, clock: SimulatorClock) {
    this.run = run;
    this.clock = clock;
    this.schedule = new Schedule(clock, `fleet ${run.template.name}`);
    this.gate = new ConnectGate(this.schedule, run.template.connectsPerS);
  }

  start(): void {
    const { run, clock, schedule, gate, counts } = this;
    const { template } = run;
    const maker = payloadMaker(template.payload);
    const timing = new Sfc32(template.seed, 0);
    const parts = { run, clock, schedule, gate, counts, timing, frameLimits: frameLimits(template.count) };
    this.devices = Array.from({ length: template.count }, (_, index) => {
      return new SimulatedDevice(index + 1, new MessageSource(template, maker, index + 1), parts);
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
      late = this.clock.after('goodbye of simulated devices', stopTimeoutMs, resolve);
    });
    await Promise.race([closed, timeout]);
    late?.cancel();
    for (const device of this.devices) device.abandon();
  }

  report(): FleetReport {
    return { ...this.counts, problem: this.problem() };
  }

  list(offset: number, limit: number): SimulatedDeviceView[] {
    return this.devices.slice(offset, offset + limit).map((device) => device.view());
  }

  /** @throws PlatformError `simulators.deviceNotFound` */
  device(number: number): SimulatedDevice {
    const device = this.devices[number - 1];
    if (device) return device;
    throw new PlatformError('simulators.deviceNotFound', 'The fleet has no such device.', {
      details: `Device ${number} of ${this.devices.length}.`,
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
