import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFiles } from '../../testing/files-contract.ts';
import { nodeFiles } from './node-files.ts';

describeFiles('node files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fleetbench-files-'));
  return { files: nodeFiles, folder, dispose: () => rm(folder, { recursive: true, force: true }) };
});

describe('node files that are long', () => {
  const inFolder = async (run: (path: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'fleetbench-files-'));
    try {
      await run(join(folder, 'long'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  it('are read whole', () =>
    inFolder(async (path) => {
      const content = Buffer.alloc(20_000_000, 'fleetbench ');
      await writeFile(path, content);
      expect(content.equals((await nodeFiles.read(path)) ?? new Uint8Array())).toBe(true);
    }));

  it('are refused with their length when no buffer can hold them', () =>
    inFolder(async (path) => {
      await writeFile(path, '');
      // No disk is filled by this: the file has no content.
      await truncate(path, 2 ** 32);
      await expect(nodeFiles.read(path)).rejects.toMatchObject({
        code: 'store.unavailable',
        message: `${path} has 4294967296 bytes, more than 4294967295, and cannot be read.`,
      });
    }));
});
