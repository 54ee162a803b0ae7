// A display for programs with a window, on machines that have none.
import { spawnSync } from 'node:child_process';

/**
 * The command, or what runs it with a display of its own where there is none.
 * @param {readonly string[]} command
 * @param {import('./electron-runtime.mjs').Machine} machine
 * @returns {string[] | undefined} undefined: there is no display, and nothing that makes one
 */
export function withDisplay(command, { env, platform }) {
  if (platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY) return [...command];
  if (spawnSync('xvfb-run', ['--help']).status !== 0) return undefined;
  return ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24', ...command];
}
