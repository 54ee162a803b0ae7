import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../core/platform/memory-files.ts';
import { sqlBuilder } from '../core/store/builder.ts';
import { migrations } from '../core/store/migrations.ts';
import { createStore } from '../core/store/store.ts';
import { aloneProcesses, memoryStoreOptions } from '../core/testing/store-kit.ts';
import { type CommandIo, runDataCommand } from './data-commands.ts';

const journal = '/data/store/journal-0000000000000001.fbj';

let files: MemoryFiles;

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const write = (text: string, done?: () => void): void => {
    out.push(text);
    done?.();
  };
  return { ...(await runWith({ write }, argv)), out: out.join('') };
}

async function runWith(
  stdout: CommandIo['stdout'],
  argv: readonly string[],
): Promise<{ code: number; err: string }> {
  const err: string[] = [];
  const io = { stdout, stderr: { write: (text: string) => void err.push(text) } };
  const code = await runDataCommand(argv, io, { files, processes: aloneProcesses });
  return { code, err: err.join('') };
}

const startStore = async () => {
  const { migrations: _notes, ...options } = memoryStoreOptions(files);
  const store = createStore(options);
  await store.start();
  return store;
};

const tenant = (id: string) =>
  sqlBuilder
    .insertInto('tenants')
    .values({ id, name: `Name "${id}" ü`, created: 1_900_000_000_000 })
    .compile();
const message = (seq: number) =>
  sqlBuilder
    .insertInto('messages')
    .values({ seq, series_id: 1, timestamp: 1_900_000_000_000, created: seq, body: '{"a":[1,null]}' })
    .compile();

async function fill(): Promise<void> {
  const store = await startStore();
  for (const id of ['a', 'b', 'c']) await store.commit([tenant(id), message(id.charCodeAt(0))]);
  await store.stop();
}

async function contentOf(path: string): Promise<Buffer> {
  return Buffer.from((await files.read(path)) ?? []);
}

async function allFiles(): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const name of await files.list('/data/store')) {
    content[name] = (await contentOf(`/data/store/${name}`)).toString('base64');
  }
  return content;
}

/** Each migration is a group, and {@link fill} makes three; the second of all is damaged. */
const groupsBehind = migrations.length + 1;

/** Changes one byte of the second group. */
async function damage(): Promise<void> {
  const content = await contentOf(journal);
  const second = content.indexOf('FBj1', 1);
  content[second + 30] = (content[second + 30] ?? 0) ^ 1;
  await files.writeWhole(journal, [content]);
}

beforeEach(async () => {
  files = new MemoryFiles();
  await files.makeFolder('/data');
});

describe('fleetbench data check', () => {
  it('reports what is there and changes nothing', async () => {
    await fill();
    const before = await allFiles();
    const { code, out, err } = await run('check', '--data-dir', '/data');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^snapshot +none$/m);
    expect(out).toMatch(new RegExp(`^last group +${migrations.length + 3}$`, 'm'));
    expect(out).toMatch(/^integrity +ok$/m);
    expect(out).toMatch(/^table +messages: 3 rows$/m);
    expect(out).toMatch(/^result +whole$/m);
    expect(await allFiles()).toEqual(before);
    expect(await files.list('/data')).toEqual(['store']);
  });

  it('tells a torn end, which is no damage', async () => {
    await fill();
    await files.truncate(journal, (await contentOf(journal)).length - 3);
    const { code, out } = await run('check', '--data-dir', '/data');
    expect(code).toBe(0);
    expect(out).toMatch(/^torn end +\d+ bytes in .*the next start cuts them off$/m);
  });

  it('tells a damage with its place and what to do', async () => {
    await fill();
    await damage();
    const { code, out } = await run('check', '--data-dir', '/data');
    expect(code).toBe(1);
    expect(out).toMatch(/^DAMAGE +\S+ at byte \d+: the record of group 2 is damaged$/m);
    expect(out).toMatch(new RegExp(`${groupsBehind} groups \\(\\d+ bytes\\) behind it are whole`));
    expect(out).toMatch(/run: fleetbench data repair --data-dir \/data$/m);
    expect(out).toMatch(/^result +NOT WHOLE$/m);
  });
});

describe('fleetbench data repair', () => {
  it('keeps what comes before the damage and tells what it set aside', async () => {
    await fill();
    await damage();
    const { code, out } = await run('repair', '--data-dir', '/data');
    expect(code).toBe(0);
    const said = `^Kept: everything up to group 1\\.\nSet aside: ${groupsBehind} whole groups \\(\\d+ bytes\\)`;
    expect(out).toMatch(new RegExp(said));
    expect(out).toContain('/data/store/damaged-journal-0000000000000001.fbj-from-');
    const store = await startStore();
    expect(await store.query(sqlBuilder.selectFrom('tenants').selectAll().compile())).toEqual([]);
    await store.stop();
    expect((await run('check', '--data-dir', '/data')).code).toBe(0);
  });

  it('changes nothing where nothing is damaged', async () => {
    await fill();
    const before = await allFiles();
    expect((await run('repair', '--data-dir', '/data')).out).toContain('nothing was changed');
    expect(await allFiles()).toEqual(before);
  });
});

describe('fleetbench data export and import', () => {
  it('carry all rows from one folder to another', async () => {
    await fill();
    const { code, out } = await run('export', '--data-dir', '/data');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      format: 'fleetbench-export',
      formatVersion: 2,
      schemaVersion: migrations.length,
    });
    expect(lines).toHaveLength(8);
    expect(JSON.parse(lines[7] ?? '')).toEqual({ end: { rows: 6, files: 0 } });

    await run('export', '--data-dir', '/data', '--out', '/data/all.jsonl');
    expect((await contentOf('/data/all.jsonl')).toString()).toBe(out);

    expect(await run('import', '/data/all.jsonl', '--data-dir', '/other')).toMatchObject({
      code: 0,
      out: '6 rows imported into /other\n',
    });
    expect((await run('export', '--data-dir', '/other')).out).toBe(out);
    expect(await run('import', '/data/all.jsonl', '--data-dir', '/other')).toMatchObject({
      code: 2,
      err: 'fleetbench data: /other holds data already; import needs an empty folder\n',
    });
  });

  it('carry more rows than fit a page', async () => {
    const store = await startStore();
    for (let first = 0; first < 12_000; first += 4000) {
      await store.commit(Array.from({ length: 4000 }, (_, index) => message(first + index)));
    }
    await store.stop();
    await run('export', '--data-dir', '/data', '--out', '/data/all.jsonl');
    expect((await run('import', '/data/all.jsonl', '--data-dir', '/other')).out).toContain('12000 rows');
    expect((await run('check', '--data-dir', '/other')).out).toContain('messages: 12000 rows');
  });

  it('refuse an export that was cut off, at whatever line, and take one of an earlier build', async () => {
    await fill();
    const { out } = await run('export', '--data-dir', '/data');
    const lines = out.trimEnd().split('\n');
    const importOf = async (kept: readonly string[]) => {
      await files.writeWhole('/data/cut.jsonl', [Buffer.from(kept.join('\n'))]);
      return run('import', '/data/cut.jsonl', '--data-dir', '/other');
    };
    for (let count = 1; count < lines.length; count++) {
      const { code, err } = await importOf(lines.slice(0, count));
      expect([code, err]).toEqual([2, expect.stringMatching(/cut off: its last line is missing/)]);
      expect(await files.list('/other')).toEqual([]);
    }
    const without = lines.filter((_, index) => index !== 3);
    expect((await importOf(without)).err).toContain(
      'holds 5 rows and 0 files, and its last line tells of 6 and 0',
    );
    expect((await importOf([...lines, lines[1] ?? ''])).err).toContain('Line 9 comes after the last line');
    const early = [lines[0]?.replace('"formatVersion":2', '"formatVersion":1') ?? '', ...lines.slice(1, -1)];
    expect(await importOf(early)).toMatchObject({ code: 0, out: '6 rows imported into /other\n' });
  });

  it('says in one line that nobody takes what it writes', async () => {
    await fill();
    const error = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
    const full = { write: (_: string, done?: (error: Error) => void) => done?.(error) };
    const { code, err } = await runWith(full, ['export', '--data-dir', '/data']);
    expect([code, err]).toEqual([2, 'fleetbench data: write ENOSPC\n']);
  });

  const header = '{"format":"fleetbench-export","formatVersion":1,"schemaVersion":1}';
  it.each([
    ['no header', '{}', 'its first line is not the header'],
    ['no JSON', 'x', 'Line 1 is not a JSON object'],
    ['a newer schema', header.replace(':1}', ':99}'), 'schema 99'],
    ['a broken line', `${header}\n{"table":`, 'Line 2 is not a JSON object'],
    ['an unknown table', `${header}\n{"table":"x","row":{"a":1}}`, 'Line 2: there is no table "x"'],
    ['our own table', `${header}\n{"table":"meta","row":{"key":"a"}}`, 'Line 2: there is no table "meta"'],
    ['an unknown column', `${header}\n{"table":"tenants","row":{"a\\"b":1}}`, 'has no column "a\\"b"'],
    ['a missing value', `${header}\n{"table":"tenants","row":{"id":"a"}}`, 'NOT NULL constraint failed'],
    ['a wrong value', `${header}\n{"table":"tenants","row":{"id":["a"]}}`, 'Parameter 1 is an object'],
  ])('refuse %s and leave the folder empty', async (_name, text, why) => {
    await files.writeWhole('/data/in.jsonl', [Buffer.from(text)]);
    const { code, err } = await run('import', '/data/in.jsonl', '--data-dir', '/other');
    expect(code).toBe(2);
    expect(err).toContain(why);
    expect(err.trimEnd()).not.toContain('\n');
    expect(await files.list('/other')).toEqual([]);
  });

  it('refuses to export what is damaged, and over an existing file', async () => {
    await fill();
    await files.writeWhole('/data/there', []);
    expect((await run('export', '--data-dir', '/data', '--out', '/data/there')).err).toContain(
      'exists already',
    );
    await damage();
    expect(await run('export', '--data-dir', '/data')).toMatchObject({ code: 2, out: '' });
    await files.remove(journal);
    await files.writeWhole('/data/store/snapshot-0000000000000004.fbs', [Buffer.from('rubbish')]);
    expect((await run('export', '--data-dir', '/data')).err).toContain('there is no valid snapshot');
    expect((await run('check', '--data-dir', '/data')).code).toBe(1);
  });
});

describe('fleetbench data reset', () => {
  it('deletes the data, when told so', async () => {
    await fill();
    expect(await run('reset', '--data-dir', '/data')).toMatchObject({
      code: 2,
      err: 'fleetbench data: reset deletes all data in /data; say --yes to do it\n',
    });
    expect((await run('reset', '--data-dir', '/data', '--yes')).code).toBe(0);
    expect(await files.list('/data/store')).toEqual([]);
    await (await startStore()).stop();
  });
});

describe('what none of them does', () => {
  const all: [string, ...string[]][] = [
    ['check'],
    ['repair'],
    ['export'],
    ['reset', '--yes'],
    ['import', '/data/in'],
  ];

  it.each(all)('%s on a folder that is in use', async (name, ...rest) => {
    const store = await startStore();
    await files.writeWhole('/data/in', []);
    const { code, err, out } = await run(name, '--data-dir', '/data', ...rest);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^fleetbench data: The data folder \/data is in use by process 1\. [^\n]+\n$/);
    await store.stop();
  });

  it.each(all.slice(0, 4))('%s on a folder that is not there', async (name, ...rest) => {
    const { code, err } = await run(name, '--data-dir', '/none', ...rest);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'fleetbench data: there is no data of Fleetbench in /none\n',
    });
    expect(await files.list('/none')).toEqual([]);
  });

  it.each([
    [['destroy'], 'there is no command "destroy"'],
    [['toString'], 'there is no command "toString"'],
    [['check'], 'say which folder with --data-dir DIR'],
    [['check', '--data-dir'], 'argument missing'],
    [['check', '--data-dir', '/data', '--fast'], "Unknown option '--fast'"],
    [['check', '--data-dir', '/data', 'more'], 'check does not take "more"'],
    [['check', '--data-dir', '/data', '--yes'], '--yes does not belong to check'],
    [['reset', '--data-dir', '/data', '--out', 'x'], '--out does not belong to reset'],
    [['import', '--data-dir', '/data'], 'say which file to import'],
    [['import', '/data/none', '--data-dir', '/data'], 'there is no file /data/none'],
  ])('%j', async (argv, why) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(why);
    expect(err.trimEnd()).not.toContain('\n');
  });

  it('fail when help is asked for', async () => {
    for (const argv of [[], ['help'], ['check', '--help']]) {
      expect(await run(...argv)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Usage:') });
    }
  });
});

describe('contents of resources', () => {
  const content = Buffer.from([0, 1, 2, 255]);
  const md5 = createHash('md5').update(content).digest('hex');
  const name = 'a'.repeat(32);
  const contentPath = `/data/resources/${name}`;
  const version = sqlBuilder
    .insertInto('resource_versions')
    .values({
      ...{ tenant_id: 'a', resource_id: 'fw', id: '2', content: name, created: 1, updated: 1 },
      document: JSON.stringify({ compatibleVersions: [], size: content.length, md5 }),
    })
    .compile();

  beforeEach(async () => {
    await fill();
    const store = await startStore();
    await store.commit([version]);
    await store.stop();
    await files.makeFolder('/data/resources');
    await files.writeWhole(contentPath, [content]);
  });

  it('go with an export into another folder', async () => {
    const { code, out } = await run('export', '--data-dir', '/data', '--out', '/data/out.jsonl');
    expect([code, out]).toEqual([0, expect.stringContaining('and 1 contents of resources')]);
    await files.makeFolder('/other');
    expect((await run('import', '--data-dir', '/other', '/data/out.jsonl')).code).toBe(0);
    expect(await contentOf(`/other/resources/${name}`)).toEqual(content);
    const toStdout = await run('export', '--data-dir', '/other');
    expect(toStdout.out).toBe((await contentOf('/data/out.jsonl')).toString());
    expect((await run('check', '--data-dir', '/other')).out).toContain('1 files of resources, 4 bytes');
  });

  it('that are missing or cut are told by check and by export', async () => {
    await files.writeWhole(contentPath, [content.subarray(1)]);
    const cut = await run('check', '--data-dir', '/data');
    expect([cut.code, cut.out]).toEqual([1, expect.stringContaining('version 2, 4 bytes')]);
    expect(cut.out).toContain('has 3 bytes');
    await files.writeWhole(contentPath, [Buffer.from([0, 1, 2, 254])]);
    expect((await run('check', '--data-dir', '/data')).out).toContain(`not ${md5}`);
    await files.remove(contentPath);
    expect((await run('check', '--data-dir', '/data')).out).toContain('no file');
    const { code, err } = await run('export', '--data-dir', '/data');
    expect([code, err]).toEqual([1, expect.stringContaining('resource fw, version 2')]);
  });

  it('are not left by an import that fails, nor touched by one that is refused', async () => {
    await run('export', '--data-dir', '/data', '--out', '/data/out.jsonl');
    const bad = Buffer.concat([
      await contentOf('/data/out.jsonl'),
      Buffer.from('{"table":"none","row":{}}\n'),
    ]);
    await files.writeWhole('/data/bad.jsonl', [bad]);
    expect((await run('import', '--data-dir', '/other', '/data/bad.jsonl')).code).toBe(2);
    expect(await files.list('/other/resources')).toEqual([]);
    expect((await run('import', '--data-dir', '/data', '/data/out.jsonl')).err).toContain(
      'holds data already',
    );
    expect(await files.list('/data/resources')).toEqual([name]);
    for (const line of ['{"file":"../x","content":{"$base64":""}}', '{"file":"x"}', '{"file":1}']) {
      await files.writeWhole('/data/bad.jsonl', [bad.subarray(0, bad.indexOf('\n') + 1), Buffer.from(line)]);
      const { code, err } = await run('import', '--data-dir', '/other', '/data/bad.jsonl');
      expect([code, err]).toEqual([2, expect.stringContaining('Line 2: the file is not')]);
    }
  });

  it('go with a reset', async () => {
    expect((await run('reset', '--data-dir', '/data', '--yes')).code).toBe(0);
    expect(await files.list('/data/resources')).toEqual([]);
  });
});
