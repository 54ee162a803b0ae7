import { createHash } from 'node:crypto';
import { codes } from '../../../core/protocols/coap/codes.ts';
import { Refusal } from '../refusal.ts';

/** Values of /5/0/3 (LwM2M Core 1.1.1, E.6). */
export const firmwareStates = { idle: 0, downloading: 1, downloaded: 2, updating: 3 } as const;
export type FirmwareState = (typeof firmwareStates)[keyof typeof firmwareStates];

/** Values of /5/0/5 (LwM2M Core 1.1.1, E.6). */
export const firmwareResults = {
  initial: 0,
  updated: 1,
  notEnoughStorage: 2,
  outOfMemory: 3,
  connectionLost: 4,
  integrityFailure: 5,
  unsupportedType: 6,
  invalidUri: 7,
  updateFailed: 8,
  unsupportedProtocol: 9,
  cancelled: 10,
} as const;
export type FirmwareResult = (typeof firmwareResults)[keyof typeof firmwareResults];

/** A package could not be fetched: the result that says why. */
export class DownloadFailure extends Error {
  readonly result: FirmwareResult;

  constructor(result: FirmwareResult, reason: string) {
    super(reason);
    this.result = result;
  }
}

/** What goes wrong with each update; nothing when not given. The last two happen to downloads alone. */
export type FirmwareFault =
  | 'integrityFailure'
  | 'unsupportedType'
  | 'updateFailed'
  | 'outOfMemory'
  | 'connectionLost';

export interface FirmwareOptions {
  /** Largest package that there is room for. */
  readonly storageBytes: number;
  /** How long the update takes, from Update to the restart. */
  readonly installMs: number;
  readonly fault?: FirmwareFault | undefined;
}

/** What is in the package: a device tells it by its name and version. */
export interface FirmwareImage {
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
}

export interface FirmwareSeams {
  after(name: string, delayMs: number, run: () => void): { cancel(): void };
  /**
   * Fetches a package.
   * @throws DownloadFailure; any other error is taken for a lost connection
   */
  download(uri: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** State, result, URI or image are others than before. */
  changed(firmware: FirmwareUpdate): void;
  /** The update has gone well: the device restarts with the new firmware. */
  installed(image: FirmwareImage): void;
}

/**
 * The state machine of a firmware update (LwM2M Core 1.1.1, E.6): a package is written or fetched, checked, and put in
 * place when the server asks for that.
 */
export class FirmwareUpdate {
  private readonly options: FirmwareOptions;
  private readonly seams: FirmwareSeams;
  private stateNow: FirmwareState = firmwareStates.idle;
  private resultNow: FirmwareResult = firmwareResults.initial;
  private uriNow = '';
  private imageNow: FirmwareImage | undefined;
  private underWay: AbortController | undefined;
  /** A package is being written: it is given up when nothing more comes. */
  private receiving: { cancel(): void } | undefined;
  private installing: { cancel(): void } | undefined;

  constructor(options: FirmwareOptions, seams: FirmwareSeams) {
    this.options = options;
    this.seams = seams;
  }

  get state(): FirmwareState {
    return this.stateNow;
  }

  get result(): FirmwareResult {
    return this.resultNow;
  }

  get packageUri(): string {
    return this.uriNow;
  }

  /** Undefined unless one was downloaded. */
  get image(): FirmwareImage | undefined {
    return this.imageNow;
  }

  /** The first block of a package has come, of several. */
  packageBegins(): void {
    if (this.stateNow !== firmwareStates.idle) return;
    this.begin('a package');
    this.receiving = this.seams.after('firmware package', exchangeLifetimeMs, () =>
      this.end(firmwareResults.connectionLost),
    );
    this.enter(firmwareStates.downloading);
  }

  /**
   * A write of the whole package; nothing, or a single zero byte, begins anew.
   * @throws Refusal while another update is under way, and when there is no room
   */
  writePackage(bytes: Uint8Array): void {
    if (isNull(bytes)) {
      this.reset();
      return;
    }
    if (this.receiving) this.endReceiving();
    else this.begin('a package');
    const { storageBytes } = this.options;
    if (bytes.length > storageBytes) {
      this.end(firmwareResults.notEnoughStorage);
      const reason = `the package has ${bytes.length} bytes, and there is room for ${storageBytes}`;
      throw new Refusal(codes.requestEntityTooLarge, reason);
    }
    if (this.stateNow !== firmwareStates.downloading) this.enter(firmwareStates.downloading);
    this.received(bytes, 'firmware');
  }

  /**
   * A write of where the package is; nothing begins anew. The download begins at once, and its end is told by the state.
   * @throws Refusal while another update is under way
   */
  writeUri(uri: string): void {
    if (uri === '') {
      this.reset();
      return;
    }
    this.begin('a package URI');
    this.uriNow = uri;
    const underWay = new AbortController();
    this.underWay = underWay;
    this.enter(firmwareStates.downloading);
    void this.fetch(uri, underWay.signal).then(
      (bytes) => {
        if (!underWay.signal.aborted) this.received(bytes, lastSegment(uri, 'firmware'));
      },
      (error) => {
        const result = error instanceof DownloadFailure ? error.result : firmwareResults.connectionLost;
        if (!underWay.signal.aborted) this.end(result);
      },
    );
  }

  /** Update. @throws Refusal unless a package was downloaded */
  update(): void {
    const image = this.imageNow;
    if (this.stateNow !== firmwareStates.downloaded || !image) {
      throw new Refusal(codes.methodNotAllowed, `nothing was downloaded: the state is ${this.stateNow}`);
    }
    this.resultNow = firmwareResults.initial;
    this.enter(firmwareStates.updating);
    this.installing = this.seams.after('firmware update', this.options.installMs, () => {
      this.installing = undefined;
      const failed = this.options.fault === 'updateFailed';
      this.end(failed ? firmwareResults.updateFailed : firmwareResults.updated);
      if (!failed) this.seams.installed(image);
    });
  }

  /** Cancel (version 1.1 of the object). @throws Refusal while nothing can be cancelled */
  cancel(): void {
    if (this.stateNow !== firmwareStates.downloading && this.stateNow !== firmwareStates.downloaded) {
      throw new Refusal(codes.methodNotAllowed, `nothing can be cancelled: the state is ${this.stateNow}`);
    }
    this.end(firmwareResults.cancelled);
  }

  /** Begins anew, as after a factory reset: what was downloaded is gone. */
  reset(): void {
    this.end(firmwareResults.initial);
  }

  /** @throws Refusal */
  private begin(what: string): void {
    if (this.stateNow !== firmwareStates.idle) {
      const reason = `${what} is taken in state ${firmwareStates.idle}, and the state is ${this.stateNow}: reset it first`;
      throw new Refusal(codes.methodNotAllowed, reason);
    }
    this.resultNow = firmwareResults.initial;
    this.uriNow = '';
    this.imageNow = undefined;
  }

  private async fetch(uri: string, signal: AbortSignal): Promise<Uint8Array> {
    const { storageBytes, fault } = this.options;
    if (fault === 'connectionLost') throw new DownloadFailure(firmwareResults.connectionLost, 'as told');
    if (fault === 'outOfMemory') throw new DownloadFailure(firmwareResults.outOfMemory, 'as told');
    const bytes = await this.seams.download(uri, storageBytes, signal);
    if (bytes.length <= storageBytes) return bytes;
    throw new DownloadFailure(firmwareResults.notEnoughStorage, `there is room for ${storageBytes} bytes`);
  }

  private received(bytes: Uint8Array, name: string): void {
    const { fault } = this.options;
    if (fault === 'integrityFailure' || bytes.length === 0 || !isWhole(bytes))
      this.end(firmwareResults.integrityFailure);
    else if (fault === 'unsupportedType') this.end(firmwareResults.unsupportedType);
    else {
      this.imageNow = imageOf(bytes, name);
      this.underWay = undefined;
      this.enter(firmwareStates.downloaded);
    }
  }

  private end(result: FirmwareResult): void {
    this.underWay?.abort();
    this.underWay = undefined;
    this.endReceiving();
    this.installing?.cancel();
    this.installing = undefined;
    this.resultNow = result;
    if (result === firmwareResults.initial) this.uriNow = '';
    this.imageNow = undefined;
    this.enter(firmwareStates.idle);
  }

  private endReceiving(): void {
    this.receiving?.cancel();
    this.receiving = undefined;
  }

  private enter(state: FirmwareState): void {
    this.stateNow = state;
    this.seams.changed(this);
  }
}

const isNull = (bytes: Uint8Array): boolean => bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0);

/** EXCHANGE_LIFETIME of RFC 7252, 4.8.2: what has not come by then does not come any more. */
export const exchangeLifetimeMs = 247_000;

/** First line of a package that says what it is, and perhaps the SHA-256 of what follows. */
const title = /^firmware ([\x21-\x7e]{1,100}) ([\x21-\x7e]{1,100})(?: sha256:([0-9a-f]{64}))?\r?\n/;
const titleOf = (bytes: Uint8Array) =>
  title.exec(Buffer.from(bytes.subarray(0, 512)).toString('latin1')) ?? undefined;

/** False when its first line names another sum than that of what follows. */
export function isWhole(bytes: Uint8Array): boolean {
  const [line = '', , , sum] = titleOf(bytes) ?? [];
  return sum === undefined || sha256(bytes.subarray(line.length)) === sum;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * What a package is: it may say so in its first line, as in `firmware pump 2.1`; any other has the name given, and for its
 * version the beginning of its SHA-256.
 */
export function imageOf(bytes: Uint8Array, name: string): FirmwareImage {
  const said = titleOf(bytes);
  const version = said?.[2] ?? sha256(bytes).slice(0, 8);
  return { name: said?.[1] ?? name, version, bytes: bytes.length };
}

/** What a package from there is called, unless it says so itself. */
export function lastSegment(uri: string, otherwise: string): string {
  const path = uri.split(/[?#]/)[0] ?? '';
  return path.split('/').at(-1) || otherwise;
}
