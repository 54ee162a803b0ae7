import { codes } from '../../../core/protocols/coap/codes.ts';
import { Refusal } from '../refusal.ts';
import {
  DownloadFailure,
  exchangeLifetimeMs,
  type FirmwareImage,
  type FirmwareOptions,
  type FirmwareResult,
  firmwareResults,
  imageOf,
  isWhole,
  lastSegment,
} from './firmware.ts';

/** Values of /9/x/7 (LwM2M Software Management 1.0, 5.1.2). */
export const softwareStates = {
  initial: 0,
  downloading: 1,
  downloaded: 2,
  delivered: 3,
  installed: 4,
} as const;
export type SoftwareState = (typeof softwareStates)[keyof typeof softwareStates];

/** Values of /9/x/9 (LwM2M Software Management 1.0). */
export const softwareResults = {
  initial: 0,
  downloading: 1,
  installed: 2,
  downloaded: 3,
  notEnoughStorage: 50,
  outOfMemory: 51,
  connectionLost: 52,
  integrityFailure: 53,
  unsupportedType: 54,
  invalidUri: 56,
  /** Of the device's own: a protocol that it does not speak. */
  unsupportedProtocol: 57,
  installFailed: 58,
} as const;
export type SoftwareResult = (typeof softwareResults)[keyof typeof softwareResults];

/** What a download may end with, which object 5 has other numbers for. */
const downloadResults: Readonly<Partial<Record<FirmwareResult, SoftwareResult>>> = {
  [firmwareResults.notEnoughStorage]: softwareResults.notEnoughStorage,
  [firmwareResults.outOfMemory]: softwareResults.outOfMemory,
  [firmwareResults.invalidUri]: softwareResults.invalidUri,
  [firmwareResults.unsupportedProtocol]: softwareResults.unsupportedProtocol,
};

export interface SoftwareSeams {
  after(name: string, delayMs: number, run: () => void): { cancel(): void };
  /** @throws DownloadFailure; any other error is taken for a lost connection */
  download(uri: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** State, result, activation, name or version are others than before. */
  changed(software: SoftwarePackage): void;
  /** Software came, or went. */
  updated(): void;
}

/**
 * The state machines of one software package (LwM2M Software Management 1.0, 5.1 and 5.2): it is written or fetched,
 * checked, installed, switched on and off, and removed.
 */
export class SoftwarePackage {
  private readonly options: FirmwareOptions;
  private readonly seams: SoftwareSeams;
  private stateNow: SoftwareState = softwareStates.initial;
  private resultNow: SoftwareResult = softwareResults.initial;
  private activeNow = false;
  private imageNow: FirmwareImage | undefined;
  private underWay: AbortController | undefined;
  /** A package is being written: it is given up when nothing more comes. */
  private receiving: { cancel(): void } | undefined;
  private installing: { cancel(): void } | undefined;

  constructor(options: FirmwareOptions, seams: SoftwareSeams) {
    this.options = options;
    this.seams = seams;
  }

  get state(): SoftwareState {
    return this.stateNow;
  }

  get result(): SoftwareResult {
    return this.resultNow;
  }

  get isActive(): boolean {
    return this.activeNow;
  }

  /** What was delivered, or is installed. */
  get image(): FirmwareImage | undefined {
    return this.imageNow;
  }

  /** The first block of a package has come, of several. */
  packageBegins(): void {
    if (this.stateNow !== softwareStates.initial) return;
    this.begin();
    this.receiving = this.seams.after('software package', exchangeLifetimeMs, () =>
      this.become(softwareStates.initial, softwareResults.connectionLost),
    );
  }

  /** A write of the whole package. @throws Refusal while there is another one, and when there is no room */
  writePackage(bytes: Uint8Array): void {
    if (this.receiving) this.endTransfers();
    else this.begin();
    const { storageBytes } = this.options;
    if (bytes.length > storageBytes) {
      this.become(softwareStates.initial, softwareResults.notEnoughStorage);
      const reason = `the package has ${bytes.length} bytes, and there is room for ${storageBytes}`;
      throw new Refusal(codes.requestEntityTooLarge, reason);
    }
    this.received(bytes, 'software');
  }

  /** A write of where the package is; it is fetched at once. @throws Refusal while there is another one */
  writeUri(uri: string): void {
    this.begin();
    const underWay = new AbortController();
    this.underWay = underWay;
    void this.fetch(uri, underWay.signal).then(
      (bytes) => {
        if (!underWay.signal.aborted) this.received(bytes, lastSegment(uri, 'software'));
      },
      (error) => {
        const told = error instanceof DownloadFailure ? downloadResults[error.result] : undefined;
        if (!underWay.signal.aborted)
          this.become(softwareStates.initial, told ?? softwareResults.connectionLost);
      },
    );
  }

  /** @throws Refusal unless a package was delivered */
  install(): void {
    this.require([softwareStates.delivered], 'be installed');
    if (this.installing) throw new Refusal(codes.methodNotAllowed, 'it is being installed');
    this.installing = this.seams.after('software installation', this.options.installMs, () => {
      this.installing = undefined;
      if (this.options.fault === 'updateFailed') {
        this.become(softwareStates.delivered, softwareResults.installFailed);
        return;
      }
      this.become(softwareStates.installed, softwareResults.installed);
      this.seams.updated();
    });
  }

  /**
   * Takes away what was delivered or installed.
   * @param forUpdate what is installed stays until its successor is delivered
   * @throws Refusal when there is nothing, and while it is being installed
   */
  uninstall(forUpdate: boolean): void {
    const { delivered, installed } = softwareStates;
    this.require(forUpdate ? [installed] : [delivered, installed], 'be removed');
    if (this.installing) throw new Refusal(codes.methodNotAllowed, 'it is being installed');
    if (forUpdate) this.become(softwareStates.initial, softwareResults.initial);
    else this.remove();
  }

  /** Takes everything away, whatever the state is, as a wipe or a deletion does. */
  remove(): void {
    const wasInstalled = this.stateNow === softwareStates.installed;
    this.imageNow = undefined;
    this.become(softwareStates.initial, softwareResults.initial);
    if (wasInstalled) this.seams.updated();
  }

  /** Switches it on or off. @throws Refusal unless it is installed */
  activate(isActive: boolean): void {
    this.require([softwareStates.installed], isActive ? 'be activated' : 'be deactivated');
    this.activeNow = isActive;
    this.seams.changed(this);
  }

  private begin(): void {
    this.require([softwareStates.initial], 'be delivered');
    this.become(softwareStates.downloading, softwareResults.downloading);
  }

  /** @throws Refusal */
  private require(states: readonly SoftwareState[], what: string): void {
    if (states.includes(this.stateNow)) return;
    const reason = `it can ${what} in state ${states.join(' or ')} (/9/x/7), and the state is ${this.stateNow}`;
    throw new Refusal(codes.methodNotAllowed, reason);
  }

  private async fetch(uri: string, signal: AbortSignal): Promise<Uint8Array> {
    const { storageBytes, fault } = this.options;
    if (fault === 'connectionLost') throw new DownloadFailure(firmwareResults.connectionLost, 'as told');
    if (fault === 'outOfMemory') throw new DownloadFailure(firmwareResults.outOfMemory, 'as told');
    const bytes = await this.seams.download(uri, storageBytes, signal);
    if (bytes.length <= storageBytes) return bytes;
    throw new DownloadFailure(firmwareResults.notEnoughStorage, `there is room for ${storageBytes} bytes`);
  }

  /** All of it is there: it is checked, and is delivered or nothing. */
  private received(bytes: Uint8Array, name: string): void {
    const { fault } = this.options;
    this.become(softwareStates.downloaded, softwareResults.downloading);
    if (fault === 'integrityFailure' || bytes.length === 0 || !isWhole(bytes))
      this.become(softwareStates.initial, softwareResults.integrityFailure);
    else if (fault === 'unsupportedType')
      this.become(softwareStates.initial, softwareResults.unsupportedType);
    else {
      this.imageNow = imageOf(bytes, name);
      this.become(softwareStates.delivered, softwareResults.downloaded);
    }
  }

  private become(state: SoftwareState, result: SoftwareResult): void {
    if (state !== softwareStates.downloading) this.endTransfers();
    this.installing?.cancel();
    this.installing = undefined;
    this.activeNow = false;
    this.stateNow = state;
    this.resultNow = result;
    this.seams.changed(this);
  }

  private endTransfers(): void {
    this.underWay?.abort();
    this.underWay = undefined;
    this.receiving?.cancel();
    this.receiving = undefined;
  }
}
