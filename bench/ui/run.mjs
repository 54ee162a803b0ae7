// `npm run bench:ui`: finds a browser, an Electron and a display, builds what is stale, and measures the portal.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findBrowser } from '../../e2e/find-browser.mjs';
import { withDisplay } from '../../scripts/lib/display.mjs';
import { findElectron, testElectron, thisMachine } from '../../scripts/lib/electron-runtime.mjs';
import { buildWhenStale, root } from '../../scripts/lib/prepare.mjs';
import { isFresh } from '../../scripts/lib/stamp.mjs';

const machine = thisMachine();
const measure = [
  process.execPath,
  '--import',
  'tsx',
  join(root, 'bench/ui/main.ts'),
  ...process.argv.slice(2),
];
const command = withDisplay(measure, machine);
const electron = command && (findElectron(root, machine) ?? testElectron(root));
if (!isFresh(root, 'js') || !isFresh(root, 'portal')) buildWhenStale(['--js', '--portal']);
const [program = '', ...args] = command ?? measure;
const result = spawnSync(program, args, {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...machine.env,
    FLEETBENCH_CHROMIUM: findBrowser(),
    ...(electron === undefined ? {} : { FLEETBENCH_BENCH_ELECTRON: electron }),
  },
});
process.exitCode = result.status ?? 1;
