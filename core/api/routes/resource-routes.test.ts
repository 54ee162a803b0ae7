import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

const resourceId = 'X11_firmware';
const one = `/api/v0/rm/${resourceId}`;
const bytes = Buffer.from('test');
const file = bytes.toString('base64');
/** The MD5 that the example of manual 6.5.8.2 shows is that of "test". */
const md5 = '098f6bcd4621d373cade4e832627b4f6';
const checksum = Buffer.from(md5, 'hex').toString('base64');

describe('the repository of resources (facts 4.1)', () => {
  let bench: TestPlatform;
  beforeAll(async () => {
    bench = await startTestPlatform({
      settings: {
        resourceMaxPerTenant: 3,
        resourceMaxVersions: 2,
        resourceMaxFileBytes: 1000,
        resourceMaxTotalBytes: 1500,
      },
    });
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const ok = async (line: string, body?: unknown, status = 200) => {
    const [method = '', url = ''] = line.split(' ');
    const answer = await bench.call(method, url, body);
    expect(answer.status, `${line} ${JSON.stringify(answer.body)}`).toBe(status);
    return answer.body;
  };
  const refused = async (line: string, body: unknown, status: number) =>
    `${(await ok(line, body, status)).details}`;
  const make = (more: object = {}) => ok('POST /api/v0/rm', { resourceId, ...more });
  const add = (resourceVersionId: string, more: object = {}, status = 200) =>
    ok(`POST ${one}/version`, { resourceVersionId, file, ...more }, status);

  it('makes, shows, lists, changes and deletes resources', async () => {
    const nowMs = bench.clock.now();
    const made = await make({
      label: 'L',
      description: 'D',
      metadata: { secured: 'true' },
      versionAliases: ['a'],
    });
    expect(made).toEqual({
      ...{ resourceId, label: 'L', description: 'D', connector: 'http-updater', versionAliases: ['a'] },
      ...{ metadata: { secured: 'true' }, created: nowMs, updated: nowMs },
    });
    expect(await ok(`GET ${one}`)).toEqual(made);
    await make({ resourceId: 'A' });
    expect(await ok('GET /api/v0/rm?size=1&page=1')).toEqual({
      ...{ page: 1, size: 1, totalCount: 2 },
      data: [made],
    });
    bench.clock.advance(5);
    const changed = { ...made, metadata: {}, updated: nowMs + 5 };
    delete changed.label;
    expect(await ok(`PUT ${one}`, { label: null, metadata: null })).toEqual(changed);
    await ok(`DELETE ${one}`);
    await ok(`GET ${one}`, undefined, 404);
    expect((await ok('GET /api/v0/rm')).totalCount).toBe(1);
  });

  it('adds, shows, lists, changes and deletes versions', async () => {
    await make();
    const nowMs = bench.clock.now();
    const made = await add('1.2', { checksum, description: 'D', compatibleVersions: ['1.1', '1.1'] });
    expect(made).toEqual({
      ...{ resourceVersionId: '1.2', description: 'D', checksum, size: 4, compatibleVersions: ['1.1'] },
      ...{ created: nowMs, updated: nowMs },
    });
    expect(await ok(`GET ${one}/version/1.2`)).toEqual(made);
    expect(await ok(`GET ${one}/version`)).toEqual({ page: 0, size: 20, totalCount: 1, data: [made] });
    bench.clock.advance(1);
    const other = Buffer.from('other content');
    expect(
      await ok(`PUT ${one}/version/1.2`, { file: other.toString('base64'), compatibleVersions: null }),
    ).toEqual({
      ...{ ...made, compatibleVersions: [], size: other.length, updated: nowMs + 1 },
      checksum: createHash('md5').update(other).digest('base64'),
    });
    await ok(`DELETE ${one}/version/1.2`);
    await ok(`GET ${one}/version/1.2`, undefined, 404);
    await ok(`DELETE ${one}/version/1.2`, undefined, 404);
  });

  it('tells which versions a device may go to', async () => {
    await make();
    await add('2', { compatibleVersions: ['1'] });
    await add('3');
    const to = (from: string) => ok(`GET ${one}/compatibleVersion/${from}`);
    expect([await to('1'), await to('2'), await to('3')]).toEqual([['2', '3'], ['3'], []]);
  });

  it('names its connector and the metadata that this understands', async () => {
    expect(await ok('GET /api/v0/rm/connectors')).toEqual(['http-updater', 'lwm2m-updater']);
    expect(await ok('GET /api/v0/rm/connectors/http-updater/metadata')).toEqual({
      mandatory: [],
      optional: ['secured'],
    });
    await ok('GET /api/v0/rm/connectors/constructor/metadata', undefined, 404);
  });

  it.each([
    [{}, 'body.resourceId'],
    [{ resourceId: '' }, 'body.resourceId: must not be empty'],
    [{ resourceId: 'x'.repeat(256) }, 'at most 255'],
    [{ resourceId: 'connectors' }, 'must not be connectors'],
    [{ resourceId, metadata: { 'a.b': 'c' } }, 'must not hold $ or .'],
    [{ resourceId, metadata: { $a: 'c' } }, 'must not hold $ or .'],
    [{ resourceId, metadata: { class: 'c' } }, 'class'],
    [{ resourceId, metadata: { secured: 'TRUE' } }, 'body.metadata.secured: must be "true"'],
    [{ resourceId, metadata: { secured: 'yes' } }, 'body.metadata.secured: must be "true"'],
    [{ resourceId, metadata: { _class: 'c' } }, '_class'],
    [{ resourceId, metadata: { a: 'c'.repeat(256) } }, 'at most 255'],
    [
      { resourceId, metadata: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, 'v'])) },
      'at most 100 entries',
    ],
    [{ resourceId, versionAliases: ['1', '2', '3', '4', '5', '6'] }, 'at most 5 aliases'],
    [{ resourceId, connector: 'pigeon' }, 'http-updater, lwm2m-updater'],
  ])('refuses the resource %j', async (body, reason) => {
    expect(await refused('POST /api/v0/rm', body, 400)).toContain(reason);
  });

  it.each([
    [{ file }, 'body.resourceVersionId'],
    [{ resourceVersionId: '1' }, 'body.file'],
    [{ resourceVersionId: '1', file: '' }, 'body.file: must not be empty'],
    [{ resourceVersionId: '1', file: 'dGV z' }, 'body.file: must be Base64'],
    [{ resourceVersionId: '1', file: 'dGVzd\nA==' }, 'without line breaks'],
    [{ resourceVersionId: '1', file: 'dGVzd' }, 'body.file: must be Base64'],
    [{ resourceVersionId: '1', file: 'dGVzdA=' }, 'body.file: must be Base64'],
    [{ resourceVersionId: '1', file: '====' }, 'body.file'],
    [{ resourceVersionId: '1', file, checksum: md5 }, 'must be the Base64 of an MD5'],
    [
      { resourceVersionId: '1', file: 'AAAA', checksum },
      `body.checksum: is ${checksum}, and the content has`,
    ],
    [
      { resourceVersionId: '1', file, compatibleVersions: Array.from({ length: 101 }, (_, i) => `${i}`) },
      'at most 100 versions',
    ],
  ])('refuses the version %j', async (body, reason) => {
    await make();
    expect(await refused(`POST ${one}/version`, body, 400)).toContain(reason);
    expect((await ok(`GET ${one}/version`)).totalCount).toBe(0);
  });

  it('takes Base64 without its padding', async () => {
    await make();
    expect(await add('1', { file: 'dGVzdA' })).toMatchObject({ checksum, size: 4 });
  });

  it('refuses what is there already, what is not there, and ids that do not fit the path', async () => {
    await ok(`POST ${one}/version`, { resourceVersionId: '1', file }, 404);
    await make();
    expect(await ok('POST /api/v0/rm', { resourceId }, 409)).toMatchObject({ code: 'RM_RESOURCE_DUPLICATE' });
    await add('1');
    expect(await add('1', {}, 409)).toMatchObject({ code: 'RM_VERSION_DUPLICATE' });
    expect(await refused(`PUT ${one}`, { resourceId: 'Y' }, 400)).toContain('as in the path');
    expect(await refused(`PUT ${one}/version/1`, { resourceVersionId: '2' }, 400)).toContain(
      'as in the path',
    );
    expect(await refused(`PUT ${one}/version/1`, { checksum: `${'A'.repeat(22)}==` }, 400)).toContain(
      'checksum',
    );
    await ok(`PUT ${one}/version/9`, { file }, 404);
    await ok('PUT /api/v0/rm/none', {}, 404);
    await ok('GET /api/v0/rm/none/compatibleVersion/1', undefined, 404);
  });

  it('has limits, each with its name', async () => {
    await make();
    await make({ resourceId: 'a' });
    await make({ resourceId: 'b' });
    expect(await refused('POST /api/v0/rm', { resourceId: 'c' }, 403)).toContain(
      'setting resourceMaxPerTenant',
    );
    const big = (size: number) => ({ file: randomBytes(size).toString('base64') });
    expect(await refused(`POST ${one}/version`, { resourceVersionId: '1', ...big(1001) }, 413)).toContain(
      'has 1001 bytes; the most is 1000 (setting resourceMaxFileBytes)',
    );
    // Far more does not even come in.
    expect(await refused(`POST ${one}/version`, { resourceVersionId: '1', ...big(1_000_000) }, 413)).toBe(
      'body.file: may have 1000 bytes when decoded (setting resourceMaxFileBytes).',
    );
    await add('1', big(1000));
    expect(await refused(`POST ${one}/version`, { resourceVersionId: '2', ...big(501) }, 403)).toContain(
      'setting resourceMaxTotalBytes',
    );
    await add('2', big(500));
    expect(await refused(`POST ${one}/version`, { resourceVersionId: '3', file }, 403)).toContain(
      'setting resourceMaxVersions',
    );
    // What goes makes room.
    await ok(`DELETE ${one}/version/1`);
    await add('3', big(1000));
    await ok(`DELETE ${one}`);
    await ok('POST /api/v0/rm/a/version', { resourceVersionId: '1', ...big(1000) });
  });

  it('takes contents of ten megabytes, and no larger ones', { timeout: 60_000 }, async () => {
    const large = await startTestPlatform();
    try {
      await large.call('POST', '/api/v0/rm', { resourceId });
      const content = randomBytes(10 * 1024 * 1024);
      const { status, body } = await large.call('POST', `${one}/version`, {
        ...{ resourceVersionId: '1', file: content.toString('base64') },
      });
      expect([status, body.size]).toEqual([200, content.length]);
      expect(body.checksum).toBe(createHash('md5').update(content).digest('base64'));
      const over = Buffer.concat([content, Buffer.alloc(1)]).toString('base64');
      const answer = await large.call('POST', `${one}/version`, { resourceVersionId: '2', file: over });
      expect([answer.status, answer.body.details]).toEqual([
        413,
        expect.stringContaining('resourceMaxFileBytes'),
      ]);
    } finally {
      await large.stop();
    }
  });
});
