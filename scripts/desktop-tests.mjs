// `npm run test:desktop`: the specs of e2e/desktop in a real Electron, with a display of their own where there is
// none. Arguments go to Playwright. Without an Electron the tests are skipped with a word, but never in CI.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withDisplay } from './lib/display.mjs';
import { findElectron, testElectron, thisMachine } from './lib/electron-runtime.mjs';
import { buildWhenStale, fail, root } from './lib/prepare.mjs';
import { isFresh } from './lib/stamp.mjs';

const machine = thisMachine();
const electron = findElectron(root, machine) ?? testElectron(root);
const { env } = machine;
const playwright = join(root, 'node_modules/@playwright/test/cli.js');
const config = join(root, 'e2e/desktop/playwright.config.ts');
const command = withDisplay(
  [process.execPath, playwright, 'test', '--config', config, ...process.argv.slice(2)],
  machine,
);

const missing = electron === undefined ? 'an Electron' : command ? undefined : 'a display, or xvfb-run';
if (missing !== undefined) {
  const text = `the tests of the desktop program need ${missing}: \`bash .ci/run\` installs it on Debian`;
  // The Electron of the tests is there for this system and processor only.
  if (env.CI && `${machine.platform}/${process.arch}` === 'linux/x64') fail(text);
  console.error(`Fleetbench: skipped: ${text}`);
  process.exit(0);
}
if (!isFresh(root, 'js') || !isFresh(root, 'portal')) buildWhenStale(['--js', '--portal']);

const [program = '', ...args] = command ?? [];
const result = spawnSync(program, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...env, FLEETBENCH_TEST_ELECTRON: electron },
});
process.exitCode = result.status ?? 1;
