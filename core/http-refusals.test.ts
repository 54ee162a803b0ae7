import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from './api/error-answer.ts';
import { startTestPlatform, type TestPlatform } from './testing/test-platform.ts';

let bench: TestPlatform;

beforeAll(async () => {
  bench = await startTestPlatform({
    ports: { http: 0, https: 0, mqtt: undefined, mqtts: undefined },
    settings: { httpHeaderTimeoutMs: 200, httpRequestTimeoutMs: 300 },
  });
});
afterAll(() => bench.stop());

async function open(scheme: 'http' | 'https'): Promise<Socket> {
  const port = Number(new URL(bench.platform.endpoints()[scheme] ?? '').port);
  if (scheme === 'http') {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }
  const socket = connectTls({ port, host: '127.0.0.1', ca: bench.platform.caCertificatePem });
  await once(socket, 'secureConnect');
  return socket;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** All that comes until the platform closes the connection, cut where the header ends. */
async function readAnswer(socket: Socket): Promise<RawAnswer> {
  const answer = await text(socket);
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const [statusLine, ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(': ') as [string, string]));
  return { status: Number(statusLine?.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

async function send(scheme: 'http' | 'https', request: string): Promise<RawAnswer> {
  const socket = await open(scheme);
  socket.write(request);
  return readAnswer(socket);
}

function expectErrorBody({ headers, body }: RawAnswer, code: string, details: RegExp): void {
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
  expect(headers.get('connection')).toBe('close');
  const parsed = errorBody.parse(JSON.parse(body));
  expect(parsed.code).toBe(code);
  expect(parsed.message).not.toBe('');
  expect(parsed.details).toMatch(details);
}

const webSocket =
  'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const invalid = 'GENERIC_INVALID_PARAMETER_ERROR';
const chunked =
  'POST /bench/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
  'Transfer-Encoding: chunked\r\n\r\n';

describe.each(['http', 'https'] as const)('refusals over %s', (scheme) => {
  it.each<[string, string, number, string, RegExp]>([
    ['what is no HTTP', 'hello\r\n\r\n', 400, invalid, /Parse Error/],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, invalid, /Parse Error/],
    ['a broken header', 'GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n', 400, invalid, /Parse Error/],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      invalid,
      /Parse/,
    ],
    [
      'too large a header',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(200_000)}\r\n\r\n`,
      431,
      'GENERIC_HEADERS_TOO_LARGE_ERROR',
      /Header overflow/,
    ],
    [
      'too large chunk extensions',
      `${chunked}1;${'a'.repeat(20_000)}\r\na\r\n0\r\n\r\n`,
      413,
      'GENERIC_PAYLOAD_TOO_LARGE_ERROR',
      /Chunk extensions overflow/,
    ],
    [
      'CONNECT',
      'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n',
      405,
      'GENERIC_METHOD_NOT_ALLOWED_ERROR',
      /platform/,
    ],
    [
      'a WebSocket at another path',
      `GET /api/v0/whoami?a=1 HTTP/1.1\r\n${webSocket}\r\n`,
      404,
      'GENERIC_NOT_FOUND_ERROR',
      /at \/mqtt and \/live, not at \/api\/v0\/whoami\.$/,
    ],
    ...['/mqtt', '/live'].flatMap((path): [string, string, number, string, RegExp][] => [
      [
        `a handshake without a key at ${path}`,
        `GET ${path} HTTP/1.1\r\n${webSocket.replace(/Sec-WebSocket-Key.*\r\n/, '')}\r\n`,
        400,
        invalid,
        /Sec-WebSocket-Key/,
      ],
      [
        `a handshake by POST at ${path}`,
        `POST ${path} HTTP/1.1\r\n${webSocket}\r\n`,
        400,
        invalid,
        /Invalid HTTP method/,
      ],
    ]),
    [
      'the live socket for a page of another origin',
      `GET /live HTTP/1.1\r\n${webSocket}Origin: http://elsewhere.example\r\n\r\n`,
      403,
      'GENERIC_ACTION_FORBIDDEN_ERROR',
      /http:\/\/elsewhere\.example .*httpAllowedOrigins/,
    ],
  ])('has the error body for %s', async (_, request, status, code, details) => {
    const answer = await send(scheme, request);
    expect(answer.status).toBe(status);
    expectErrorBody(answer, code, details);
  });

  it('tells the version of WebSocket that it speaks', async () => {
    const request = `GET /mqtt HTTP/1.1\r\n${webSocket.replace('Version: 13', 'Version: 99')}\r\n`;
    const { status, headers } = await send(scheme, request);
    expect([status, headers.get('sec-websocket-version')]).toEqual([400, '13']);
  });

  it.each([
    ['its header', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    [
      'its body',
      'POST /bench/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
  ])('has the error body for a request that does not send %s in time', async (_, request) => {
    const answer = await send(scheme, request);
    expect(answer.status).toBe(408);
    expectErrorBody(answer, 'GENERIC_REQUEST_TIMEOUT_ERROR', /timeout/i);
  });

  it.each([
    ['no host', ''],
    ['two hosts', 'Host: a\r\nHost: b\r\n'],
  ])('has the error body for %s', async (_, hosts) => {
    const answer = await send(scheme, `GET /bench/v1/health HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`);
    expect(answer.status).toBe(400);
    expectErrorBody(answer, invalid, /header Host: must be there once/);
  });

  it('takes HTTP/1.0 without a host, and an expectation that it does not know', async () => {
    const old = await send(scheme, 'GET /bench/v1/health HTTP/1.0\r\n\r\n');
    const expecting =
      'GET /bench/v1/health HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n';
    expect([old.status, (await send(scheme, expecting)).status]).toEqual([200, 200]);
  });

  it('answers what follows an answered request, and says nothing into an answer that has begun', async () => {
    const health = 'GET /bench/v1/health HTTP/1.1\r\nHost: x\r\n\r\n';
    const socket = await open(scheme);
    socket.write(health);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    socket.write('nonsense\r\n\r\n');
    const answer = await readAnswer(socket);
    expect(answer.status).toBe(400);
    expectErrorBody(answer, invalid, /Parse Error/);
  });
});
