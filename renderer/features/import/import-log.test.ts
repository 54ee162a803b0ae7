import { expect, test } from 'vitest';
import { importName } from './import-api.ts';
import { importLog } from './import-log.ts';

test('a log has the report, then a line for each refused device', () => {
  const report = {
    id: 'a',
    state: 'done',
    dryRun: false,
    started: '2030-01-01T00:00:00Z',
    bytesRead: 1,
    records: 2,
    created: 1,
    skipped: 0,
    failed: 1,
    groupsCreated: 0,
  } as const;
  const log = importLog(report, [{ line: 3, code: 'X', message: 'say "no", please', details: 'a\nb' }]);
  expect(log).toContain('state,done\r\n');
  expect(log).toContain('line,deviceId,code,message,details\r\n3,,X,"say ""no"", please","a\nb"\r\n');
});

test('an import is named by its file and the moment', () => {
  expect(importName('Flotte été (1).csv', 1e12, true)).toMatch(/^Flotte-t-1-.csv-[0-9a-z]+-check$/);
  expect(importName('x'.repeat(300), 1e12, true)).toMatch(/^[\w.-]{1,64}$/);
});
