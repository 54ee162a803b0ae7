import { expect, it } from 'vitest';
import { readVersions, versionInName } from './version-names.ts';

it.each([
  ['x11-1.2.bin', '1.2'],
  ['X11_firmware_v1.2.0-rc1.hex', '1.2.0-rc1'],
  ['firmware-4.0.M2.img', '4.0.M2'],
  ['1.2', '1.2'],
  ['firmware.bin', ''],
  ['build42.bin', ''],
  ['', ''],
])('the version in the name %s', (name, version) => {
  expect(versionInName(name)).toBe(version);
});

it('versions in one line', () => {
  expect(readVersions(' 1.0, 1.1;1.2  1.0,')).toEqual(['1.0', '1.1', '1.2']);
  expect(readVersions('')).toEqual([]);
});
