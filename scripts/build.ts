// Bundles the entry points to dist/, emits the library's type declarations and builds the portal.
//   --js        bundles only: what most tests need
//   --portal    the portal only; with --js both
//   --if-stale  does nothing for a part whose sources have not changed since it was built
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type OutputFile } from 'esbuild';
import { root } from './lib/prepare.mjs';
import { bundles, copies, isFresh, type Part, readStamp, type Stamp, sourceHash } from './lib/stamp.mjs';

// CommonJS code inside an ES module bundle still asks for these three names. The two that a source may
// declare for itself get other names, which `define` puts in only where the name is free.
const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { dirname as __pathDirname } from 'node:path';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __bundleFilename = __fileURLToPath(import.meta.url);',
  'const __bundleDirname = __pathDirname(__bundleFilename);',
].join('\n');
const define = { __filename: '__bundleFilename', __dirname: '__bundleDirname' };

const shebang = '#!/usr/bin/env node';

class BuildError extends Error {}

/** Another process may be loading the old file right now, so a file is replaced whole or not at all. */
function replaceFile(path: string, content: Uint8Array | string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

function writeStamp(change: Stamp): void {
  replaceFile(join(root, 'dist/.stamp'), `${JSON.stringify({ ...readStamp(root), ...change })}\n`);
}

function checkSyntax(path: string): void {
  const result = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8' });
  if (result.status !== 0) throw new BuildError(`${relative(root, path)} does not parse:\n${result.stderr}`);
}

async function bundle(outfile: string, entry: string): Promise<OutputFile[]> {
  const executable = outfile === 'dist/cli.js';
  // What a sandboxed page loads first is CommonJS, whatever the program around it is.
  const commonJs = outfile.endsWith('.cjs');
  const hasShebang = readFileSync(join(root, entry), 'utf8').startsWith('#!');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    write: false,
    format: commonJs ? 'cjs' : 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    ...(commonJs ? {} : { define }),
    banner: commonJs ? {} : { js: executable && !hasShebang ? `${shebang}\n${banner}` : banner },
    logLevel: 'warning',
  });
  return result.outputFiles;
}

async function buildJs(): Promise<void> {
  const missing = Object.values(bundles).filter((entry) => !existsSync(join(root, entry)));
  if (missing.length > 0) throw new BuildError(`entry point missing: ${missing.join(', ')}`);
  const built = await Promise.all(Object.entries(bundles).map(([outfile, entry]) => bundle(outfile, entry)));
  for (const file of built.flat()) {
    replaceFile(file.path, file.contents, file.path.endsWith('cli.js') ? 0o755 : 0o644);
  }
  for (const [outfile, file] of Object.entries(copies)) {
    replaceFile(join(root, outfile), readFileSync(join(root, file)));
  }
  for (const outfile of Object.keys(bundles)) checkSyntax(join(root, outfile));
}

function buildTypes(): void {
  rmSync(join(root, 'dist/types'), { recursive: true, force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const result = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.types.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) throw new BuildError('the type declarations did not compile; see above');
}

function buildPortal(): void {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const result = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    // A user's NODE_ENV would take the development build of React, which is larger and slower.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.status !== 0) throw new BuildError('the portal did not build; see above');
}

const parts: readonly { readonly part: Part; readonly build: () => void | Promise<void> }[] = [
  { part: 'js', build: buildJs },
  { part: 'types', build: buildTypes },
  { part: 'portal', build: buildPortal },
];

async function main(options: readonly string[]): Promise<void> {
  const unknown = options.filter((option) => !['--js', '--portal', '--if-stale'].includes(option));
  if (unknown.length > 0) throw new BuildError(`unknown option ${unknown.join(' ')}`);
  const ifStale = options.includes('--if-stale');
  const asked = parts.filter(({ part }) => options.includes(`--${part}`));
  for (const { part, build: make } of asked.length === 0 ? parts : asked) {
    // Taken before reading the sources: an edit during the build leaves the result stale, never falsely fresh.
    const hash = sourceHash(root, part);
    if (ifStale && isFresh(root, part, hash)) continue;
    // A build that fails half-way must not keep the stamp of the one before.
    writeStamp({ [part]: '' });
    await make();
    writeStamp({ [part]: hash });
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // esbuild has already printed its own errors, with the place in the source.
  const own = error instanceof BuildError || !(error instanceof Error && 'errors' in error);
  console.error(own ? `Build failed: ${error instanceof Error ? error.message : error}` : 'Build failed.');
  process.exitCode = 1;
}
