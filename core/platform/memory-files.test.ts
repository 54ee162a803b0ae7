import { describe, expect, it } from 'vitest';
import { describeFiles } from '../testing/files-contract.ts';
import { MemoryFiles } from './memory-files.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describeFiles('memory files', async () => {
  const files = new MemoryFiles();
  await files.makeFolder('/data');
  return { files, folder: '/data', dispose: async () => {} };
});

describe('faults of memory files', () => {
  it('loses at a loss of power what was not synced, and at a kill nothing', async () => {
    const files = new MemoryFiles();
    await files.makeFolder('/data');
    const file = await files.openAppend('/data/log');
    await file.append(bytes('kept'));
    await file.sync();
    await file.append(bytes('lost'));
    expect(await files.afterPowerLoss().read('/data/log')).toEqual(bytes('kept'));
    expect(await files.afterKill().read('/data/log')).toEqual(bytes('keptlost'));
  });

  it('fails an append after a part of it', async () => {
    const files = new MemoryFiles();
    await files.makeFolder('/data');
    const file = await files.openAppend('/data/log');
    files.intercept = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC', writtenBytes: 2 } : undefined);
    await expect(file.append(bytes('abcd'))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await files.read('/data/log')).toEqual(bytes('ab'));
    expect(file.length).toBe(0);
  });

  it('leaves only a temporary file when writing a whole one is cut short', async () => {
    const files = new MemoryFiles();
    await files.makeFolder('/data');
    files.intercept = () => ({ code: 'EIO', writtenBytes: 1 });
    await expect(files.writeWhole('/data/x', [bytes('abc')])).rejects.toMatchObject({ code: 'EIO' });
    files.intercept = undefined;
    expect(await files.list('/data')).toEqual(['x.tmp']);
  });
});
