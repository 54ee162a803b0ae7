import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate, parse } from 'coap-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { dtlsClientFor, freeUdpPorts } from '../../testing/dtls-over-udp.ts';
import { ForeignProgram } from '../../testing/foreign-program.ts';
import { until } from '../../testing/until.ts';
import type { DtlsClientOptions } from './client.ts';
import type { DtlsSession } from './session.ts';
import type { SuiteName } from './suites.ts';

const keyHex = '000102030405060708090a0b0c0d0e0f';
const key = Buffer.from(keyHex, 'hex');
const suites: readonly [SuiteName, string, string][] = [
  ['PSK_WITH_AES_128_CCM_8', 'PSK-AES128-CCM8', 'AES-128-CCM-8'],
  ['PSK_WITH_AES_128_CCM', 'PSK-AES128-CCM', 'AES-128-CCM'],
  ['PSK_WITH_AES_256_CCM_8', 'PSK-AES256-CCM8', 'AES-256-CCM-8'],
  ['PSK_WITH_AES_256_CCM', 'PSK-AES256-CCM', 'AES-256-CCM'],
  ['PSK_WITH_AES_128_GCM_SHA256', 'PSK-AES128-GCM-SHA256', 'AES-128-GCM'],
  ['PSK_WITH_AES_256_GCM_SHA384', 'PSK-AES256-GCM-SHA384', 'AES-256-GCM'],
];

const cleanUp: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of cleanUp.splice(0).reverse()) await stop();
});

function run(program: string, ...args: string[]): ForeignProgram {
  const started = new ForeignProgram(program, args);
  cleanUp.push(() => started.stop());
  return started;
}

/** Connects, and keeps what comes. A server that is only starting is asked again soon. */
async function connect(port: number, options: Partial<DtlsClientOptions> = {}) {
  const received: string[] = [];
  const { client, stop } = await dtlsClientFor(port, {
    pskIdentity: 'device',
    key,
    ...options,
    limits: { retransmitAfterMs: 100, ...options.limits },
  });
  cleanUp.push(stop);
  const keep = (opened: DtlsSession): void =>
    opened.onMessage((bytes) => received.push(Buffer.from(bytes).toString('latin1')));
  return { session: await client.connect(keep), client, received };
}

async function opensslServer(...more: string[]): Promise<{ program: ForeignProgram; port: number }> {
  const port = await freeUdpPorts();
  const program = run(
    'openssl',
    's_server',
    '-dtls1_2',
    '-accept',
    `${port}`,
    '-nocert',
    '-psk',
    keyHex,
    ...more,
  );
  await program.said('ACCEPT');
  return { program, port };
}

async function gnutlsServer(cipher: string, ...more: string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetbench-gnutls-'));
  cleanUp.push(() => rm(folder, { recursive: true }));
  const keys = join(folder, 'keys');
  await writeFile(keys, `device:${keyHex}\n`);
  const port = await freeUdpPorts();
  const priority = `NONE:+VERS-DTLS1.2:+PSK:+${cipher}:+AEAD:+SIGN-ALL:+COMP-NULL:+GROUP-ALL`;
  const args = ['--udp', '-p', `${port}`, '--pskpasswd', keys, '--echo', '--priority', priority, ...more];
  await run('gnutls-serv', ...args).said('done');
  return port;
}

describe('a client of openssl s_server', () => {
  it.each(suites)('shakes hands with %s, and messages go both ways', async (name, cipher) => {
    const { program, port } = await opensslServer(
      '-cipher',
      `${cipher}:@SECLEVEL=0`,
      '-psk_identity',
      'device',
    );
    const { session, received, client } = await connect(port, { serverName: 'host.example' });
    expect(session).toMatchObject({ suite: name, extendedMasterSecret: true });
    session.send(Buffer.from('hello from here\n'));
    await program.said('hello from here');
    program.write('hello from openssl\n');
    await until(() => received.length > 0);
    expect(received).toEqual(['hello from openssl\n']);
    client.close();
    await program.said('DONE');
  });

  it('gives a cookie back, sends cut messages and takes cut ones', async () => {
    const more = ['-cipher', 'PSK-AES128-CCM8:@SECLEVEL=0', '-listen', '-mtu', '256'];
    const { program, port } = await opensslServer(...more);
    const limits = { maxDatagramBytes: 256 };
    const { session } = await connect(port, { limits, serverName: `${'host.'.repeat(20)}example` });
    session.send(Buffer.from('hello from here\n'));
    await program.said('hello from here');
  });

  it('resumes a session', async () => {
    const { port } = await opensslServer('-cipher', 'PSK-AES128-CCM8:@SECLEVEL=0', '-no_ticket');
    const first = await connect(port);
    first.client.close();
    const second = await connect(port, { resume: first.session.resumption });
    expect(second.session.resumed).toBe(true);
  });
});

describe('a client of gnutls-serv', () => {
  it.each(suites)('shakes hands with %s, and gets back what it says', async (name, _, cipher) => {
    const { session, received } = await connect(await gnutlsServer(cipher));
    expect(session).toMatchObject({ suite: name, extendedMasterSecret: true });
    session.send(Buffer.from('hello from here\n'));
    await until(() => received.length > 0);
    expect(received).toEqual(['hello from here\n']);
  });
});

describe.each(['coap-server-openssl', 'coap-server-gnutls'])('a client of %s', (server) => {
  it('asks for the list of its resources', async () => {
    const port = await freeUdpPorts();
    run(server, '-A', '127.0.0.1', '-p', `${port}`, '-k', 'a secret of text');
    const { session, received } = await connect(port + 1, {
      pskIdentity: 'anyone',
      key: Buffer.from('a secret of text'),
    });
    const options = [
      { name: 'Uri-Path' as const, value: Buffer.from('.well-known') },
      { name: 'Uri-Path' as const, value: Buffer.from('core') },
    ];
    session.send(generate({ confirmable: true, code: 'GET', messageId: 7, options }));
    await until(() => received.length > 0);
    const response = parse(Buffer.from(received[0]!, 'latin1'));
    expect(response).toMatchObject({ ack: true, code: '2.05', messageId: 7 });
    expect(response.payload.toString()).toContain('</time>');
  });
});
