import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formWithFile } from '../../testing/form-file.ts';
import { itemXml, objectXml } from '../../testing/object-xml.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

/** The examples of manual 7.8.3 and 7.8.4. */
const url = '/api/v1/deviceMgt/twin/model/object-definitions';

let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform();
});
afterAll(() => bench.stop());

describe('7.8.3.1 and 7.8.4.1, an object definition', () => {
  const firmwareUpdate = {
    objectDefinitionId: 'urn:oma:lwm2m:oma:5:1.1',
    pathSegment: '5',
    name: 'Firmware Update',
    minOccurs: 0,
    maxOccurs: 1,
    type: 'OBJECT_MAP',
    operations: ['READ', 'WRITE'],
    parent: 'urn:oma:lwm2m',
  };
  const pkgName = {
    pathSegment: '6',
    name: 'PkgName',
    minOccurs: 0,
    maxOccurs: 1,
    type: 'STRING',
    operations: ['READ'],
  };

  it.each(['urn:oma:lwm2m:oma:5:1.1', 'urn:oma:lwm2m:5:1.1'])('is got by %s', async (id) => {
    const { status, body } = await bench.call('GET', `${url}/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject(firmwareUpdate);
    expect(body.owner).toBeUndefined();
    expect(body.attributes).toContainEqual({ ...pkgName, description: expect.any(String) });
  });

  it('is a child of urn:oma:lwm2m', async () => {
    const { status, body } = await bench.call('GET', `${url}/urn:oma:lwm2m`);
    expect([status, body.objectDefinitionId, body.type, body.parent]).toEqual([
      200,
      'urn:oma:lwm2m',
      'OBJECT',
      undefined,
    ]);
    expect(body.children).toContainEqual(expect.objectContaining(firmwareUpdate));
    expect(body.children.length).toBeGreaterThan(300);
  });
});

it('7.8.4.2 and 7.8.4.3: a definition is imported and deleted', async () => {
  const items = itemXml(1110, 'Multiple String Value', 'RW', 'String');
  const name = 'LwM2M v1.1 Test Object CUSTOM CUSTOM';
  const { text, contentType } = formWithFile(objectXml({ name, items, urn: 'urn:oma:lwm2m:ext:33442' }));
  const post = await fetch(`${bench.platform.endpoints().http}${url}?inputFormat=lwm2m&override=true`, {
    method: 'POST',
    headers: { 'X-API-Key': bench.masterKey, Accept: 'application/json', 'content-type': contentType },
    body: text,
  });
  expect(post.status).toBe(201);
  expect(await post.json()).toEqual({
    objectDefinitionId: 'urn:oma:lwm2m:ext:33442',
    pathSegment: '33442',
    name,
    description: 'This object is created by the customer.',
    minOccurs: 0,
    maxOccurs: 0,
    type: 'OBJECT_MAP',
    operations: ['READ', 'WRITE'],
    attributes: [
      {
        pathSegment: '1110',
        name: 'Multiple String Value',
        description: 'About Multiple String Value.',
        minOccurs: 0,
        maxOccurs: 1,
        type: 'STRING',
        operations: ['READ', 'WRITE'],
      },
    ],
    parent: 'urn:oma:lwm2m',
    owner: bench.tenantId,
  });
  const one = `${url}/urn:oma:lwm2m:ext:33442`;
  expect((await bench.call('DELETE', one)).status).toBe(204);
  expect((await bench.call('GET', one)).status).toBe(404);
});
