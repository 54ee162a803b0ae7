// `npm run test:e2e`: finds a browser, builds what is stale, runs the specs. Arguments go to Playwright.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildWhenStale, root } from '../scripts/lib/prepare.mjs';
import { isFresh } from '../scripts/lib/stamp.mjs';
import { findBrowser } from './find-browser.mjs';

const browser = findBrowser();
if (!isFresh(root, 'js') || !isFresh(root, 'portal')) buildWhenStale(['--js', '--portal']);
const cli = join(root, 'node_modules/@playwright/test/cli.js');
const result = spawnSync(process.execPath, [cli, 'test', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FLEETBENCH_CHROMIUM: browser },
});
process.exitCode = result.status ?? 1;
