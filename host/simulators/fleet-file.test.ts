import { beforeEach, describe, expect, it } from 'vitest';
import { fleetTemplate } from '../../core/contract/simulators.ts';
import { silentLogger } from '../../core/platform/logger.ts';
import { MemoryFiles } from '../../core/platform/memory-files.ts';
import { FleetFile } from './fleet-file.ts';

describe('FleetFile', () => {
  const template = fleetTemplate.parse({ name: 'f', payload: { kind: 'template', text: '{{n}}' } });
  const fleet = { id: 'a', tenantId: 't', template };
  let files: MemoryFiles;
  let file: FleetFile;

  beforeEach(async () => {
    files = new MemoryFiles();
    await files.makeFolder('/data');
    file = new FleetFile(files, '/data', silentLogger);
  });

  it('gives back what was saved, and nothing of what a fleet does besides', async () => {
    expect(await file.load()).toEqual([]);
    await file.save(() => [{ ...fleet, secret: 'key' } as typeof fleet]);
    expect(await file.load()).toEqual([fleet]);
    expect(Buffer.from((await files.read('/data/simulators.json')) ?? []).toString()).not.toContain('key');
  });

  it('holds the last of two saves that were asked for at once', async () => {
    let fleets = [fleet];
    const first = file.save(() => fleets);
    fleets = [];
    await Promise.all([first, file.save(() => fleets)]);
    expect(await file.load()).toEqual([]);
  });

  it.each(['', '{', '{"version":2,"fleets":[]}', '{"version":1,"fleets":[{"id":"a"}]}'])(
    'puts %j aside',
    async (text) => {
      await files.writeWhole('/data/simulators.json', [Buffer.from(text)]);
      expect(await file.load()).toEqual([]);
      expect(await files.list('/data')).toEqual(['simulators.json.damaged']);
    },
  );
});
