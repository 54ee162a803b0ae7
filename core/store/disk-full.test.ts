import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const child = fileURLToPath(new URL('../testing/disk-full-child.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'fleetbench-full-'));

/** Runs a shell line in a mount namespace of its own, where `$1` is a disk of 1 MB; nothing is left to clean up. */
function onSmallDisk(line: string) {
  const script = `mount -t tmpfs -o size=1m tmpfs "$1" && ${line}`;
  const args = [
    '--user',
    '--map-root-user',
    '--mount',
    'sh',
    '-c',
    script,
    'sh',
    dataDir,
    process.execPath,
    child,
  ];
  return spawnSync('unshare', args, { encoding: 'utf8' });
}

const permitted = process.platform === 'linux' && onSmallDisk('true').status === 0;
if (!permitted)
  console.warn('SKIPPED: the test with a real full disk needs unshare and mount, not permitted here');

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('a real disk that is full', () => {
  it.skipIf(!permitted)('refuses, keeps what was acknowledged, and goes on when there is space', () => {
    const run = onSmallDisk(
      'dd if=/dev/zero of="$1/filler" bs=1k count=200 2>/dev/null && "$2" --import tsx "$3" "$1"',
    );
    expect(run.stderr).toBe('');
    const result = JSON.parse(run.stdout) as { stored: number[]; readOnly: string };
    expect(result).toMatchObject({
      whenFull: { outcome: 'store.full', state: 'full', visible: result.stored.length - 1 },
      still: 'store.full',
      healed: 'stored',
      stateAfter: 'open',
      found: result.stored,
      tornBytes: 0,
    });
    expect(result.stored.length).toBeGreaterThan(50);
    expect(result.readOnly).toBe(
      `The data folder ${dataDir} cannot be written (EROFS). Give this user the right to write there and make sure ` +
        'that the disk is not full or read-only, or choose another folder with --data-dir.',
    );
  });
});
