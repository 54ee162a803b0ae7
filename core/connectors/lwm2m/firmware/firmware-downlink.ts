import type { DeviceInterface } from '../../../inventory/types.ts';
import type { ResourceDelivery, ResourceDownlink } from '../../connector.ts';
import type { DeliveryRef } from '../../delivery.ts';
import { DeviceDialog } from './device-dialog.ts';
import { FirmwareRun, type FirmwareRunParts, type FirmwareSettings } from './firmware-run.ts';
import { forgetPackage } from './reset-firmware.ts';

export interface FirmwareDownlinkSettings extends FirmwareSettings {
  /** How long a device that is there may take until it has accepted an update. */
  readonly lwm2mFirmwareAnswerTimeoutMs: number;
}

export interface FirmwareDownlinkParts extends Omit<FirmwareRunParts, 'forget'> {
  readonly settings: FirmwareDownlinkSettings;
}

/** Updates of firmware by object 5 of LwM2M devices (`lwm2m-updater`, facts 4.2). */
export class FirmwareDownlink implements ResourceDownlink {
  readonly updater = 'lwm2m-updater';
  readonly answerTimeoutMs: number;
  private readonly parts: FirmwareRunParts;
  private readonly runs = new Map<DeviceInterface, FirmwareRun>();
  /** Devices that shall forget a package; those that could not be reached yet, too. */
  private readonly toForget = new Map<DeviceInterface, Promise<void> | undefined>();

  constructor(parts: FirmwareDownlinkParts) {
    this.parts = { ...parts, forget: (via) => this.forget(via) };
    this.answerTimeoutMs = parts.settings.lwm2mFirmwareAnswerTimeoutMs;
  }

  takes(via: DeviceInterface): boolean {
    return new DeviceDialog(this.parts, via).registration !== undefined;
  }

  send(via: DeviceInterface, delivery: ResourceDelivery): void {
    this.parts.reports.sent(delivery);
    this.run(via, delivery);
  }

  resume(via: DeviceInterface, delivery: ResourceDelivery): void {
    const run = this.runs.get(via);
    if (run && !run.ended && run.delivery.correlation === delivery.correlation) run.poke();
    else this.run(via, delivery);
  }

  withdraw(via: DeviceInterface, { correlation }: DeliveryRef): void {
    const run = this.runs.get(via);
    if (run && run.delivery.correlation !== correlation) return;
    this.runs.delete(via);
    if (run?.ended) return;
    run?.stop();
    if (!run || run.begun) this.forget(via);
  }

  /** The device can be asked something. */
  ready(via: DeviceInterface): void {
    if (this.toForget.has(via) && this.toForget.get(via) === undefined) this.forget(via);
    const run = this.runs.get(via);
    if (run?.ended) this.runs.delete(via);
    else run?.poke();
    this.parts.reports.ready(via);
  }

  /** There is no interface of this name any more; who asked for the update knows. */
  gone(tenantId: string, nodeId: string): void {
    for (const [via, run] of this.runs) {
      if (run.nodeId !== nodeId || via.device.tenantId !== tenantId) continue;
      run.stop();
      this.runs.delete(via);
    }
  }

  stop(): void {
    for (const run of this.runs.values()) run.stop();
    this.runs.clear();
    this.toForget.clear();
  }

  private run(via: DeviceInterface, delivery: ResourceDelivery): void {
    this.runs.get(via)?.stop();
    const run = new FirmwareRun(this.parts, new DeviceDialog(this.parts, via), delivery);
    this.runs.set(via, run);
    // Two that write to one device would undo each other's work.
    const before = this.toForget.get(via) ?? Promise.resolve();
    this.toForget.delete(via);
    void before.then(() => run.poke());
  }

  private forget(via: DeviceInterface): void {
    const done = forgetPackage(new DeviceDialog(this.parts, via)).then((reached) => {
      if (this.toForget.get(via) !== done) return;
      if (reached) this.toForget.delete(via);
      else this.toForget.set(via, undefined);
    });
    this.toForget.set(via, done);
  }
}
