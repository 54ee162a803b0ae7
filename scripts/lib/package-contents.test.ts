import { describe, expect, it } from 'vitest';
import { checkContents, checkFuses, checkManifest, mostBytes } from './package-contents.ts';

const lock = {
  packages: {
    '': {},
    'node_modules/@sqlite.org/sqlite-wasm': {},
    'node_modules/@fastify/swagger-ui': {},
    'node_modules/a/node_modules/b': {},
    'node_modules/a': {},
    'node_modules/react': { dev: true },
  },
};
const whole = [
  'package.json',
  'dist/commands.js',
  'dist/store-worker.js',
  'dist/simulator-worker.js',
  'dist/electron/main.js',
  'dist/electron/preload.cjs',
  'dist/electron/icon.png',
  'dist/portal/index.html',
  'dist/portal/assets/index-1.js',
  'node_modules/@sqlite.org/sqlite-wasm/dist/node.mjs',
  'node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm',
  'node_modules/@fastify/swagger-ui/static/swagger-ui-bundle.js',
  'node_modules/a/node_modules/b/index.js',
];

describe('checkContents', () => {
  it('accepts a whole program', () => {
    expect(checkContents({ files: whole, bytes: 1 }, lock)).toEqual([]);
  });

  it.each(whole.slice(0, 12))('misses %s', (path) => {
    const [problem] = checkContents({ files: whole.filter((file) => file !== path), bytes: 1 }, lock);
    expect(problem).toMatch(/^missing/);
  });

  it.each([
    'core/platform.ts',
    'dist/cli.js',
    'dist/commands.js.map',
    'dist/types/index.d.ts',
    'e2e/a.js',
    'electron/test-runtime/package.json',
    'node_modules/a/test/a.js',
    'node_modules/react/index.js',
    'node_modules/a/node_modules/react/index.js',
    '.ci/run',
  ])('does not want %s', (path) => {
    expect(checkContents({ files: [...whole, path], bytes: 1 }, lock)).toHaveLength(1);
  });

  it('has a bound', () => {
    expect(checkContents({ files: whole, bytes: mostBytes + 1 }, lock)).toHaveLength(1);
  });
});

it('wants a manifest that starts the desktop program and has nothing of development', () => {
  expect(checkManifest({ main: 'dist/electron/main.js', dependencies: {} })).toEqual([]);
  expect(checkManifest({ main: 'x', scripts: {}, devDependencies: {} })).toHaveLength(3);
});

it('reads the fuses', () => {
  const fuses = (state: string) => Buffer.from(`..dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x08${state}..`);
  expect(checkFuses(fuses('00000100'))).toEqual([]);
  expect(checkFuses(fuses('10000100'))).toEqual(['fuse runAsNode is 1, wanted false']);
  expect(checkFuses(Buffer.from('nothing'))).toEqual(['the executable has no fuses']);
});
