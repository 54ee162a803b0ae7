import { describe, expect, it } from 'vitest';
import { runFleetbench } from '../core/testing/fleetbench-process.ts';
import packageJson from '../package.json' with { type: 'json' };

describe('fleetbench', () => {
  it.each(['--version', '-V'])('tells its version for %s', async (flag) => {
    expect(await runFleetbench([flag])).toEqual({
      code: 0,
      signal: null,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
  });

  it.each([['--help'], ['-h'], ['help'], []])('lists commands and flags for %j', async (...argv) => {
    const { code, stdout, stderr } = await runFleetbench(argv.filter((word) => word !== undefined));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of ['fleetbench serve [flags]', 'fleetbench data check', '--data-dir DIR']) {
      expect(stdout).toContain(part);
    }
  });

  it.each(['--help', '-h'])('lists the flags of serve for serve %s', async (flag) => {
    const { code, stdout } = await runFleetbench(['serve', '--json', flag]);
    expect(code).toBe(0);
    expect(stdout).toContain('--mqtts-port N');
  });

  it('refuses a command that it does not know', async () => {
    expect(await runFleetbench(['frobnicate', '--json'])).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: 'fleetbench: unknown command "frobnicate"; try fleetbench --help\n',
    });
  });

  it('hands the words after data to the data commands', async () => {
    const { code, stderr } = await runFleetbench(['data', 'check']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'fleetbench data: say which folder with --data-dir DIR\n',
    });
  });
});
