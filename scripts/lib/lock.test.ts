import { expect, test } from 'vitest';
import { checkLock, type Lock } from './lock.ts';

const manifest = { dependencies: { a: '1.2.3' }, devDependencies: { b: '~2.0.1' } };

function lock(packages: Lock['packages'] = {}): Lock {
  return { packages: { '': manifest, 'node_modules/a': {}, 'node_modules/b': {}, ...packages } };
}

test('accepts a complete lock, also with a nested optional package', () => {
  const nested = lock({
    'node_modules/a': { optionalDependencies: { '@a/linux': '1.0.0' } },
    'node_modules/a/node_modules/@a/linux': {},
  });
  expect(checkLock(manifest, nested)).toEqual([]);
});

test('reports an optional package that is not in the lock', () => {
  const broken = lock({ 'node_modules/a': { optionalDependencies: { '@a/windows': '1.0.0' } } });
  expect(checkLock(manifest, broken)).toEqual([
    'package-lock.json lacks @a/windows, an optional dependency of node_modules/a',
  ]);
});

test('reports a fixed download address', () => {
  const broken = lock({ 'node_modules/a': { resolved: 'https://example.org/a.tgz' } });
  expect(checkLock(manifest, broken)).toEqual([
    'package-lock.json names a download address for node_modules/a',
  ]);
});

test.each(['^1.2.3', '*', 'latest', '>=1.0.0', '1.2', '1.x', 'npm:other@^1.0.0'])(
  'refuses the range %s',
  (version) => {
    const loose = { dependencies: { a: version } };
    expect(checkLock(loose, { packages: { '': loose } })).toEqual([
      `package.json: a "${version}" is neither exact nor pinned with a tilde`,
    ]);
  },
);

test.each(['1.2.3', '~1.2.3', '1.0.0-rc.1', 'npm:@scope/other@7.0.2'])('accepts the pin %s', (version) => {
  const pinned = { dependencies: { a: version } };
  expect(checkLock(pinned, { packages: { '': pinned } })).toEqual([]);
});

test('reports a lock that does not know a change of package.json', () => {
  expect(checkLock({ ...manifest, dependencies: { a: '1.2.4' } }, lock())).toEqual([
    'package-lock.json is out of step with package.json: dependencies',
  ]);
});
