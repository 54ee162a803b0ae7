// `npm run package:check`: packages the desktop program for Linux around the Electron of the tests, looks into the
// archive, and starts what came out. Nothing is fetched. The result is not for users: its Electron is not the
// product's.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { connectAsync } from 'mqtt';
import { testElectron } from './lib/electron-runtime.mjs';
import { checkContents, checkFuses, checkManifest } from './lib/package-contents.ts';
import { buildWhenStale, fail, readJson, root } from './lib/prepare.mjs';
import { isFresh } from './lib/stamp.mjs';

const output = 'dist/package-check';
const unpacked = join(root, output, 'linux-unpacked');
const archive = join(unpacked, 'resources/app.asar');
const masterKey = '9acca9e09acca9e09acca9e09acca9e0';

function packageWith(electron: string): void {
  const folder = dirname(electron);
  const version = readFileSync(join(folder, 'version'), 'utf8').trim();
  rmSync(join(root, output), { recursive: true, force: true });
  const settings = { electronDist: folder, electronVersion: version, 'directories.output': output };
  const result = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/electron-builder/cli.js'),
      '--linux',
      'dir',
      ...Object.entries(settings).map(([name, value]) => `-c.${name}=${value}`),
    ],
    { cwd: root, encoding: 'utf8' },
  );
  if (result.status !== 0) fail(`electron-builder failed:\n${result.stdout}${result.stderr}`);
}

function inspect(): string[] {
  const paths = listPackage(archive, { isPack: false }).map((path) => path.slice(1).replaceAll('\\', '/'));
  const files = paths.filter((path) => !('files' in statFile(archive, path)));
  const contents = { files, bytes: statSync(archive).size };
  const manifest: Record<string, unknown> = JSON.parse(extractFile(archive, 'package.json').toString());
  const ofBuild = files.filter((path) => path.startsWith('dist/'));
  console.log(`${files.length} files, ${(contents.bytes / 2 ** 20).toFixed(1)} MiB`);
  return [
    ...checkContents(contents, readJson(join(root, 'package-lock.json'))),
    ...checkManifest(manifest),
    ...checkFuses(readFileSync(join(unpacked, 'fleetbench'))),
    ...ofBuild
      .filter((path) => !extractFile(archive, path).equals(readFileSync(join(root, path))))
      .map((path) => `not the file of this build: ${path}`),
  ];
}

/** The program does not say which ports it took, so it is told. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the packaged program and lets a device speak to it: its threads and its database come out of the archive. */
async function tryOut(): Promise<string[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fleetbench-packaged-'));
  const [http, mqtt] = [await freePort(), await freePort()];
  const flags = [
    `--http-port=${http}`,
    `--mqtt-port=${mqtt}`,
    '--https-port=off',
    '--mqtts-port=off',
    '--coaps-port=0',
    '--bs-port=0',
    '--lora-port=0',
    '--smpp-port=0',
  ];
  const command = [join(unpacked, 'fleetbench'), '--data-dir', dataDir, '--master-key', masterKey, ...flags];
  if (process.getuid?.() === 0) command.push('--no-sandbox');
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) command.unshift('xvfb-run', '-a');
  const [program = '', ...args] = command;
  // A group of its own: xvfb-run does not pass signals on.
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let log = '';
  child.stderr?.on('data', (text: Buffer) => {
    log += text.toString();
  });
  const ended = once(child, 'exit');
  try {
    const get = (path: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${http}${path}`, { headers: { 'X-API-Key': masterKey } });
    for (let tries = 0; !(await get('/bench/v1/health').catch(() => undefined))?.ok; tries += 1) {
      if (tries > 200 || child.exitCode !== null) return [`the packaged program does not start:\n${log}`];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const client = await connectAsync(`mqtt://127.0.0.1:${mqtt}`, {
      clientId: 'packaged',
      username: 'json+device',
      password: masterKey,
      reconnectPeriod: 0,
    });
    await client.publishAsync('dev/data', '{"s":"packaged","v":{"n":1}}', { qos: 1 });
    await client.endAsync();
    const stored = (await (await get('/api/v0/data/streams/packaged')).json()) as { value?: unknown }[];
    const answers = {
      'the portal': (await get('/')).ok,
      'the API description': (await get('/api/v1/docs/swagger-ui-bundle.js')).ok,
      'a stored message': stored.length === 1,
      'its data folder': existsSync(join(dataDir, 'store')),
    };
    return Object.entries(answers).flatMap(([what, ok]) =>
      ok ? [] : [`the packaged program lacks ${what}`],
    );
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

const electron = testElectron(root);
if (electron === undefined) {
  const text = 'packaging is checked with the Electron of the tests: `bash .ci/run` installs it on Debian';
  if (process.env.CI && `${process.platform}/${process.arch}` === 'linux/x64') fail(text);
  console.error(`Fleetbench: skipped: ${text}`);
} else {
  if (!isFresh(root, 'js') || !isFresh(root, 'portal')) buildWhenStale(['--js', '--portal']);
  packageWith(electron);
  const problems = inspect();
  if (problems.length === 0) problems.push(...(await tryOut()));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else {
    rmSync(join(root, output), { recursive: true, force: true });
    console.log('The packaged program holds what it must, starts, and stores what a device sends.');
  }
}
