import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EndedProcess,
  FleetbenchProcess,
  freePorts,
  runFleetbench,
} from '../core/testing/fleetbench-process.ts';
import { serve } from './serve.ts';

let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-refused-'));
  data = join(folder, 'data');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function expectRefusal({ code, signal, stdout, stderr }: EndedProcess, message: RegExp): void {
  expect({ code, signal, stdout, stderr }).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr: expect.any(String),
  });
  expect(stderr).toMatch(/^fleetbench: [^\n]+\n$/);
  expect(stderr).toMatch(message);
}

describe('serve with a wrong flag', () => {
  it.each([
    ['--frob'],
    ['words'],
    ['--http-port', '99999'],
    ['--https-port', 'x'],
    ['--mqtt-port', '-1'],
    ['--mqtts-port', ''],
    ['--host', ''],
    ['--master-key', 'zz'],
    ['--log-level', 'x'],
    ['--json=1'],
    ['--ephemeral'],
    ['--data-dir'],
  ])('says what is wrong in one line and touches nothing: %s %s', async (...wrong) => {
    const out = { stdout: [] as string[], stderr: [] as string[] };
    const code = await serve(
      ['--data-dir', data, ...freePorts, ...wrong.filter((word) => word !== undefined)],
      {
        stdout: { write: (text) => out.stdout.push(text) },
        stderr: { write: (text) => out.stderr.push(text) },
        end: new AbortController().signal,
      },
    );
    expectRefusal(
      { code, signal: null, stdout: out.stdout.join(''), stderr: out.stderr.join('') },
      new RegExp(wrong[0]?.replace(/=.*/, '').replace('--host', 'host') ?? ''),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends the process with 2', async () => {
    expectRefusal(await runFleetbench(['serve', '--data-dir', data, '--frob']), /Unknown option '--frob'/);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('serve on a port in use', () => {
  it.each(['http', 'mqtts'])('refuses for %s, and leaves a folder that can be started on', async (name) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const flags = ['serve', '--json', '--data-dir', data, ...freePorts];
    const refused = await runFleetbench([...flags, `--${name}-port`, `${port}`]);
    server.close();
    expectRefusal(refused, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use by another program`));
    expect(await readdir(data)).not.toContain('fleetbench.lock');

    // The master key is made by the start that shows it.
    await using program = new FleetbenchProcess(flags);
    expect((await program.ready()).masterKey).toMatch(/^[0-9a-f]{32}$/);
  });

  it('refuses an address that this machine does not have', async () => {
    const refused = await runFleetbench(['serve', '--ephemeral', ...freePorts, '--host', '192.0.2.1']);
    expectRefusal(refused, /This machine has no address 192\.0\.2\.1/);
  });
});

describe('serve on a data folder that is no good', () => {
  it.each([
    ['is a file', 'file'],
    ['is below a file', 'file/data'],
  ])('refuses one that %s', async (_, path) => {
    await writeFile(join(folder, 'file'), 'mine');
    const refused = await runFleetbench(['serve', ...freePorts, '--data-dir', join(folder, path)]);
    expectRefusal(refused, new RegExp(`${join(folder, path)}.*choose another folder with --data-dir`));
    expect(await readdir(folder)).toEqual(['file']);
  });

  it.skipIf(process.platform !== 'linux')('refuses one that cannot be made', async () => {
    const refused = await runFleetbench(['serve', ...freePorts, '--data-dir', '/proc/fleetbench/data']);
    expectRefusal(
      refused,
      /The data folder \/proc\/fleetbench\/data .*choose another folder with --data-dir/,
    );
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'refuses one that may not be written',
    async () => {
      await mkdir(data);
      await chmod(data, 0o500);
      const refused = await runFleetbench(['serve', ...freePorts, '--data-dir', data]);
      expectRefusal(refused, /cannot be written \(EACCES\)/);
      await chmod(data, 0o700);
    },
  );

  it('refuses one whose certificate folder is a file', async () => {
    await mkdir(data);
    await writeFile(join(data, 'tls'), 'mine');
    const refused = await runFleetbench(['serve', ...freePorts, '--mqtts-port', '0', '--data-dir', data]);
    expectRefusal(refused, new RegExp(`${join(data, 'tls')}`));
    expect(await readdir(data)).not.toContain('fleetbench.lock');
  });

  it('makes one with all folders above it', async () => {
    const deep = join(folder, 'a', 'b', 'c');
    await using program = new FleetbenchProcess(['serve', '--json', ...freePorts, '--data-dir', deep]);
    expect((await program.ready()).dataDir).toBe(deep);
  });

  it('takes a relative one from the current folder', async () => {
    const flags = ['serve', '--json', ...freePorts, '--data-dir', 'data'];
    await using program = new FleetbenchProcess(flags, { cwd: folder });
    expect((await program.ready()).dataDir).toBe(data);
  });
});
