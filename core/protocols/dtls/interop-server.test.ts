import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate, parse } from 'coap-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveDtls } from '../../testing/dtls-over-udp.ts';
import { ForeignProgram } from '../../testing/foreign-program.ts';
import { until } from '../../testing/until.ts';
import type { DtlsServer, HandshakeFailure } from './server.ts';
import type { DtlsSession } from './session.ts';
import type { SuiteName } from './suites.ts';

const keyHex = '000102030405060708090a0b0c0d0e0f';
const secret = 'a secret of text';
/** Suites by their names in openssl and in the priorities of gnutls. */
const suites: readonly [SuiteName, string, string][] = [
  ['PSK_WITH_AES_128_CCM_8', 'PSK-AES128-CCM8', 'AES-128-CCM-8'],
  ['PSK_WITH_AES_128_CCM', 'PSK-AES128-CCM', 'AES-128-CCM'],
  ['PSK_WITH_AES_256_CCM_8', 'PSK-AES256-CCM8', 'AES-256-CCM-8'],
  ['PSK_WITH_AES_256_CCM', 'PSK-AES256-CCM', 'AES-256-CCM'],
  ['PSK_WITH_AES_128_GCM_SHA256', 'PSK-AES128-GCM-SHA256', 'AES-128-GCM'],
  ['PSK_WITH_AES_256_GCM_SHA384', 'PSK-AES256-GCM-SHA384', 'AES-256-GCM'],
];

let server: DtlsServer;
let port = 0;
let stop: () => Promise<void>;
let longestBytes: () => number;
let sessions: DtlsSession[];
let failures: HandshakeFailure[];
let closed: string[];
/** Makes the answer to a message. */
let answer: (bytes: Uint8Array) => Uint8Array;
const programs: ForeignProgram[] = [];

beforeEach(async () => {
  [sessions, failures, closed] = [[], [], []];
  answer = (bytes) => bytes;
  const keys: Record<string, Uint8Array> = {
    device: Buffer.from(keyHex, 'hex'),
    'device-2': Buffer.from(secret),
  };
  ({ server, port, stop, longestBytes } = await serveDtls({
    pskOf: async (identity) => {
      const key = keys[identity];
      return key ? { key } : { refused: 'unknown' };
    },
    onSession: (session) => {
      sessions.push(session);
      session.onMessage((bytes) => session.send(answer(bytes)));
      session.onClose((reason) => closed.push(reason));
    },
    onHandshakeFailed: (failure) => failures.push(failure),
  }));
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop()));
  await stop();
});

function run(program: string, ...args: string[]): ForeignProgram {
  const started = new ForeignProgram(program, args);
  programs.push(started);
  return started;
}

const openssl = (...more: string[]) =>
  run('openssl', 's_client', '-dtls1_2', '-connect', `127.0.0.1:${port}`, '-psk_identity', 'device', ...more);

const gnutls = (cipher: string, ...more: string[]) => {
  const priority = `NONE:+VERS-DTLS1.2:+PSK:+${cipher}:+AEAD:+SIGN-ALL:+COMP-NULL:+GROUP-ALL`;
  const who = ['--pskusername', 'device', '--pskkey', keyHex];
  return run('gnutls-cli', '--udp', '-p', `${port}`, ...who, '--priority', priority, ...more, '127.0.0.1');
};

describe('openssl s_client', () => {
  it.each(suites)('shakes hands with %s, and gets back what it says', async (name, cipher) => {
    const client = openssl('-psk', keyHex, '-cipher', `${cipher}:@SECLEVEL=0`, '-servername', 'host.example');
    await client.said('Extended master secret: yes');
    client.write('hello from openssl\n');
    await client.said('---\nhello from openssl');
    expect(client.output).toContain(`Cipher    : ${cipher}`);
    expect(sessions).toMatchObject([
      { suite: name, pskIdentity: 'device', serverName: 'host.example', extendedMasterSecret: true },
    ]);
    client.write('Q\n');
    expect(await client.ended).toBe(0);
    await until(() => closed.length > 0);
    expect(closed).toEqual(['peerClosed']);
  });

  it('cuts its hello for a small MTU', async () => {
    const serverName = `${'host.'.repeat(30)}example`;
    const client = openssl(
      '-psk',
      keyHex,
      '-cipher',
      'PSK:@SECLEVEL=0',
      '-mtu',
      '256',
      '-servername',
      serverName,
    );
    await client.said('Extended master secret: yes');
    expect(sessions).toMatchObject([{ serverName }]);
    expect(longestBytes()).toBeLessThanOrEqual(256);
  });

  it('resumes its session', async () => {
    const file = join(tmpdir(), `fleetbench-dtls-${process.pid}-${port}.pem`);
    const flags = ['-psk', keyHex, '-cipher', 'PSK-AES128-CCM8:@SECLEVEL=0'];
    const first = openssl(...flags, '-sess_out', file);
    await first.said('Extended master secret: yes');
    first.write('Q\n');
    await first.ended;
    const second = openssl(...flags, '-sess_in', file);
    await second.said('Reused, TLSv1.2');
    second.write('again\n');
    await second.said('---\nagain');
    expect(sessions.map(({ resumed }) => resumed)).toEqual([false, true]);
    await rm(file);
  });

  it('is told what is wrong with its key and with its identity', async () => {
    const wrongKey = openssl('-psk', 'ff', '-cipher', 'PSK:@SECLEVEL=0');
    await wrongKey.said('alert bad record mac');
    const stranger = openssl('-psk', keyHex, '-psk_identity', 'stranger', '-cipher', 'PSK:@SECLEVEL=0');
    await stranger.said('alert unknown psk identity');
    expect(failures).toMatchObject([
      { pskIdentity: 'device', error: { code: 'dtls.badKey' } },
      { pskIdentity: 'stranger', error: { code: 'dtls.unknownIdentity' } },
    ]);
    expect(server.handshakeCount).toBe(0);
  });

  it('is told when no suite is common, and when its version is too old', async () => {
    await openssl('-psk', keyHex, '-cipher', 'PSK-AES128-CBC-SHA256:@SECLEVEL=0').said(
      'alert handshake failure',
    );
    const args = ['s_client', '-dtls1', '-connect', `127.0.0.1:${port}`, '-psk', keyHex];
    await run('openssl', ...args, '-psk_identity', 'device', '-cipher', 'PSK:@SECLEVEL=0').said(
      'alert protocol version',
    );
    expect(failures.map(({ error }) => error.code)).toEqual(['dtls.noCommonSuite', 'dtls.version']);
  });
});

describe('gnutls-cli', () => {
  it.each(suites)('shakes hands with %s, and gets back what it says', async (name, _, cipher) => {
    const client = gnutls(cipher);
    await client.said('Handshake was completed');
    client.write('hello from gnutls\n');
    await client.said('hello from gnutls');
    expect(client.output).toContain(`(DTLS1.2-X.509)-(PSK)-(${cipher})`);
    expect(client.output).toContain('extended master secret, safe renegotiation');
    expect(sessions).toMatchObject([{ suite: name, pskIdentity: 'device', extendedMasterSecret: true }]);
  });

  it('resumes its session', async () => {
    const client = gnutls('AES-128-CCM-8', '--resume', '--waitresumption');
    await client.said('This is a resumed session');
    await until(() => sessions.length === 2);
    expect(sessions.map(({ resumed }) => resumed)).toEqual([false, true]);
  });
});

describe.each(['coap-client-openssl', 'coap-client-gnutls'])('%s', (program) => {
  it('gets the answer to its request', async () => {
    const asked: string[] = [];
    answer = (bytes) => {
      const request = parse(Buffer.from(bytes));
      const path = request.options.filter(({ name }) => name === 'Uri-Path');
      asked.push(`${request.code} ${path.map(({ value }) => value.toString()).join('/')}`);
      const { messageId, token } = request;
      return generate({ ack: true, code: '2.05', messageId, token, payload: Buffer.from('23.5 degrees') });
    };
    const args = ['-m', 'get', '-u', 'device-2', '-k', secret, `coaps://127.0.0.1:${port}/3303/0/5700`];
    const client = run(program, ...args);
    await client.said('23.5 degrees');
    expect(asked).toEqual(['0.01 3303/0/5700']);
    expect(sessions).toMatchObject([{ pskIdentity: 'device-2' }]);
    expect(await client.ended).toBe(0);
  });

  it('is told that its key is wrong', async () => {
    const args = ['-m', 'get', '-u', 'device-2', '-k', 'another', `coaps://127.0.0.1:${port}/x`];
    run(program, ...args);
    await until(() => failures.length > 0);
    expect(failures).toMatchObject([{ pskIdentity: 'device-2', error: { code: 'dtls.badKey' } }]);
  });
});
