// `npm run desktop`: prepares what is missing, then starts the desktop program. Flags are those of `npm run serve`.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { findElectron, noWindowReason, thisMachine } from './lib/electron-runtime.mjs';
import { buildWhenStale, fail, installWhenNeeded, requireNode, root } from './lib/prepare.mjs';
import { isFresh } from './lib/stamp.mjs';

const args = process.argv.slice(2);
const machine = thisMachine();
const instead = 'Without a window: npm run serve, and open the link that it prints in a browser.';

/** Electron is fetched when it is first needed, and not by `npm ci`: who wants no window needs no 110 MB. */
function fetchElectron() {
  console.error('Fleetbench: fetching Electron, once');
  spawnSync(process.execPath, [join(root, 'node_modules/electron/install.js')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    timeout: 600_000,
  });
}

requireNode();
const reason = noWindowReason(machine, args);
if (reason !== undefined) fail(`${reason}. ${instead}`);
const fresh = isFresh(root, 'js') && isFresh(root, 'portal');
// Electron is a package of development: what runs it is not what it is built into.
installWhenNeeded({ dev: true });
if (!fresh) buildWhenStale(['--js', '--portal']);
if (findElectron(root, machine) === undefined && !machine.env.ELECTRON_OVERRIDE_DIST_PATH) fetchElectron();
const electron = findElectron(root, machine);
if (electron === undefined) {
  const named = machine.env.ELECTRON_OVERRIDE_DIST_PATH;
  fail(
    named
      ? `there is no Electron in ${named}, which ELECTRON_OVERRIDE_DIST_PATH names. ${instead}`
      : 'Electron could not be fetched; see above. It comes from GitHub: set ELECTRON_MIRROR to a mirror that ' +
          'this machine reaches, or ELECTRON_OVERRIDE_DIST_PATH to a folder with an unpacked Electron. ' +
          instead,
  );
}

const child = spawn(electron, [root, ...args], { cwd: process.cwd(), stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => fail(`Electron did not start: ${error.message}`));
child.on('close', (code, signal) => {
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1);
});
