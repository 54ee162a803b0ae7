import { expect, test } from 'vitest';
import { views } from './views.ts';

test('views stand in the order in which a first-time user needs them', () => {
  const names = views.map(({ name }) => name);
  const inOrder = (wanted: readonly string[]): void => {
    expect(names.filter((name) => wanted.includes(name))).toEqual(wanted);
  };
  inOrder(['dashboard', 'devices', 'groups', 'messages', 'routing', 'campaigns', 'simulators', 'audit']);
  inOrder(['audit', 'access', 'settings']);
  // The two ways to begin stand together.
  expect(names.indexOf('connect')).toBe(names.indexOf('simulators') + 1);
  expect(names.at(-1)).toBe('settings');
});
