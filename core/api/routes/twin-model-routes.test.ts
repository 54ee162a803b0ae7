import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resourceTypes } from '../../contract/twin-models.ts';
import { MemoryFiles } from '../../platform/memory-files.ts';
import { dataTypes } from '../../protocols/lwm2m/value.ts';
import { formWithFile } from '../../testing/form-file.ts';
import { itemXml, type ObjectXml, objectXml } from '../../testing/object-xml.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

const url = '/api/v1/deviceMgt/twin/model/object-definitions';

let bench: TestPlatform;
beforeEach(async () => {
  bench = await startTestPlatform({
    settings: { customModelMaxPerTenant: 3, customModelMaxBytes: 20_000, customModelMaxResources: 4 },
  });
});
afterEach(() => bench.stop());

async function send(text: string, query = '', key = bench.masterKey, type?: string) {
  const form = formWithFile(text);
  const response = await fetch(`${bench.platform.endpoints().http}${url}${query}`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'content-type': type ?? form.contentType },
    body: form.text,
  });
  return { status: response.status, body: (await response.json()) as any };
}
const add = (xml: ObjectXml, query?: string, key?: string) => send(objectXml(xml), query, key);
const get = (id: string, key?: string) => bench.call('GET', `${url}/${id}`, undefined, key);

it('types of resources are in the contract as the codecs have them, though neither may know the other', () => {
  expect(resourceTypes).toEqual(dataTypes);
});

describe('custom models', () => {
  it('stand before public ones of the same object, until they are deleted', async () => {
    const id = 'urn:oma:lwm2m:x:10243:2.0';
    const before = await get(id);
    expect([before.status, before.body.owner]).toEqual([200, undefined]);
    expect((await add({ id: 10_243, version: '2.0', name: 'Ours' })).status).toBe(201);
    expect((await get(id)).body).toMatchObject({
      name: 'Ours',
      owner: bench.tenantId,
      objectDefinitionId: id,
    });
    const models = await bench.platform.twinModels.models(bench.tenantId);
    expect(models.find(10_243, '1.0')?.name).toBe('Ours');
    expect((await bench.call('DELETE', `${url}/${id}`)).status).toBe(204);
    expect((await get(id)).body).toEqual(before.body);
  });

  it('are replaced with override=true alone, and one version leaves the others', async () => {
    expect((await add({ name: 'one' })).status).toBe(201);
    expect((await add({ version: '1.1', name: 'two' })).status).toBe(201);
    for (const query of ['', '?override=false']) {
      const { status, body } = await add({ name: 'three' }, query);
      expect([status, body.code]).toEqual([409, 'TWIN_OBJECT_DEFINITION_DUPLICATE']);
      expect(body.details).toContain('override=true');
    }
    expect((await add({ name: 'three' }, '?override=true&inputFormat=lwm2m')).status).toBe(201);
    expect((await get('urn:oma:lwm2m:x:33442')).body.name).toBe('three');
    expect((await get('urn:oma:lwm2m:ext:33442:1.1')).body.name).toBe('two');
    await bench.call('DELETE', `${url}/urn:oma:lwm2m:x:33442`);
    expect((await get('urn:oma:lwm2m:x:33442:1.1')).body.name).toBe('two');
  });

  it('are as many as the setting says, and a replaced one is not one more', async () => {
    for (const id of [10_241, 26_241, 42_800]) expect((await add({ id })).status).toBe(201);
    const { status, body } = await add({ id: 30_000 });
    expect([status, body.code]).toEqual([403, 'TWIN_LIMIT_REACHED']);
    expect(body.details).toContain('3 (setting customModelMaxPerTenant)');
    expect((await add({ id: 42_800 }, '?override=true')).status).toBe(201);
  });

  it.each([
    [{ id: 10_240 }, 'custom models are of the ids 10241 to 42800, not 10240'],
    [{ id: 42_801 }, 'custom models are of the ids 10241 to 42800, not 42801'],
    [{ id: 3 }, 'custom models are of the ids 10241 to 42800, not 3'],
    [
      { items: itemXml(1, 'x', 'R', 'Double') },
      'body.file: line 14, LWM2M > Object > Resources > Item 1 > Type: "Double" is none of',
    ],
    [
      { items: [0, 1, 2, 3, 4].map((id) => itemXml(id, 'x')).join('') },
      'it has 5 resources; at most 4 are allowed',
    ],
  ])('are refused: %#', async (xml, details) => {
    const { status, body } = await add(xml);
    expect([status, body.code]).toEqual([400, 'GENERIC_INVALID_PARAMETER_ERROR']);
    expect(body.details).toContain(details);
  });

  it('are refused in the wrong form', async () => {
    expect((await send('not XML')).body.details).toContain('body.file: line 1');
    expect((await send(objectXml({ name: 'x'.repeat(20_001) }))).body).toMatchObject({
      code: 'GENERIC_PAYLOAD_TOO_LARGE_ERROR',
      details: 'At most 20000 bytes (setting customModelMaxBytes)',
    });
    expect((await send(objectXml(), '', undefined, 'application/xml')).status).toBe(415);
    expect((await send(objectXml(), '?inputFormat=other')).body.details).toContain(
      'inputFormat: must be lwm2m',
    );
    expect((await send(objectXml(), '?override=yes')).status).toBe(400);
  });

  it('take the id of OMA when the file gives none, and keep the one it gives', async () => {
    expect((await add({ id: 33_442, version: '1.1' })).body.objectDefinitionId).toBe(
      'urn:oma:lwm2m:x:33442:1.1',
    );
    expect((await add({ id: 33_443, urn: 'urn:oma:lwm2m:ext:33443' })).body.objectDefinitionId).toBe(
      'urn:oma:lwm2m:ext:33443',
    );
  });

  it('are the same after a start', async () => {
    const files = new MemoryFiles();
    const again = { dataDir: '/data', seams: { files } };
    await bench.stop();
    bench = await startTestPlatform(again);
    const made = (await add({ id: 33_442, urn: 'urn:oma:lwm2m:ext:33442' })).body;
    await bench.stop();
    bench = await startTestPlatform(again);
    expect((await get('urn:oma:lwm2m:ext:33442')).body).toEqual(made);
    await bench.platform.reset();
    expect((await get('urn:oma:lwm2m:ext:33442')).status).toBe(404);
  });

  it('of one tenant are not another’s', async () => {
    const { body: other } = await bench.call('POST', '/bench/v1/tenants', { name: 'other' });
    await add({ id: 10_243, version: '2.0', name: 'Ours' });
    const id = 'urn:oma:lwm2m:x:10243:2.0';
    expect((await get(id, other.masterKey)).body.owner).toBeUndefined();
    expect((await bench.call('DELETE', `${url}/${id}`, undefined, other.masterKey)).status).toBe(403);
    expect((await add({ id: 10_243, version: '2.0', name: 'Theirs' }, '', other.masterKey)).status).toBe(201);
    expect((await get(id)).body.name).toBe('Ours');
    expect((await get(id, other.masterKey)).body.name).toBe('Theirs');
  });
});

describe('object definitions', () => {
  it('are listed in pages, public and custom, by id', async () => {
    await add({ id: 42_800 });
    const ids: string[] = [];
    for (let offset = 0; ; offset += 100) {
      const { status, body } = await bench.call('GET', `${url}?limit=100&offset=${offset}`);
      expect(status).toBe(200);
      if (body.length === 0) break;
      ids.push(...body.map((one: any) => one.objectDefinitionId));
    }
    expect(ids[0]).toBe('urn:oma:lwm2m:oma:0');
    expect(ids.at(-1)).toBe('urn:oma:lwm2m:x:42800');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['urn:oma:lwm2m:oma:5:1.1', 'urn:oma:lwm2m:ext:3303:1.1']));
    const all = (await get('urn:oma:lwm2m')).body.children;
    expect(all.map((one: any) => one.objectDefinitionId)).toEqual(ids);
  });

  it('without a version are 1.0, or the nearest', async () => {
    expect((await get('urn:oma:lwm2m:oma:3')).body.objectDefinitionId).toBe('urn:oma:lwm2m:oma:3');
    expect((await get('urn:oma:lwm2m:ext:3303')).body.objectDefinitionId).toBe('urn:oma:lwm2m:ext:3303:1.1');
  });

  it.each(['urn:oma:lwm2m:oma:5:9.9', 'urn:oma:lwm2m:oma:40000', 'urn:oma:lwm2m:', 'x'])(
    'are not %s',
    async (id) => {
      const { status, body } = await get(id);
      expect([status, body.code]).toEqual([404, 'TWIN_OBJECT_DEFINITION_NOT_FOUND']);
      expect((await bench.call('DELETE', `${url}/${id}`)).status).toBe(404);
    },
  );

  it('that are public are not deleted', async () => {
    for (const id of ['urn:oma:lwm2m:oma:5:1.1', 'urn:oma:lwm2m:3303']) {
      const { status, body } = await bench.call('DELETE', `${url}/${id}`);
      expect([status, body.code]).toEqual([403, 'GENERIC_ACTION_FORBIDDEN_ERROR']);
    }
  });

  it('tell units, ranges and types of LwM2M on our own route', async () => {
    const { status, body } = await bench.call('GET', '/bench/v1/lwm2m/models/urn:oma:lwm2m:oma:3:1.1');
    expect([status, body.objectId, body.version, body.name]).toEqual([200, 3, '1.1', 'Device']);
    const battery = body.resources.find((one: any) => one.id === 9);
    expect(battery).toMatchObject({ type: 'INTEGER', units: '/100', range: '0..100', operations: ['READ'] });
    expect(body.resources.find((one: any) => one.id === 13).type).toBe('TIME');
    expect((await bench.call('GET', '/bench/v1/lwm2m/models/urn:oma:lwm2m')).status).toBe(404);
  });

  it('have the types of the manual', async () => {
    const { body } = await get('urn:oma:lwm2m:ext:3442');
    const types = Object.fromEntries(body.attributes.map((one: any) => [one.pathSegment, one.type]));
    expect(types).toMatchObject({
      110: 'STRING',
      120: 'INTEGER',
      125: 'UNSIGNED_INTEGER',
      130: 'FLOAT',
      140: 'BOOLEAN',
    });
    expect(types).toMatchObject({
      150: 'BASE64',
      160: 'DATETIME',
      170: 'STRING',
      180: 'STRING',
      0: undefined,
    });
    expect(body.attributes[0].operations).toEqual(['EXECUTE']);
  });
});
