import type { Duplex } from 'node:stream';
import { errorTable, PlatformError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import type { HttpFault } from '../platform/sockets.ts';
import { toErrorBody } from './error-answer.ts';

/** How long a refused client may go on sending before its connection is cut; cut at once it might not see the answer. */
const lingerMs = 2000;

/** Reason phrases of RFC 9110, 15; a client may not need them, and may go without. */
const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
};

/** Answers on a connection that never becomes a request of the API, with the body that every error has (facts 1). */
export class Refusals {
  private readonly random: RandomSource;
  private readonly wireClock: Clock;

  constructor(parts: { random: RandomSource; wireClock: Clock }) {
    this.random = parts.random;
    this.wireClock = parts.wireClock;
  }

  /** Writes the whole answer and closes the connection. */
  refuse(stream: Duplex, error: PlatformError, headers: Readonly<Record<string, string>> = {}): void {
    const { status } = errorTable[error.code];
    const body = Buffer.from(JSON.stringify(toErrorBody(this.random.uuid(), error)));
    const fields = {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(body.byteLength),
      ...headers,
      Connection: 'close',
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `HTTP/1.1 ${status} ${phrases[status] ?? ''}\r\n${lines.join('')}\r\n`;
    const linger = this.wireClock.after('HTTP linger', lingerMs, () => stream.destroy());
    stream.once('close', () => linger.cancel());
    stream.on('error', () => stream.destroy());
    stream.once('end', () => stream.destroy());
    stream.end(Buffer.concat([Buffer.from(head, 'latin1'), body]));
    stream.resume();
  }

  /** Refuses what the HTTP parser could not take. `reason` is the parser's own text. */
  refuseFault(stream: Duplex, fault: HttpFault, reason: string): void {
    const { code, message } = faults[fault];
    this.refuse(stream, new PlatformError(code, message, { details: reason }));
  }

  /** Refuses a WebSocket handshake that is not one (RFC 6455, 4.2.1); tells the version that is spoken (4.4). */
  refuseHandshake(stream: Duplex, error: PlatformError): void {
    this.refuse(stream, error, { 'Sec-WebSocket-Version': '13' });
  }
}

const faults = {
  malformed: { code: 'api.invalidParameter', message: 'This is no HTTP request that can be read.' },
  headersTooLarge: { code: 'api.headersTooLarge', message: 'The header of the request is too large.' },
  extensionsTooLarge: { code: 'api.bodyTooLarge', message: 'The extensions of the chunks are too large.' },
  timeout: { code: 'api.requestTimeout', message: 'The request did not come in time.' },
  tunnel: { code: 'api.methodNotAllowed', message: 'This server is no proxy: CONNECT is not taken.' },
} as const satisfies Record<HttpFault, { code: string; message: string }>;
