import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import { nodeFiles } from '../platform/node/node-files.ts';
import { nodeNetwork } from '../platform/node/node-network.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import type { ConnectionSecurity, Listener } from '../platform/sockets.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { run } from '../testing/openssl.ts';
import { type LocalTls, loadLocalTls } from './local-ca.ts';

const dayMs = 24 * 3600 * 1000;
const hosts = ['localhost', '127.0.0.1', '::1'];

const openssl = (...args: string[]) => run('openssl', ...args);

describe('certificates against openssl', () => {
  let folder: string;
  let tls: LocalTls;
  let listener: Listener;
  let security: ConnectionSecurity | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetbench-tls-'));
    const storage = { files: nodeFiles, folder: join(folder, 'tls') };
    tls = await loadLocalTls({ storage, hosts, clock: new VirtualClock(Date.now()), random: nodeRandom });
    const accept = (connection: { security: ConnectionSecurity | undefined; stream: { end(): void } }) => {
      security = connection.security;
      connection.stream.end();
    };
    const server = { ...tls.server, handshakeTimeoutMs: 10_000 };
    listener = await nodeNetwork.listen({ host: '127.0.0.1', port: 0 }, accept, server);
  });

  it('lets go of a client that begins no handshake', async () => {
    const reasons: string[] = [];
    const impatient = await nodeNetwork.listen({ host: '127.0.0.1', port: 0 }, () => {}, {
      ...tls.server,
      handshakeTimeoutMs: 50,
      failed: (_remoteAddress, reason) => void reasons.push(reason),
    });
    const client = connectTcp(impatient.port, '127.0.0.1');
    client.on('error', () => {});
    await once(client, 'close');
    expect(reasons).toHaveLength(1);
    await impatient.close();
  });

  afterAll(async () => {
    await listener.close();
    await rm(folder, { recursive: true, force: true });
  });

  const caFile = (): string => join(folder, 'tls/ca.pem');
  const client = (...args: string[]) =>
    openssl(
      ...['s_client', '-brief', '-connect', `127.0.0.1:${listener.port}`, '-CAfile', caFile()],
      ...['-verify_return_error', '-servername', 'localhost', ...args],
    );

  it('is a chain that openssl verifies, for a TLS server and for nothing else', async () => {
    const server = join(folder, 'tls/server.pem');
    const verify = (...args: string[]) =>
      openssl('verify', '-x509_strict', '-CAfile', caFile(), ...args, server);
    expect(await verify('-purpose', 'sslserver')).toEqual({ code: 0, output: `${server}: OK\n` });
    expect((await verify('-purpose', 'sslclient')).code).not.toBe(0);
    for (const name of ['localhost']) expect((await verify('-verify_hostname', name)).code).toBe(0);
    for (const address of ['127.0.0.1', '::1']) expect((await verify('-verify_ip', address)).code).toBe(0);
    expect((await verify('-verify_hostname', 'example.com')).code).not.toBe(0);
  });

  it.each([
    ['-tls1_2', 'TLSv1.2'],
    ['-tls1_3', 'TLSv1.3'],
  ])('shakes hands with %s', async (flag, version) => {
    const { code, output } = await client(flag, '-verify_hostname', 'localhost');
    expect(code, output).toBe(0);
    expect(output).toContain(`Protocol version: ${version}`);
    expect(output).toContain('Verification: OK');
    expect(security).toMatchObject({
      protocol: version,
      sniHostname: 'localhost',
      clientCertificate: 'not-asked',
    });
  });

  it.each(['-tls1', '-tls1_1'])('refuses %s', async (flag) => {
    const { code, output } = await client(flag, '-cipher', 'ALL:@SECLEVEL=0');
    expect(code).not.toBe(0);
    expect(output).toMatch(/alert protocol version/);
  });

  it.each([
    ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    ['ECDHE-RSA-AES256-GCM-SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
    ['ECDHE-RSA-AES128-SHA', 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'],
    ['ECDHE-RSA-AES256-SHA', 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'],
    ['AES128-GCM-SHA256', 'TLS_RSA_WITH_AES_128_GCM_SHA256'],
    ['AES128-SHA', 'TLS_RSA_WITH_AES_128_CBC_SHA'],
    ['AES256-SHA', 'TLS_RSA_WITH_AES_256_CBC_SHA'],
  ])('offers %s', async (name, standardName) => {
    const { code, output } = await client('-tls1_2', '-cipher', name);
    expect(code, output).toBe(0);
    expect(security?.cipher).toBe(standardName);
  });

  it.each(['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'])('offers %s', async (name) => {
    const { code, output } = await client('-tls1_3', '-ciphersuites', name);
    expect(code, output).toBe(0);
    expect(security?.cipher).toBe(name);
  });

  it.each(['ECDHE-RSA-CHACHA20-POLY1305', 'DHE-RSA-AES256-GCM-SHA384', 'AES256-GCM-SHA384', 'NULL-SHA'])(
    'does not offer %s',
    async (name) => {
      expect((await client('-tls1_2', '-cipher', `${name}:@SECLEVEL=0`)).output).toMatch(
        /alert handshake failure/,
      );
    },
  );

  it('is not trusted by a client that knows another authority', async () => {
    const other = await loadLocalTls({
      storage: undefined,
      hosts,
      clock: new VirtualClock(Date.now()),
      random: nodeRandom,
    });
    const otherFile = join(folder, 'other.pem');
    await writeFile(otherFile, other.caCertificatePem);
    const { code, output } = await client('-CAfile', otherFile);
    expect(code).not.toBe(0);
    expect(output).toMatch(/verify error|certificate verify failed/);
  });

  it.skipIf(process.platform === 'win32')('keeps the keys for the owner alone', async () => {
    for (const name of ['ca.key', 'server.key']) {
      expect((await stat(join(folder, 'tls', name))).mode & 0o777, name).toBe(0o600);
    }
  });
});

describe('certificates that are kept', () => {
  const startMs = Date.UTC(2030, 0, 1);

  function certificates() {
    const files = new MemoryFiles();
    const load = (nowMs = startMs, wanted: readonly string[] = hosts): Promise<LocalTls> =>
      loadLocalTls({
        storage: { files, folder: '/data/tls' },
        hosts: wanted,
        clock: new VirtualClock(nowMs),
        random: nodeRandom,
      });
    return { files, load };
  }

  it('are the same at the next start', async () => {
    const { load } = certificates();
    const first = await load();
    expect(await load(startMs + 300 * dayMs)).toEqual(first);
  });

  it('are renewed in the last month, by the same authority', async () => {
    const { load } = certificates();
    const first = await load();
    const endMs = Date.parse(new X509Certificate(first.server.certificatePem).validTo);
    expect(await load(endMs - 31 * dayMs)).toEqual(first);
    const renewed = await load(endMs - 29 * dayMs);
    expect(renewed.caCertificatePem).toBe(first.caCertificatePem);
    const [before, after] = [first, renewed].map(({ server }) => new X509Certificate(server.certificatePem));
    expect(after?.serialNumber).not.toBe(before?.serialNumber);
    expect(after?.verify(new X509Certificate(first.caCertificatePem).publicKey)).toBe(true);
    expect(await load(endMs - 29 * dayMs)).toEqual(renewed);
  });

  it('are renewed for a host that is new, and kept for one that is known', async () => {
    const { load } = certificates();
    await load();
    const wider = await load(startMs, [...hosts, '192.168.7.7', 'bench.lan']);
    const certificate = new X509Certificate(wider.server.certificatePem);
    expect(certificate.checkIP('192.168.7.7')).toBe('192.168.7.7');
    expect(certificate.checkHost('bench.lan')).toBe('bench.lan');
    expect(await load(startMs, [...hosts, '192.168.7.7'])).toEqual(wider);
  });

  it('last no longer than clients accept', async () => {
    const { load } = certificates();
    const { validFrom, validTo } = new X509Certificate((await load()).server.certificatePem);
    expect(Date.parse(validTo) - Date.parse(validFrom)).toBeLessThanOrEqual(398 * dayMs);
    expect(Date.parse(validFrom)).toBeLessThan(startMs);
  });

  it('are made again when a crash left the key of one with the certificate of another', async () => {
    const { files, load } = certificates();
    const first = await load();
    const other = await certificates().load();
    await files.writeWhole('/data/tls/server.key', [Buffer.from(other.server.privateKeyPem)]);
    const again = await load();
    expect(again.caCertificatePem).toBe(first.caCertificatePem);
    expect(again.server.privateKeyPem).not.toBe(other.server.privateKeyPem);
    expect(await load()).toEqual(again);
  });

  it('say where they are when they cannot be read', async () => {
    for (const name of ['ca.pem', 'server.key']) {
      const { files, load } = certificates();
      await load();
      await files.writeWhole(`/data/tls/${name}`, [Buffer.from('-----BEGIN RUBBISH-----\n')]);
      await expect(load()).rejects.toMatchObject({
        code: 'platform.setting',
        message: expect.stringContaining('in /data/tls is damaged. Remove that folder'),
      });
    }
  });
});
