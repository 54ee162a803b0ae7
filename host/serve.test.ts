import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliPath, FleetbenchProcess, freePorts, runFleetbench } from '../core/testing/fleetbench-process.ts';

const masterKey = '0123456789abcdef0123456789abcdef';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-serve-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function serve(...args: string[]): FleetbenchProcess {
  return new FleetbenchProcess(['serve', ...freePorts, ...args]);
}

async function call(url: string, key: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    headers: { 'X-API-KEY': key, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return answer.json();
}

describe('serve --json', () => {
  it('writes one line with every address when everything listens, and nothing else', async () => {
    await using program = new FleetbenchProcess([
      'serve',
      '--json',
      '--data-dir',
      folder,
      '--master-key',
      masterKey,
      '--free-ports',
    ]);
    const { endpoints, ...ready } = await program.ready();
    expect(ready).toEqual({
      event: 'ready',
      pid: program.child.pid,
      dataDir: folder,
      portal: existsSync('dist/portal/index.html')
        ? expect.stringMatching(new RegExp(`^${endpoints.http}/\\?code=[0-9a-f]{32}$`))
        : null,
    });
    const at = (scheme: string, path = '') =>
      expect.stringMatching(`^${scheme}://127\\.0\\.0\\.1:\\d+${path}$`);
    expect(endpoints).toEqual({
      http: at('http'),
      https: at('https'),
      mqtt: at('mqtt'),
      mqtts: at('mqtts'),
      ws: at('ws', '/mqtt'),
      wss: at('wss', '/mqtt'),
      coaps: at('coaps'),
      bs: at('coaps'),
      lora: at('udp'),
      smpp: at('smpp'),
    });
    for (const [name, url] of Object.entries(endpoints)) {
      if (name === 'coaps' || name === 'bs' || name === 'lora') continue;
      const socket = connect(Number(new URL(url ?? '').port), '127.0.0.1');
      await once(socket, 'connect');
      socket.destroy();
    }
    expect(await call(`${endpoints.http}/bench/v1/endpoints`, masterKey)).toEqual(endpoints);
    const { code, stdout, stderr } = await program.signal('SIGTERM');
    expect({ code, lines: stdout.split('\n').length, stderr }).toEqual({ code: 0, lines: 2, stderr: '' });
  });

  it('has the master key in the line of the start that made it, and never again', async () => {
    await using first = serve('--json', '--data-dir', folder);
    const { masterKey: made, admin, endpoints } = await first.ready();
    const signedIn = await fetch(`${endpoints.http}/api/v0/auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(admin),
    });
    expect(await signedIn.json()).toMatchObject({ admin: true, apiKey: { sessionKey: true } });
    expect(made).toMatch(/^[0-9a-f]{32}$/);
    await call(`${endpoints.http}/api/v0/apiKeys/current_key`, made ?? '');
    await first.signal('SIGTERM');

    await using second = serve('--json', '--data-dir', folder);
    const again = await second.ready();
    expect(again).not.toHaveProperty('masterKey');
    expect(again).not.toHaveProperty('admin');
  });

  it('says null for a data folder and a portal that are not there', async () => {
    await using program = serve('--json', '--ephemeral', '--http-port', 'off');
    const { dataDir, portal, endpoints } = await program.ready();
    expect({ dataDir, portal }).toEqual({ dataDir: null, portal: null });
    expect(Object.keys(endpoints)).toEqual(['mqtt', 'coaps', 'bs', 'lora', 'smpp']);
  });

  it('keeps the log on standard error', async () => {
    await using program = serve('--json', '--ephemeral', '--log-level', 'debug');
    await program.ready();
    const { stdout, stderr } = await program.signal('SIGTERM');
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const lines = stderr.trim().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
  });
});

describe('serve for a person', () => {
  it('shows the master key at the first start only, and where the certificate is', async () => {
    const flags = ['serve', '--data-dir', folder, '--free-ports'];
    await using first = new FleetbenchProcess(flags);
    await first.output(/shown this once/);
    const { code, stdout, stderr } = await first.signal('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Fleetbench \d+\.\d+\.\d+ is ready\. Press Ctrl\+C to stop\.\n/);
    expect(stdout).toMatch(/\n {2}MQTT +mqtt:\/\/127\.0\.0\.1:\d+\n/);
    expect(stdout).toMatch(/\n {2}API description +http:\S+\/api\/v1\/docs/);
    expect(stdout).toContain(`  ${join(folder, 'tls', 'ca.pem')}\n`);
    expect(stdout).toMatch(/\n {2}Master API key +[0-9a-f]{32}\n/);
    expect(stdout).not.toContain('other machines');

    await using second = new FleetbenchProcess(flags);
    await second.output(/CA certificate.*\n/);
    expect((await second.signal('SIGTERM')).stdout).not.toContain('Master API key');
  });

  it('does not repeat a master key that it was given', async () => {
    await using program = serve('--ephemeral', '--master-key', masterKey);
    await program.output(/kept in memory only/);
    expect((await program.signal('SIGTERM')).stdout).not.toContain(masterKey);
  });

  it('warns when other machines can reach it', async () => {
    await using program = serve('--ephemeral', '--host', '0.0.0.0');
    await program.output(/Listening on 0\.0\.0\.0: other machines can reach this platform\.\n/);
    // What is shown is what a client on this machine can use.
    await program.output(/mqtt:\/\/127\.0\.0\.1:/);
  });
});

describe('life of serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 when %s comes during the start', async (signal) => {
    await using program = serve('--data-dir', folder);
    // The first file of the data folder: the start is under way, and nothing listens yet.
    for (let names: string[] = []; names.length === 0; ) names = await readdir(folder);
    expect(await program.signal(signal)).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await readdir(folder)).not.toContain('fleetbench.lock');
  });

  it('takes a signal that comes twice at once, as from a terminal under npm, for one', async () => {
    await using program = serve('--data-dir', folder);
    await program.output(/is ready/);
    const ended = program.signal('SIGINT');
    program.signal('SIGINT').catch(() => {});
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect(await readdir(folder)).not.toContain('fleetbench.lock');
  });

  it('ends with 0 and starts nothing when the signal comes while it loads', async () => {
    const early = join(folder, 'not-made');
    // A module that is loaded before the command sends the signal when the command has set its handlers.
    const preload = `data:text/javascript,process.on('newListener',(name)=>{if(name==='SIGTERM')setImmediate(()=>process.kill(process.pid,'SIGTERM'))})`;
    await using program = new FleetbenchProcess(['serve', ...freePorts, '--data-dir', early], {
      env: { ...process.env, NODE_OPTIONS: `--import=${preload}` },
    });
    expect(await program.ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops cleanly with clients connected, and gives its folder free', async () => {
    await using program = serve('--json', '--data-dir', folder, '--master-key', masterKey);
    const { endpoints } = await program.ready();
    const client = await connectAsync(endpoints.mqtt ?? '', {
      username: 'json+device',
      password: masterKey,
      clientId: 'meter-1',
      reconnectPeriod: 0,
    });
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    expect((await program.signal('SIGTERM')).code).toBe(0);
    await closed;
    expect(await readdir(folder)).not.toContain('fleetbench.lock');
  });

  it('keeps what it acknowledged when it is killed', async () => {
    const flags = ['--json', '--data-dir', folder, '--master-key', masterKey];
    await using first = serve(...flags);
    const before = (await first.ready()).endpoints;
    const client = await connectAsync(before.mqtt ?? '', {
      username: 'json+device',
      password: masterKey,
      clientId: 'meter-1',
      reconnectPeriod: 0,
    });
    await client.publishAsync('dev/data', '{"s":"kept","v":{"n":1}}', { qos: 1 });
    expect((await first.signal('SIGKILL')).signal).toBe('SIGKILL');
    await client.endAsync(true);

    await using second = serve(...flags);
    const { endpoints } = await second.ready();
    const stream = await call(`${endpoints.http}/api/v0/data/streams/kept`, masterKey);
    expect(stream).toMatchObject([{ streamId: 'kept', value: { n: 1 } }]);
    const device = await call(
      `${endpoints.http}/api/v1/deviceMgt/devices/urn:lo:nsid:mqtt:meter-1`,
      masterKey,
    );
    expect(device).toMatchObject({ interfaces: [{ connector: 'mqtt', nodeId: 'meter-1' }] });
  });

  it('replaces the master key of a folder by the one it is given', async () => {
    await using first = serve('--json', '--data-dir', folder, '--master-key', masterKey);
    await first.ready();
    await first.signal('SIGTERM');
    const other = 'F'.repeat(32);
    await using second = serve('--json', '--data-dir', folder, '--master-key', other);
    const { endpoints } = await second.ready();
    const url = `${endpoints.http}/api/v0/apiKeys/current_key`;
    expect((await fetch(url, { headers: { 'X-API-KEY': masterKey } })).status).toBe(403);
    expect((await fetch(url, { headers: { 'X-API-KEY': other } })).status).toBe(200);
  });

  it.skipIf(process.platform === 'win32')('runs without standard input', async () => {
    const command = [process.execPath, cliPath, 'serve', '--json', '--ephemeral', ...freePorts];
    const quoted = command.map((word) => `'${word}'`).join(' ');
    await using program = new FleetbenchProcess(['-c', `exec ${quoted} <&-`], {}, 'sh');
    await program.ready();
    expect(await program.signal('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });

  it('goes on when nobody reads its output any more', async () => {
    await using program = serve('--ephemeral', '--json', '--master-key', masterKey, '--log-level', 'debug');
    const { endpoints } = await program.ready();
    program.child.stdout?.destroy();
    program.child.stderr?.destroy();
    for (let round = 0; round < 3; round++) {
      await call(`${endpoints.http}/api/v0/apiKeys/current_key`, masterKey);
      // A refusal is logged, to a reader that is gone.
      await expect(
        connectAsync(endpoints.mqtt ?? '', { username: 'nobody', password: masterKey, reconnectPeriod: 0 }),
      ).rejects.toThrow();
    }
    expect((await program.signal('SIGTERM')).code).toBe(0);
  });
});

describe('serve twice on a folder', () => {
  it('refuses the second and leaves the first alone', async () => {
    await using first = serve('--json', '--data-dir', folder, '--master-key', masterKey);
    const { endpoints, pid } = await first.ready();
    const second = await runFleetbench(['serve', ...freePorts, '--json', '--data-dir', folder]);
    expect(second).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `fleetbench: The data folder ${folder} is in use by process ${pid}. Stop that process, or choose another folder with --data-dir.\n`,
    });
    await call(`${endpoints.http}/api/v0/whoami`, masterKey);
    expect((await first.signal('SIGTERM')).code).toBe(0);
  });
});
