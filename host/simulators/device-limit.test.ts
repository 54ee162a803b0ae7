import { describe, expect, it } from 'vitest';
import { checkDeviceLimit } from './device-limit.ts';
import { openFileLimit } from './open-file-limit.ts';

const refusalOf = (devices: number, openFiles?: number, each = 2): string => {
  try {
    checkDeviceLimit({ devices, sockets: devices * each }, openFiles);
    return '';
  } catch (error) {
    return `${(error as Error).message} ${(error as { details?: string }).details}`;
  }
};

describe('checkDeviceLimit', () => {
  it('lets in what the process can hold', () => {
    expect(refusalOf(20_000)).toBe('');
    expect(refusalOf(20_000, 1_048_576)).toBe('');
    expect(refusalOf(262, 1024)).toBe('');
    expect(refusalOf(524, 1024, 1)).toBe('');
  });

  it('says what to do about what it cannot', () => {
    expect(refusalOf(20_001)).toBe(
      'Running fleets may have 20000 devices together here; with this one it would be 20001. Stop another fleet first.',
    );
    expect(refusalOf(263, 1024)).toMatch(/may have 524 sockets.*may open 1024 files.*ulimit -n 1026 or more/);
    expect(refusalOf(1, 100)).toMatch(/may have 0 sockets/);
  });
});

it('knows the limit of this process, where the system has one', () => {
  const limit = openFileLimit();
  if (limit !== undefined) expect(limit).toBeGreaterThan(100);
});
