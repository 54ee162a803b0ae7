import { expect, it } from 'vitest';
import { MemoryFiles } from '../core/platform/memory-files.ts';
import { formWithFile } from '../core/testing/form-file.ts';
import { objectXml } from '../core/testing/object-xml.ts';
import { aloneProcesses } from '../core/testing/store-kit.ts';
import { startTestPlatform } from '../core/testing/test-platform.ts';
import { runDataCommand } from './data-commands.ts';

const url = '/api/v1/deviceMgt/twin/model/object-definitions';

it('custom models are exported and imported with the data folder', async () => {
  const files = new MemoryFiles();
  const data = async (...argv: string[]): Promise<void> => {
    const err: string[] = [];
    const io = {
      stdout: { write: (_text: string, done?: () => void) => done?.() },
      stderr: { write: (text: string) => void err.push(text) },
    };
    const code = await runDataCommand(argv, io, { files, processes: aloneProcesses });
    expect([code, err]).toEqual([0, []]);
  };
  const first = await startTestPlatform({ dataDir: '/data', seams: { files } });
  const { text, contentType } = formWithFile(objectXml({ id: 33_442, urn: 'urn:oma:lwm2m:ext:33442' }));
  const made = await fetch(`${first.platform.endpoints().http}${url}`, {
    method: 'POST',
    headers: { 'X-API-Key': first.masterKey, 'content-type': contentType },
    body: text,
  });
  expect(made.status).toBe(201);
  await first.stop();

  await data('export', '--data-dir', '/data', '--out', '/data/all.jsonl');
  await data('import', '/data/all.jsonl', '--data-dir', '/other');
  const second = await startTestPlatform({ dataDir: '/other', seams: { files } });
  const { body } = await second.call('GET', `${url}/urn:oma:lwm2m:ext:33442`);
  await second.stop();
  expect(body).toEqual(await made.json());
});
