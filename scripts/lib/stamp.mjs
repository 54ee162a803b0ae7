// Decides whether dist/ still matches the sources. The launchers use it before node_modules exists, so it
// imports nothing from there.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const shared = [
  'scripts/build.ts',
  'scripts/lib/stamp.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
const programInputs = [...shared, 'core', 'host', 'electron', 'simulators', 'tsconfig.types.json'];
const portalInputs = [...shared, 'core/contract', 'renderer', 'vite.config.ts'];

/** Every bundle and the entry point it is made of. @type {Readonly<Record<string, string>>} */
export const bundles = {
  'dist/cli.js': 'host/cli.ts',
  'dist/commands.js': 'host/commands.ts',
  'dist/electron/main.js': 'electron/main.ts',
  'dist/electron/preload.cjs': 'electron/preload.ts',
  'dist/index.js': 'host/index.ts',
  'dist/simulator-worker.js': 'host/simulators/simulator-worker.ts',
  'dist/store-worker.js': 'core/store/worker.ts',
};

/** Files that are put beside the bundles as they are. @type {Readonly<Record<string, string>>} */
export const copies = { 'dist/electron/icon.png': 'electron/icon.png' };

/** @typedef {{ js?: string, types?: string, portal?: string }} Stamp */
/** @typedef {keyof Stamp} Part */

/** One file of each part that is there once it was built. @type {Readonly<Record<Part, string[]>>} */
const made = {
  js: [...Object.keys(bundles), ...Object.keys(copies)],
  types: ['dist/types/host/index.d.ts'],
  portal: ['dist/portal/index.html'],
};

/** @param {string} root @param {string} path @returns {string[]} */
function filesUnder(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .flatMap((entry) => filesUnder(root, `${path}/${entry.name}`));
}

/**
 * Tests are left out: a changed test changes no bundle.
 * @param {string} root
 * @param {Part} [part]
 */
export function sourceHash(root, part = 'js') {
  const hash = createHash('sha256');
  const inputs = part === 'portal' ? portalInputs : programInputs;
  const files = inputs.flatMap((input) => filesUnder(root, input));
  for (const file of files.filter((name) => !/\.test\.tsx?$/.test(name)).sort()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} root @returns {Stamp} */
export function readStamp(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'dist/.stamp'), 'utf8'));
  } catch {
    // No stamp or a torn one: the same as never built.
    return {};
  }
}

/**
 * @param {string} root
 * @param {Part} part
 * @param {string} [hash] when the caller has it already
 */
export function isFresh(root, part, hash = sourceHash(root, part)) {
  return readStamp(root)[part] === hash && made[part].every((path) => existsSync(join(root, path)));
}
