import type { DeviceInterface } from '../../../inventory/types.ts';
import type { Timer } from '../../../platform/clock.ts';
import type { Observation } from '../../../protocols/coap/observation.ts';
import type { Lwm2mPath } from '../../../protocols/lwm2m/path.ts';
import type {
  DeviceResourceError,
  ResourceDelivery,
  ResourceProgress,
  ResourceReports,
} from '../../connector.ts';
import type { TwinRequest } from '../../twin-link.ts';
import { chooseDelivery, deliveryMetadata } from './choose-delivery.ts';
import { type DeviceAnswer, type DeviceDialog, type DialogParts, Unreachable } from './device-dialog.ts';
import {
  type FirmwareStatus,
  failureOfAnswer,
  failureOfResult,
  firmwarePaths,
  firmwareResults,
  firmwareStates,
  readFirmwareStatus,
} from './firmware-object.ts';
import { resetFirmware } from './reset-firmware.ts';

export interface FirmwareSettings {
  /** Largest blocks in which a package is written to a device. */
  readonly lwm2mFirmwareBlockBytes: number;
  /** How often a device that is at an update is asked how far it is, beside what it notifies. */
  readonly lwm2mFirmwarePollMs: number;
  /** How often a package is delivered in one update, when deliveries break off. */
  readonly lwm2mFirmwareMaxDeliveries: number;
}

export interface FirmwareRunParts extends DialogParts {
  readonly reports: ResourceReports;
  readonly settings: FirmwareSettings;
  /** The host by which the device reaches the platform. */
  hostFor(dialog: DeviceDialog): Promise<string>;
  /** The device shall forget its package, at the latest when it is there again. */
  forget(via: DeviceInterface): void;
}

/** What a restart of the platform has to know of a run; kept with the update. */
interface Mark {
  readonly step: 'deliver' | 'install';
  /** Deliveries begun. */
  readonly deliveries: number;
  /** The result before the delivery: the same one later says nothing of it. */
  readonly before: number;
  readonly packageVersion?: string | undefined;
}

/** What comes after a step: the next one at once, or when something is heard of the device. */
type Next = 'go on' | 'wait';

/** The run has ended: by itself, or because nobody wants it any more. */
class Over extends Error {}

const { idle, downloading, downloaded, updating } = firmwareStates;

/**
 * Takes one device through one update by its object 5 (LwM2M Core 1.1.1, E.6): delivers the package, has it installed, and
 * makes sure of the version. It goes by what the device says of itself, so that it may begin at any point: after a restart of
 * the device, of the platform, or after a sleep.
 */
export class FirmwareRun {
  readonly delivery: ResourceDelivery;
  readonly dialog: DeviceDialog;
  /** The endpoint name with which it began. */
  readonly nodeId: string;
  private readonly parts: FirmwareRunParts;
  private mark: Mark | undefined;
  private accepted: boolean;
  private over = false;
  private busy = false;
  private again = false;
  /** The registration over which the package was delivered, installing was asked for, and the state is observed. */
  private readonly by: Record<'delivered' | 'installed' | 'observed', string | undefined> = {
    delivered: undefined,
    installed: undefined,
    observed: undefined,
  };
  private observation: Observation | undefined;
  private timer: Timer | undefined;

  constructor(parts: FirmwareRunParts, dialog: DeviceDialog, delivery: ResourceDelivery) {
    this.parts = parts;
    this.dialog = dialog;
    this.nodeId = dialog.via.nodeId;
    this.delivery = delivery;
    this.mark = delivery.mark as Mark | undefined;
    this.accepted = delivery.accepted;
  }

  /** True once it has told the end of the update, or was stopped. */
  get ended(): boolean {
    return this.over;
  }

  /** True when the device may have something of this update. */
  get begun(): boolean {
    return this.mark !== undefined;
  }

  stop(): void {
    if (this.over) return;
    this.over = true;
    this.timer?.cancel();
    this.observation?.forget();
    this.dialog.end();
  }

  /** Something was heard of the device, or it is time to ask. */
  poke(): void {
    this.again = true;
    if (!this.busy && !this.over) void this.advance();
  }

  private async advance(): Promise<void> {
    this.busy = true;
    this.timer?.cancel();
    try {
      do {
        this.again = false;
        if ((await this.step()) === 'go on') this.again = true;
      } while (this.again && !this.over);
    } catch (error) {
      if (error instanceof Unreachable) this.unreachable(error.message);
      else if (!(error instanceof Over))
        this.fail({ origin: 'INTERNAL', code: 'CONTENT_UNAVAILABLE' }, undefined, (error as Error).message);
    } finally {
      this.busy = false;
    }
    if (this.over) return;
    const { clock, settings } = this.parts;
    this.timer = clock.after('firmware of a device', settings.lwm2mFirmwarePollMs, () => this.poke());
  }

  private async step(): Promise<Next> {
    if (!this.dialog.registration) throw new Unreachable('the device cannot be reached now');
    const status = await this.look();
    if (!this.mark) return this.begin(status);
    if (!this.accepted && status.state !== idle) await this.accept();
    return this.mark.step === 'deliver'
      ? this.delivering(status, this.mark)
      : this.installing(status, this.mark);
  }

  /** The first look at a device: has it the version already, and is it free? */
  private async begin(status: FirmwareStatus): Promise<Next> {
    const { currentVersion, requestedVersion } = this.delivery;
    const version = await this.readText(firmwarePaths.deviceVersion);
    if (version !== undefined && (currentVersion === undefined || version === requestedVersion)) {
      await this.report(version);
      // It has the version, or one from which it cannot come.
      if (this.over) throw new Over();
    }
    if (status.state === updating) return 'wait';
    return this.deliver(status, 1);
  }

  private async delivering(status: FirmwareStatus, mark: Mark): Promise<Next> {
    const { result, state } = status;
    if (state === downloaded) return this.install(status, mark);
    const isSame = this.by.delivered === this.dialog.registration?.id;
    if (state === updating || (state === downloading && (isSame || this.pulls(status)))) {
      await this.observe();
      return 'wait';
    }
    if (state === idle && result === firmwareResults.success && result !== mark.before)
      return this.verify(status, mark);
    if (state === idle && result !== mark.before) return this.failByResult(status);
    if (isSame) return 'wait';
    return this.deliver(status, mark.deliveries + 1);
  }

  private async installing(status: FirmwareStatus, mark: Mark): Promise<Next> {
    const { result, state } = status;
    const isFailure = result > firmwareResults.success && result !== firmwareResults.deferred;
    if (isFailure && (state === idle || state === downloaded)) return this.failByResult(status);
    const isSame = this.by.installed === this.dialog.registration?.id;
    if (state === idle && result === firmwareResults.success) return this.verify(status, mark);
    if (state === idle && !isSame) {
      // It restarted and has forgotten: what it runs tells whether that was before or after.
      const version = await this.readText(firmwarePaths.deviceVersion);
      if (version === this.delivery.requestedVersion) return this.verify(status, mark);
      return this.deliver(status, mark.deliveries + 1);
    }
    if (state === downloaded && result !== firmwareResults.deferred && !isSame)
      return this.install(status, mark);
    await this.observe();
    return 'wait';
  }

  private async deliver(seen: FirmwareStatus, deliveries: number): Promise<Next> {
    const { settings } = this.parts;
    if (deliveries > settings.lwm2mFirmwareMaxDeliveries) {
      const details = `The package was delivered ${deliveries - 1} times, and the device had none of them in the end (setting lwm2mFirmwareMaxDeliveries).`;
      this.fail({ origin: 'INTERNAL', code: 'DELIVERY_FAILED' }, undefined, details);
      return 'wait';
    }
    const { metadata, resourceMetadata } = this.delivery;
    const wanted = metadata[deliveryMetadata] ?? resourceMetadata[deliveryMetadata];
    const host = await this.parts.hostFor(this.dialog);
    const way = chooseDelivery(seen, wanted, (protocol) => this.delivery.linkBy(protocol, host));
    if (typeof way === 'string') {
      this.fail({ origin: 'INTERNAL', code: 'NO_DELIVERY_METHOD' }, undefined, way);
      return 'wait';
    }
    let status = seen;
    if (status.state !== idle || status.result !== firmwareResults.initial) {
      await resetFirmware(this.dialog, status);
      status = await this.look();
    }
    if (status.state !== idle) {
      const details = `It stays in state ${status.state} (/5/0/3) though it was told to forget its package.`;
      this.fail({ origin: 'DEVICE', code: 'INTERNAL_ERROR' }, undefined, details);
      return 'wait';
    }
    await this.observe();
    this.by.delivered = undefined;
    const note =
      way.kind === 'push' ? 'The package is being written to /5/0/0.' : `To be fetched from ${way.uri}.`;
    await this.keep({ step: 'deliver', deliveries, before: status.result }, note);
    const answer =
      way.kind === 'push' ? await this.push() : await this.write(firmwarePaths.packageUri, way.uri);
    if (answer.kind !== 'ok') return this.refused(answer);
    await this.accept();
    if (way.kind === 'push') this.progress({ bytes: this.delivery.size });
    this.by.delivered = this.dialog.registration?.id;
    return 'go on';
  }

  private async install(status: FirmwareStatus, before: Mark): Promise<Next> {
    await this.accept();
    await this.observe();
    const { packageVersion } = status;
    const note = `The device has the package${packageVersion === undefined ? '' : ` ${packageVersion}`}; it is told to install it.`;
    await this.keep({ ...before, step: 'install', packageVersion }, note);
    const answer = await this.dialog.ask({ kind: 'execute', path: firmwarePaths.update, argument: '' });
    if (answer.kind !== 'ok') return this.refused(answer);
    this.by.installed = this.dialog.registration?.id;
    return 'wait';
  }

  /** The device says that it has installed the package: which version has it now? */
  private async verify({ packageVersion }: FirmwareStatus, mark: Mark): Promise<Next> {
    const { requestedVersion } = this.delivery;
    const version = await this.readText(firmwarePaths.deviceVersion);
    const said = [version, packageVersion, mark.packageVersion].filter((each) => each !== undefined);
    if (said.length === 0 || said.includes(requestedVersion)) {
      await this.note(
        said.length === 0
          ? 'Installed; the device names no version (/3/0/3, /5/0/7).'
          : `Installed; the device names ${said[0]}.`,
      );
      this.stop();
      await this.report(requestedVersion);
      return 'wait';
    }
    await this.report(said[0] as string);
    const details = `The device has installed the package and says that it has ${[...new Set(said)].join(', ')} (/3/0/3, /5/0/7). Name the version in the repository as the device names it.`;
    this.fail({ origin: 'INTERNAL', code: 'VERSION_MISMATCH' }, undefined, details);
    return 'wait';
  }

  private async push(): Promise<DeviceAnswer> {
    const { delivery, parts } = this;
    return this.dialog.writeLarge(firmwarePaths.package, delivery.content, {
      blockBytes: parts.settings.lwm2mFirmwareBlockBytes,
      taken: (bytes) => {
        if (bytes === 0 || this.over) return;
        this.accepted = true;
        this.progress({ bytes });
      },
    });
  }

  /** The device did not take a package, or does not install it: its update result may say more than its answer. */
  private async refused(answer: Exclude<DeviceAnswer, { kind: 'ok' }>): Promise<Next> {
    const status = await this.look();
    if (status.result > firmwareResults.success && status.result !== firmwareResults.deferred)
      return this.failByResult(status);
    if (answer.kind !== 'deviceError') {
      this.fail({ origin: 'DEVICE', code: 'ASSET_ORIGINATED_ERROR' }, undefined, answer.reason, status);
      return 'wait';
    }
    // The device is busy, or has lost a block: worth another try.
    if (answer.code >= 500 || answer.code === incomplete) throw new Unreachable(answer.reason);
    const { code, deviceCode } = failureOfAnswer(answer.code);
    this.fail({ origin: 'DEVICE', code }, deviceCode, answer.reason, status);
    return 'wait';
  }

  private failByResult(status: FirmwareStatus): Next {
    const { code, deviceCode, text } = failureOfResult(status.result);
    this.fail({ origin: 'DEVICE', code }, deviceCode, text, status);
    return 'wait';
  }

  private async look(): Promise<FirmwareStatus> {
    const answer = await this.ask({
      kind: 'read',
      paths: [firmwarePaths.instance],
      responseFormat: undefined,
    });
    if (answer.kind === 'ok') {
      const status = readFirmwareStatus(answer.values ?? []);
      if (typeof status !== 'string') return status;
      this.fail({ origin: 'DEVICE', code: 'ASSET_ORIGINATED_ERROR' }, undefined, status);
      throw new Over();
    }
    if (answer.kind === 'deviceError' && answer.code >= 500) throw new Unreachable(answer.reason);
    const { code, deviceCode } =
      answer.kind === 'deviceError'
        ? failureOfAnswer(answer.code)
        : { code: 'ASSET_ORIGINATED_ERROR', deviceCode: undefined };
    const details = `Object 5, by which firmware is updated, cannot be read (/5/0): ${answer.reason}`;
    this.fail({ origin: 'DEVICE', code }, deviceCode, details);
    throw new Over();
  }

  /** A text of the device; undefined when it has none. */
  private async readText(path: Lwm2mPath): Promise<string | undefined> {
    const answer = await this.ask({ kind: 'read', paths: [path], responseFormat: undefined });
    const value = answer.kind === 'ok' ? answer.values?.[0]?.value.value : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  private write(path: Lwm2mPath, text: string): Promise<DeviceAnswer> {
    const values = [{ path, value: { type: 'STRING', value: text } as const }];
    return this.ask({ kind: 'write', path, mode: 'REPLACE', values, requestFormat: undefined });
  }

  private async ask(request: TwinRequest): Promise<DeviceAnswer> {
    const answer = await this.dialog.ask(request);
    if (this.over) throw new Over();
    return answer;
  }

  /** Each state is notified; a device that does not observe is asked now and then. */
  private async observe(): Promise<void> {
    const { registration } = this.dialog;
    if (!registration || this.by.observed === registration.id) return;
    this.by.observed = registration.id;
    this.observation?.forget();
    this.observation = await this.dialog.observe(firmwarePaths.state, () => this.poke());
    if (!this.over) return;
    this.observation?.forget();
    throw new Over();
  }

  private pulls({ delivery }: FirmwareStatus): boolean {
    const { metadata, resourceMetadata } = this.delivery;
    return (
      delivery === 'pull' || (metadata[deliveryMetadata] ?? resourceMetadata[deliveryMetadata]) === 'pull'
    );
  }

  private async accept(): Promise<void> {
    if (this.accepted) return;
    this.accepted = true;
    const to = { correlation: this.delivery.correlation };
    await this.durable((done) => this.parts.reports.answered(this.dialog.via, to, 'OK', done));
  }

  private async keep(mark: Mark, note: string): Promise<void> {
    this.mark = mark;
    await this.durable((done) => this.progress({ mark, note }, done));
  }

  private note(note: string): Promise<void> {
    return this.durable((done) => this.progress({ note }, done));
  }

  private progress(progress: ResourceProgress, done: (error?: Error) => void = () => {}): void {
    const to = { correlation: this.delivery.correlation };
    this.parts.reports.progressed(this.dialog.via, to, progress, done);
  }

  private report(version: string): Promise<void> {
    const resources = new Map([[this.delivery.resourceId, { version, metadata: undefined }]]);
    return this.durable((done) =>
      this.parts.reports.reported(this.dialog.via, { resources, problems: [] }, done),
    );
  }

  /** Goes on when it is stored; what cannot be stored is tried again with the next look. */
  private async durable(tell: (done: (error?: Error) => void) => void): Promise<void> {
    const error = await new Promise<Error | undefined>((resolve) => tell(resolve));
    if (error) throw new Unreachable(error.message);
  }

  private fail(
    as: NonNullable<DeviceResourceError['as']>,
    code: string | undefined,
    details: string,
    status?: FirmwareStatus,
  ): void {
    if (this.over) return;
    const { via } = this.dialog;
    this.stop();
    if (status && status.state === downloaded) this.parts.forget(via);
    const to = { correlation: this.delivery.correlation };
    this.parts.reports.updateFailed(via, to, { code, details, as }, () => {});
  }

  /** Who has not accepted the update is asked again by the engine; who has is waited for. */
  private unreachable(reason: string): void {
    if (this.over || this.accepted) return;
    this.stop();
    const failure = { errorCode: 'DEVICE_TIMEOUT', reason, permanent: false };
    this.parts.reports.failed(this.delivery, failure);
  }
}

/** 4.08: blocks of a package were lost (RFC 7959, 2.9.2). */
const incomplete = 408;
