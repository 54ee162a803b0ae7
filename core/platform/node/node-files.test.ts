import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFiles } from '../../testing/files-contract.ts';
import { nodeFiles } from './node-files.ts';

describeFiles('node files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fleetbench-files-'));
  return { files: nodeFiles, folder, dispose: () => rm(folder, { recursive: true, force: true }) };
});
