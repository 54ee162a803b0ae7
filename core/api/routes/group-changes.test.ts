import { describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { apiForEachTest } from '../../testing/api-for-each-test.ts';
import type { TestAnswer } from '../../testing/test-services.ts';

const groups = '/api/v1/deviceMgt/groups';
const devices = '/api/v1/deviceMgt/devices';

const api = apiForEachTest();

const call = api.send;
const group = async (pathNode: string, parentId = 'root'): Promise<string> =>
  (await call(`POST ${groups}`, { pathNode, parentId })).body.id;
const update = (id: string, body: object): Promise<TestAnswer> => call(`PUT ${groups}/${id}`, body);
const paths = async (): Promise<string[]> =>
  (await call(`GET ${groups}?groupPath=/*&limit=1000`)).body.map(({ path }: { path: string }) => path);
const device = (id: string, groupId: string): Promise<TestAnswer> =>
  call(`POST ${devices}`, { id: `urn:lo:nsid:a:${id}`, group: { id: groupId } });
const pathOf = async (id: string): Promise<string> =>
  (await call(`GET ${devices}/urn:lo:nsid:a:${id}`)).body.group.path;

describe('update a group', () => {
  it('answers the example of manual 8.1.3', async () => {
    const france = await group('france');
    const made = await call(`POST ${groups}`, {
      pathNode: 'lyon',
      parentId: france,
      description: 'City of Lyon',
    });
    api.services.clock.advance(60_000);
    const answer = await update(made.body.id, {
      pathNode: 'paris',
      parentId: france,
      description: 'City of Paris',
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      id: made.body.id,
      pathNode: 'paris',
      path: '/france/paris',
      parentId: france,
      description: 'City of Paris',
      created: made.body.created,
      updated: isoTime(api.services.clock.now()),
    });
    expect((await call(`GET ${groups}/${made.body.id}`)).body).toEqual(answer.body);
  });

  it('gives all that is below its new path, in memory, in lists and over a start', async () => {
    const france = await group('france');
    const lyon = await group('lyon', france);
    await group('françois', france);
    await group('francette');
    await device('one', lyon);
    await device('two', france);
    expect((await update(france, { pathNode: 'Frankreich é 𐀀' })).body.path).toBe('/Frankreich é 𐀀');
    expect((await update(france, { pathNode: 'gaul' })).body.path).toBe('/gaul');
    const check = async (): Promise<void> => {
      expect(await paths()).toEqual(['/francette', '/gaul', '/gaul/françois', '/gaul/lyon']);
      expect(await pathOf('one')).toBe('/gaul/lyon');
      const found = await call(`GET ${devices}?groupPath=/gaul/*&sort=group`);
      expect(found.body.map(({ id }: { id: string }) => id)).toEqual([
        'urn:lo:nsid:a:two',
        'urn:lo:nsid:a:one',
      ]);
      expect((await call(`GET ${devices}?groupPath=/france/*`)).body).toEqual([]);
      expect((await call(`GET ${groups}?groupPath=/france`)).body).toEqual([]);
    };
    await check();
    await api.restart();
    await check();
  });

  it('moves it in the tree with what is in it', async () => {
    const [france, europe] = [await group('france'), await group('europe')];
    const lyon = await group('lyon', france);
    await device('one', lyon);
    expect((await update(france, { parentId: europe })).body).toMatchObject({
      path: '/europe/france',
      parentId: europe,
      pathNode: 'france',
    });
    expect(await pathOf('one')).toBe('/europe/france/lyon');
    expect((await update(lyon, { parentId: 'root' })).body.path).toBe('/lyon');
    expect(await pathOf('one')).toBe('/lyon');
    expect(await paths()).toEqual(['/europe', '/europe/france', '/lyon']);
  });

  it('leaves what is not given as it is, and empties a description', async () => {
    const france = await group('france');
    const lyon = await group('lyon', france);
    await update(lyon, { description: 'City' });
    expect((await update(lyon, { parentId: null })).body).toMatchObject({
      path: '/france/lyon',
      description: 'City',
    });
    expect((await update(lyon, {})).body).toMatchObject({ parentId: france, description: 'City' });
    expect((await update(lyon, { description: '' })).body.description).toBe('');
  });

  it('refuses a path that exists, a parent that does not, itself as parent, and the root group', async () => {
    const france = await group('france');
    const lyon = await group('lyon', france);
    const deep = await group('old town', lyon);
    await group('italia');
    for (const [id, body, status, code] of [
      [france, { pathNode: 'italia' }, 409, 'DM_GROUP_DUPLICATE'],
      [france, { parentId: 'nobody' }, 404, 'DM_GROUP_NOT_FOUND'],
      ['nobody', { pathNode: 'x' }, 404, 'DM_GROUP_NOT_FOUND'],
      [france, { parentId: france }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      [france, { parentId: deep }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      [france, { pathNode: 'a/b' }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      [france, { description: 'x'.repeat(501) }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      ['root', { pathNode: 'x' }, 403, 'GENERIC_ACTION_FORBIDDEN_ERROR'],
    ] as const) {
      expect(await update(id, body)).toMatchObject({ status, body: { code } });
    }
    expect(await paths()).toEqual(['/france', '/france/lyon', '/france/lyon/old town', '/italia']);
  });

  it('refuses a name by which a path below gets too long', async () => {
    let parent = await group('top');
    for (let level = 0; level < 7; level++) parent = await group('x'.repeat(128), parent);
    const top = (await call(`GET ${groups}?groupPath=/top`)).body[0].id;
    expect(await update(top, { pathNode: 'y'.repeat(96) })).toMatchObject({ status: 200 });
    expect(await update(top, { pathNode: 'y'.repeat(97) })).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('those below it') },
    });
  });

  it('takes one of two moves that would close a circle', async () => {
    const [a, b] = [await group('a'), await group('b')];
    const answers = await Promise.all([update(a, { parentId: b }), update(b, { parentId: a })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
    expect(await paths()).toEqual(['/b', '/b/a']);
  });
});

describe('delete a group', () => {
  const remove = (id: string): Promise<TestAnswer> => call(`DELETE ${groups}/${id}`);

  it('answers 204 and forgets it (manual 8.1.6)', async () => {
    const france = await group('france');
    expect((await remove(france)).status).toBe(204);
    expect(await call(`GET ${groups}/${france}`)).toMatchObject({ status: 404 });
    expect(await remove(france)).toMatchObject({ status: 404, body: { code: 'DM_GROUP_NOT_FOUND' } });
    await api.restart();
    expect(await paths()).toEqual([]);
    expect(await group('france')).not.toBe(france);
  });

  it('refuses while it has devices or groups, and the root group', async () => {
    const france = await group('france');
    const lyon = await group('lyon', france);
    await device('one', lyon);
    for (const [id, details] of [
      [france, '1 group'],
      [lyon, '1 device'],
      ['root', 'root'],
    ] as const) {
      expect(await remove(id)).toMatchObject({
        status: 403,
        body: { code: 'DM_GROUP_UNDELETABLE', details: expect.stringContaining(details) },
      });
    }
    expect(await pathOf('one')).toBe('/france/lyon');
    await call(`DELETE ${devices}/urn:lo:nsid:a:one`);
    expect((await remove(lyon)).status).toBe(204);
    expect((await remove(france)).status).toBe(204);
  });

  it('keeps the group when a device is on its way into it', async () => {
    const france = await group('france');
    const { inventory, tenantId } = api.services;
    const made = inventory.createDevice(tenantId, { id: 'urn:lo:nsid:a:one', group: { id: france } });
    await expect(inventory.groups.delete(tenantId, france)).rejects.toMatchObject({
      code: 'inventory.groupUndeletable',
    });
    await made;
    await api.restart();
    expect(await pathOf('one')).toBe('/france');
  });

  it('leaves no device in a group that is gone', async () => {
    const france = await group('france');
    const { inventory, tenantId } = api.services;
    const removed = inventory.groups.delete(tenantId, france);
    // Let the deletion begin: it is in the store's hands now.
    await Promise.resolve();
    const made = inventory.createDevice(tenantId, { id: 'urn:lo:nsid:a:one', group: { id: france } });
    await expect(made).rejects.toMatchObject({ code: 'inventory.groupNotFound' });
    await removed;
    expect(await paths()).toEqual([]);
  });
});
