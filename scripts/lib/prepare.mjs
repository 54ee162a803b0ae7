// What every launcher needs before anything else can run: a new enough Node, the dependencies, a fresh
// build. It imports nothing from node_modules, because node_modules may not be there yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, link?: boolean }} LockEntry */

/** @param {string} path @returns {any} */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * @param {string} current as in process.versions.node
 * @param {string} range as in engines.node: `>=20.19`
 */
export function nodeIsNewEnough(current, range) {
  const [major = 0, minor = 0] = current.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = range
    .replace(/^>=\s*/, '')
    .split('.')
    .map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

export function requireNode() {
  const range = readJson(join(root, 'package.json')).engines.node;
  if (nodeIsNewEnough(process.versions.node, range)) return;
  console.error(
    `Fleetbench needs Node ${range}; this is Node ${process.versions.node} (${process.execPath}).`,
  );
  process.exit(1);
}

/**
 * Compares the lock with the copy that npm keeps of what it installed. Packages for other operating systems
 * are optional and may be absent.
 * @param {string} folder
 * @param {{ dev: boolean }} options dev: also ask for the packages that only building and testing need
 * @returns {string | undefined} the reason to install, or undefined
 */
export function installReason(folder, { dev }) {
  const installedLock = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return 'dependencies are not installed';
  /** @type {Record<string, LockEntry>} */
  const wanted = readJson(join(folder, 'package-lock.json')).packages;
  /** @type {Record<string, LockEntry>} */
  const installed = readJson(installedLock).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional || entry.devOptional || entry.link) continue;
    if (entry.dev && !dev) continue;
    if (installed[path]?.version !== entry.version) return `package-lock.json changed (${path})`;
    if (!existsSync(join(folder, path, 'package.json'))) return `${path} is gone`;
  }
  return undefined;
}

/** @param {{ dev: boolean }} options */
export function installWhenNeeded(options) {
  const reason = installReason(root, options);
  if (reason === undefined) return;
  console.error(`Fleetbench: ${reason}; running npm ci`);
  // NODE_ENV=production would leave out what the build needs.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=warn'];
  const npmCli = process.env.npm_execpath;
  const result = npmCli?.endsWith('.js')
    ? spawnSync(process.execPath, [npmCli, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync(`npm ${args.join(' ')}`, { cwd: root, stdio: ['ignore', 2, 2], shell: true });
  if (result.status !== 0) fail('npm ci failed; see above', result.status);
}

/**
 * Standard output belongs to the program that is started, so building talks to standard error.
 * @param {string[]} [parts] what to build, as options of the build
 */
export function buildWhenStale(parts = ['--js']) {
  console.error('Fleetbench: there is no build of these sources yet; building');
  const result = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/build.ts', '--if-stale', ...parts],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (result.status !== 0) fail('the build failed; see above', result.status);
}

/**
 * @param {string} message
 * @param {number | null} [status]
 * @returns {never}
 */
export function fail(message, status) {
  console.error(`Fleetbench: ${message}`);
  process.exit(status || 1);
}
