import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { fail } from '../scripts/lib/prepare.mjs';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns {string} a Chromium of the system, else Playwright's own, else Debian's when it can be installed */
export function findBrowser() {
  const given = process.env.FLEETBENCH_CHROMIUM;
  const found = [given, ...installed, chromium.executablePath()].find((path) => path && existsSync(path));
  if (found) return found;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.error('Installing chromium');
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2] });
    spawnSync('apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'chromium'], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const now = installed.find((path) => existsSync(path));
    if (now) return now;
  }
  return fail(
    'this needs Chromium: install it with your system, or run "npx playwright install chromium", or name it in FLEETBENCH_CHROMIUM',
  );
}
