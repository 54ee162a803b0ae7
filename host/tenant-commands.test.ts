import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger } from '../core/platform/logger.ts';
import { startTestPlatform } from '../core/testing/test-platform.ts';
import { machineSeams } from './seams.ts';
import { TestBench } from './simulators/test-bench.ts';
import { runTenantCommand } from './tenant-commands.ts';

const masterKey = '0123456789abcdef0123456789abcdef';
let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleetbench-tenants-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    stdout: { write: (text: string) => void out.push(text) },
    stderr: { write: (text: string) => void err.push(text) },
  };
  const code = await runTenantCommand(argv, io, machineSeams(silentLogger), {});
  return { code, out: out.join(''), err: err.join('') };
}

it('makes and lists tenants on a folder that nobody uses, and over the API of one that runs', async () => {
  const empty = await run('create', 'acme', '--data-dir', dataDir);
  expect(empty).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^fleetbench tenant: there is no data.*\n$/),
  });

  const first = new TestBench({ dataDir });
  await first.bench.start();
  const { http = '' } = first.bench.platform.endpoints();
  const locked = await run('create', 'acme', '--data-dir', dataDir);
  expect(locked).toMatchObject({ code: 2, err: expect.stringMatching(/in use by process \d+.*--url .*\n$/) });
  const overApi = await run('create', 'over api', '--url', http, '--key', masterKey, '--json');
  expect(overApi.code).toBe(0);
  const made = JSON.parse(overApi.out);
  expect(made).toMatchObject({ name: 'over api', admin: { login: 'admin-over-api' } });
  expect((await first.call('GET', '/api/v0/whoami', undefined, made.masterKey)).body.content).toBe(made.id);
  const again = await run('create', 'over api', '--url', http, '--key', masterKey);
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('A tenant of this name exists') });
  const stranger = await run('list', '--url', http, '--key', made.masterKey);
  expect(stranger).toMatchObject({ code: 2, err: expect.stringContaining('Only who runs this instance') });
  const accents = await run('create', 'Été à Łódź', '--url', http, '--key', masterKey, '--json');
  expect(JSON.parse(accents.out).admin.login).toMatch(/^admin-Ete-a-[A-Za-z-]*odz$/);
  await first.bench.stop();

  const offline = await run('create', 'acme', '--data-dir', dataDir);
  expect(offline).toMatchObject({ code: 0, err: '' });
  const offlineKey = /Master API key +([0-9a-f]{32})\n/.exec(offline.out)?.[1] ?? '';
  const password = /First user +admin-acme {2}password (\S+)\n/.exec(offline.out)?.[1];
  expect(await run('create', 'acme', '--data-dir', dataDir)).toMatchObject({ code: 2 });
  const list = await run('list', '--data-dir', dataDir, '--json');
  expect(JSON.parse(list.out).map(({ name }: { name: string }) => name)).toEqual([
    'default',
    'over api',
    'Été à Łódź',
    'acme',
  ]);
  expect(list.out).not.toContain(offlineKey);
  expect((await run('list', '--data-dir', dataDir)).out).toMatch(/^[0-9a-f]{24} {2}\S+Z {2}acme$/m);

  const second = new TestBench({ dataDir });
  await second.bench.start();
  const me = await second.call('GET', '/api/v0/tenants/me', undefined, offlineKey);
  expect(me).toMatchObject({ status: 200, body: { name: 'acme' } });
  const signedIn = await second.call('POST', '/api/v0/auth', { login: 'admin-acme', password }, '');
  expect(signedIn).toMatchObject({ status: 200, body: { admin: true, apiKey: { tenantId: me.body.id } } });
  await second.bench.stop();
}, 60_000);

it.each([
  [['make'], 'there is no command "make"'],
  [['create'], 'say the name'],
  [['create', ' x'], 'the name must be letters'],
  [['create', ''], 'the name must not be empty'],
  [['create', 'x'.repeat(101)], 'the name must have at most 100 characters'],
  [['create', 'a', 'b'], 'create does not take "b"'],
  [['list', 'b'], 'list does not take "b"'],
  [['list', '--nothing'], 'nothing'],
  [['list', '--key', 'k'], '--key belongs to --url'],
  [['list', '--url', 'http://127.0.0.1:9'], '--url needs --key'],
  [['list', '--url', 'http://127.0.0.1:9', '--key', masterKey], 'does not answer'],
  [['list', '--url', 'http://127.0.0.1:9', '--key', 'é'], 'the key must be 32 hexadecimal characters'],
  [['list', '--url', 'localhost:8080', '--key', masterKey], '--url must be an address such as'],
  [['list', '--url', 'junk', '--key', masterKey], '--url must be an address such as'],
  [['list', '--url', 'http://a', '--data-dir', 'b'], 'exclude each other'],
])('refuses %j in one line', async (argv, reason) => {
  const { code, out, err } = await run(...argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^fleetbench tenant: [^\n]+\n$/);
  expect(err).toContain(reason);
});

it('says of a platform whose certificate this machine does not know what to do', async () => {
  const bench = await startTestPlatform({ ports: { http: 0, https: 0, mqtt: undefined, mqtts: undefined } });
  try {
    const { https = '' } = bench.platform.endpoints();
    const { code, err } = await run('list', '--url', https, '--key', masterKey);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(
        / does not answer: .*certificate.*; use its http address, .*NODE_EXTRA_CA_CERTS\n$/,
      ),
    });
  } finally {
    await bench.stop();
  }
});

it('says how it is used', async () => {
  expect(await run('--help')).toMatchObject({
    code: 0,
    out: expect.stringContaining('create NAME'),
    err: '',
  });
});
