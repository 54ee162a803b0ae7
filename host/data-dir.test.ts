import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataDir } from './data-dir.ts';

describe('where data goes by default', () => {
  it('is what FLEETBENCH_DATA_DIR says, on every system', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(defaultDataDir({ FLEETBENCH_DATA_DIR: 'here', XDG_DATA_HOME: '/x' }, platform)).toBe('here');
    }
  });

  it('is the place of the system otherwise', () => {
    expect(defaultDataDir({ XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/fleetbench');
    expect(defaultDataDir({ FLEETBENCH_DATA_DIR: '' }, 'linux')).toBe(
      join(homedir(), '.local/share/fleetbench'),
    );
    expect(defaultDataDir({}, 'darwin')).toBe(join(homedir(), 'Library/Application Support/Fleetbench'));
    expect(defaultDataDir({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'Fleetbench'));
    expect(defaultDataDir({ LOCALAPPDATA: '' }, 'win32')).toBe(join(homedir(), 'AppData/Local/Fleetbench'));
  });

  it('never depends on the folder that the program is started in', () => {
    for (const XDG_DATA_HOME of ['', 'relative/share']) {
      expect(defaultDataDir({ XDG_DATA_HOME }, 'linux')).toBe(join(homedir(), '.local/share/fleetbench'));
    }
  });
});
