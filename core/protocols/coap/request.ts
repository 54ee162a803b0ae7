import { codeText, isSuccess, methodText } from './codes.ts';
import { type CoapMessage, type CoapOption, type MessageContent, messageTypes, noBytes } from './message.ts';
import {
  asBuffer,
  findOption,
  findStrings,
  findUint,
  optionNumbers,
  stringOption,
  uintOption,
} from './options.ts';

/** A request to be sent. */
export interface RequestDraft {
  /** A code of `methods`. */
  readonly method: number;
  /** Segments, or a text that is split at its slashes: `/3/0/1`. */
  readonly path?: string | readonly string[] | undefined;
  readonly query?: readonly string[] | undefined;
  /** Number of the payload's content format. */
  readonly contentFormat?: number | undefined;
  /** Number of the content format that is wanted. */
  readonly accept?: number | undefined;
  /** Sent in blocks when it is larger than one; a large content is read as its blocks leave. */
  readonly payload?: Uint8Array | LargeContent | undefined;
  /** Further options. */
  readonly options?: readonly CoapOption[] | undefined;
  /** True unless given. */
  readonly confirmable?: boolean | undefined;
  /** Size of blocks, in both directions: 16 to 1024; `blockBytes` of the settings unless given. */
  readonly blockBytes?: number | undefined;
}

/** A response, or a notification, to be sent. */
export interface ResponseDraft {
  /** A code of `codes`. */
  readonly code: number;
  readonly contentFormat?: number | undefined;
  /** Sent in blocks when it is larger than one. */
  readonly payload?: Uint8Array | LargeContent | undefined;
  readonly etag?: Uint8Array | undefined;
  readonly maxAgeSeconds?: number | undefined;
  /** Segments, as after the creation of `/rd/5a3f`. */
  readonly locationPath?: readonly string[] | undefined;
  readonly options?: readonly CoapOption[] | undefined;
}

/** A payload that is read block by block while it is sent, as a firmware image is. */
export interface LargeContent {
  readonly length: number;
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** Bytes that are there already, as a content that is read. */
export function inMemory(bytes: Uint8Array): LargeContent {
  return { length: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

const { uriPath, uriQuery, contentFormat, accept, etag, maxAge, locationPath } = optionNumbers;

/** @throws CoapError coap.malformed for a text or number that an option cannot hold */
export function requestOptions(draft: RequestDraft): CoapOption[] {
  const options: CoapOption[] = [];
  for (const segment of segmentsOf(draft.path)) options.push(stringOption(uriPath, segment));
  if (draft.contentFormat !== undefined) options.push(uintOption(contentFormat, draft.contentFormat));
  for (const part of draft.query ?? []) options.push(stringOption(uriQuery, part));
  if (draft.accept !== undefined) options.push(uintOption(accept, draft.accept));
  if (draft.options) options.push(...draft.options);
  return options;
}

function segmentsOf(path: RequestDraft['path']): readonly string[] {
  if (path === undefined || path === '' || path === '/') return [];
  if (typeof path !== 'string') return path;
  return (path.startsWith('/') ? path.slice(1) : path).split('/');
}

/** @throws CoapError coap.malformed for a text or number that an option cannot hold */
export function responseOptions(draft: ResponseDraft): CoapOption[] {
  const options: CoapOption[] = [];
  if (draft.etag) options.push({ number: etag, value: draft.etag });
  for (const segment of draft.locationPath ?? []) options.push(stringOption(locationPath, segment));
  if (draft.contentFormat !== undefined) options.push(uintOption(contentFormat, draft.contentFormat));
  if (draft.maxAgeSeconds !== undefined) options.push(uintOption(maxAge, draft.maxAgeSeconds));
  if (draft.options) options.push(...draft.options);
  return options;
}

/** A request that came, with its whole payload. */
export class CoapRequest {
  readonly message: CoapMessage;
  readonly payload: Uint8Array;
  /** Who sent it, as the link names the peer. */
  readonly peer: string;
  private segments: readonly string[] | undefined;

  constructor(message: CoapMessage, payload: Uint8Array, peer: string) {
    this.message = message;
    this.payload = payload;
    this.peer = peer;
  }

  /** A code of `methods`. */
  get method(): number {
    return this.message.code;
  }

  get confirmable(): boolean {
    return this.message.type === messageTypes.CON;
  }

  get path(): readonly string[] {
    this.segments ??= findStrings(this.message.options, uriPath);
    return this.segments;
  }

  get query(): readonly string[] {
    return findStrings(this.message.options, uriQuery);
  }

  get contentFormat(): number | undefined {
    return findUint(this.message.options, contentFormat);
  }

  get accept(): number | undefined {
    return findUint(this.message.options, accept);
  }

  /** RFC 7641 2; undefined without the option and for values that it does not define. */
  get observe(): 'register' | 'cancel' | undefined {
    const value = findUint(this.message.options, optionNumbers.observe);
    return value === 0 ? 'register' : value === 1 ? 'cancel' : undefined;
  }

  option(number: number): Uint8Array | undefined {
    return findOption(this.message.options, number);
  }

  /** For people: `GET /3/0`. */
  toString(): string {
    return `${methodText(this.method)} /${this.path.join('/')}`;
  }
}

/** A response that came, with its whole payload. */
export class CoapResponse {
  readonly code: number;
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;

  constructor({ code, options }: Pick<MessageContent, 'code' | 'options'>, payload: Uint8Array = noBytes) {
    this.code = code;
    this.options = options;
    this.payload = payload;
  }

  /** True for 2.xx. */
  get success(): boolean {
    return isSuccess(this.code);
  }

  /** `2.05`. */
  get codeText(): string {
    return codeText(this.code);
  }

  get contentFormat(): number | undefined {
    return findUint(this.options, contentFormat);
  }

  get etag(): Uint8Array | undefined {
    return findOption(this.options, etag);
  }

  /** RFC 7252 5.10.5: 60 unless given. */
  get maxAgeSeconds(): number {
    return findUint(this.options, maxAge) ?? 60;
  }

  get locationPath(): readonly string[] {
    return findStrings(this.options, locationPath);
  }

  get payloadText(): string {
    return asBuffer(this.payload).toString('utf8');
  }
}
