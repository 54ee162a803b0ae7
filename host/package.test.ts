import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const source = `
import { connectAsync } from 'mqtt';
import { type Fleetbench, PlatformError, type Role, startFleetbench, VirtualClock } from 'fleetbench';

const clock = new VirtualClock();
const roles: Role[] = ['DEVICE_ACCESS'];
const bench: Fleetbench = await startFleetbench({ clock, settings: { fifoTtlMs: 1000 } });
const key: string = await bench.createKey(roles);
const mqtt: string = bench.endpoints.mqtt ?? '';
const client = await connectAsync(mqtt, { username: 'json+device', password: key, clientId: 'x', reconnectPeriod: 0 });
await client.publishAsync('dev/data', '{"v":{}}', { qos: 1 });
clock.advance(1000);
await bench.reset();
await bench.stop();
client.end(true);
// @ts-expect-error roles are checked
await bench.createKey(['NO_SUCH_ROLE']).catch((error: unknown) => console.log(error instanceof Error));
// @ts-expect-error options are checked
const wrong: Parameters<typeof startFleetbench>[0] = { prots: {} };
const failed = await startFleetbench({ host: '' }).catch((error: unknown) => error);
console.log(failed instanceof PlatformError && failed.code, wrong !== undefined);
`;

/** A project beside this one that has it as a dependency, linked as npm does for a path. */
let project: string;

beforeAll(async () => {
  const build = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts', '--if-stale'], {
    cwd: root,
  });
  expect(build.status, String(build.stderr)).toBe(0);
  project = await mkdtemp(join(tmpdir(), 'fleetbench-project-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/fleetbench'), 'junction');
  // What the project has for itself.
  for (const name of ['mqtt', 'vitest', '@types']) {
    await symlink(join(root, 'node_modules', name), join(project, 'node_modules', name), 'junction');
  }
  await writeFile(join(project, 'package.json'), '{"name":"project","type":"module"}');
  const compilerOptions = {
    target: 'ES2022',
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    types: ['node'],
    outDir: 'out',
  };
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['bench.ts', 'readme.test.ts'] }),
  );
  await writeFile(join(project, 'bench.ts'), source);
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const example = /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? 'no example';
  await writeFile(join(project, 'readme.test.ts'), example);
  await writeFile(join(project, 'vitest.config.mjs'), "export default { test: { include: ['*.test.ts'] } };");
}, 120_000);

afterAll(() => rm(project, { recursive: true, force: true }));

describe('the package in another project', () => {
  it('has types, runs, and lets the process end by itself', async () => {
    const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]);
    expect(tsc.status, String(tsc.stdout)).toBe(0);
    const program = spawn(process.execPath, [join(project, 'out/bench.js')]);
    const output: string[] = [];
    for (const stream of [program.stdout, program.stderr])
      stream.on('data', (text) => void output.push(String(text)));
    const code = await new Promise((resolve) => program.on('close', resolve));
    expect({ code, output: output.join('') }).toEqual({ code: 0, output: 'true\nplatform.setting true\n' });
  }, 60_000);

  it('runs the example of the read-me', async () => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const program = spawn(process.execPath, [vitest, 'run', 'readme.test.ts', '--root', project], {
      cwd: project,
      env: { ...process.env, VITEST: undefined },
    });
    const output: string[] = [];
    for (const stream of [program.stdout, program.stderr]) {
      stream.on('data', (text) => void output.push(String(text)));
    }
    const code = await new Promise((resolve) => program.on('close', resolve));
    expect(code, output.join('')).toBe(0);
  }, 60_000);
});
