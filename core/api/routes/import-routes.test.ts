import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

const imports = '/bench/v1/devices/imports';
const devices = '/api/v1/deviceMgt/devices';

let bench: TestPlatform;

beforeAll(async () => {
  bench = await startTestPlatform({
    settings: {
      importMaxErrors: 5,
      importMaxKept: 3,
      importMaxBytes: 4_000_000,
      importMaxRecordChars: 20_000,
    },
  });
});
afterAll(() => bench.stop());
beforeEach(() => bench.platform.reset());

const http = (): string => bench.platform.endpoints().http as string;

async function upload(name: string, file: string | Uint8Array | ReadableStream, key = bench.masterKey) {
  const response = await fetch(`${http()}${imports}/${name}`, {
    method: 'PUT',
    headers: { 'X-API-KEY': key },
    body: file as never,
    ...({ duplex: 'half' } as object),
  });
  return { status: response.status, body: (await response.json()) as any };
}
const errors = async (name: string) => (await bench.call('GET', `${imports}/${name}/errors`)).body;
const ids = async (): Promise<string[]> =>
  (await bench.call('GET', `${devices}?limit=1000&sort=id`)).body.map(({ id }: any) => id);
const get = async (id: string) => (await bench.call('GET', `${devices}/${id}`)).body;
async function download(format: string, filters = '') {
  const response = await fetch(`${http()}/bench/v1/devices/export?format=${format}${filters}`, {
    headers: { 'X-API-KEY': bench.masterKey },
  });
  return { type: response.headers.get('content-type'), text: await response.text() };
}
const numbered = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, n) => `urn:lo:nsid:bulk:${from + n}\n`).join('');

describe('an import of devices', () => {
  it('reads CSV', async () => {
    await bench.call('POST', '/api/v1/deviceMgt/groups', { pathNode: 'france' });
    const file = [
      'id;name;tags;properties.serial no;group.path;staticLocation.lat;staticLocation.lon;interfaces.0.connector;interfaces.0.enabled;interfaces.0.definition.clientId;interfaces.1.connector;interfaces.1.definition.msisdn',
      'urn:lo:nsid:bulk:1;"First; ""one""";Lyon|Test;007;/france;48.5;2;mqtt;false;node-1;sms;33601201201',
      'urn:lo:nsid:bulk:2;;;;;;;;;;sms;33601201202',
      '',
    ].join('\r\n');
    const { status, body } = await upload('csv', `\uFEFF${file}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'csv',
      state: 'done',
      dryRun: false,
      format: 'csv',
      started: new Date(bench.clock.now()).toISOString(),
      ended: new Date(bench.clock.now()).toISOString(),
      bytesRead: Buffer.byteLength(file) + 3,
      totalBytes: Buffer.byteLength(file) + 3,
      records: 2,
      created: 2,
      skipped: 0,
      failed: 0,
      groupsCreated: 0,
    });
    expect(await get('urn:lo:nsid:bulk:1')).toMatchObject({
      name: 'First; "one"',
      tags: ['Lyon', 'Test'],
      properties: { 'serial no': '007' },
      group: { path: '/france' },
      staticLocation: { lat: 48.5, lon: 2 },
      interfaces: [
        { connector: 'mqtt', nodeId: 'node-1', enabled: false, status: 'DEACTIVATED' },
        { connector: 'sms', nodeId: '33601201201', status: 'ONLINE' },
      ],
    });
    expect(await get('urn:lo:nsid:bulk:2')).toMatchObject({
      group: { path: '/' },
      interfaces: [{ connector: 'sms', nodeId: '33601201202' }],
    });
  });

  it.each([
    ['a list', '[{"id":"urn:lo:nsid:bulk:1","tags":["a"]},\n{"id":"urn:lo:nsid:bulk:2"}]'],
    ['JSON Lines', '{"id":"urn:lo:nsid:bulk:1","tags":["a"]}\n{"id":"urn:lo:nsid:bulk:2"}\n'],
  ])('reads JSON as %s', async (_name, file) => {
    expect((await upload('json', file)).body).toMatchObject({ format: 'json', state: 'done', created: 2 });
    expect(await ids()).toEqual(['urn:lo:nsid:bulk:1', 'urn:lo:nsid:bulk:2']);
    expect((await get('urn:lo:nsid:bulk:1')).tags).toEqual(['a']);
  });

  it('creates what it can, and tells line, device and reason of what it cannot', async () => {
    const file = [
      'id,name,group.path,interfaces.0.connector,interfaces.0.definition.msisdn',
      'urn:lo:nsid:bulk:1,ok,,sms,33601201201',
      'no-id,x,,,',
      'urn:lo:nsid:bulk:3,x,/nowhere,,',
      'urn:lo:nsid:bulk:1,again,,,',
      'urn:lo:nsid:bulk:4,x,,sms,33601201201',
      'urn:lo:nsid:bulk:5,x,,pigeon,1,too many',
      'urn:lo:nsid:bulk:6,ok,,,',
    ].join('\n');
    const { status, body } = await upload('mixed', file);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'done', records: 7, created: 2, failed: 5 });
    expect(await errors('mixed')).toEqual([
      {
        line: 3,
        deviceId: 'no-id',
        code: 'GENERIC_INVALID_PARAMETER_ERROR',
        message: expect.any(String),
        details: expect.stringContaining('id: must be urn:lo:nsid:'),
      },
      expect.objectContaining({ line: 4, code: 'DM_GROUP_NOT_FOUND', details: '/nowhere' }),
      expect.objectContaining({ line: 5, code: 'DM_DEVICE_DUPLICATE' }),
      expect.objectContaining({ line: 6, deviceId: 'urn:lo:nsid:bulk:4', code: 'DM_INTERFACE_DUPLICATE' }),
      expect.objectContaining({ line: 7, details: expect.stringContaining('6 cells') }),
    ]);
    expect(await ids()).toEqual(['urn:lo:nsid:bulk:1', 'urn:lo:nsid:bulk:6']);
  });

  it('refuses a line of CSV with fewer cells than columns, and names fields as they stand in the file', async () => {
    const header = 'id,interfaces.0.connector,interfaces.0.definition.msisdn';
    const lines = [header, 'urn:lo:nsid:bulk:1,few', 'urn:lo:nsid:bulk:2,,', 'urn:lo:nsid:bulk:3,sms,123'];
    const { body } = await upload('short', lines.join('\n'));
    expect(body).toMatchObject({ records: 3, created: 1, failed: 2 });
    expect(await errors('short')).toMatchObject([
      { line: 2, details: expect.stringContaining('2 cells') },
      { line: 4, details: expect.stringMatching(/^interfaces\.0\.definition\.msisdn: must be/) },
    ]);
  });

  it('says in a dry run what would happen, and does nothing', async () => {
    await bench.call('POST', devices, { id: 'urn:lo:nsid:bulk:0' });
    const file = [
      'id,group.path,interfaces.0.connector,interfaces.0.definition.clientId',
      'urn:lo:nsid:bulk:0,,,',
      'urn:lo:nsid:bulk:1,/a/b,mqtt,n',
      'urn:lo:nsid:bulk:1,/a,,',
      'urn:lo:nsid:bulk:2,/a/c,mqtt,n',
      'urn:lo:nsid:bulk:3,/a/b,,',
    ].join('\n');
    const expected = { state: 'done', records: 5, created: 2, skipped: 2, failed: 1 };
    const options = 'onExisting=skip&createGroups=true';
    const rehearsed = await upload(`dry?dryRun=true&${options}`, file);
    expect(rehearsed.body).toMatchObject({ ...expected, dryRun: true, groupsCreated: 2 });
    expect(await errors('dry')).toMatchObject([{ line: 5, code: 'DM_INTERFACE_DUPLICATE' }]);
    expect(await ids()).toEqual(['urn:lo:nsid:bulk:0']);
    expect((await bench.call('GET', '/api/v1/deviceMgt/groups')).body).toHaveLength(1);

    const real = await upload(`real?${options}`, file);
    expect(real.body).toMatchObject({ ...expected, dryRun: false });
    expect(await errors('real')).toMatchObject([{ line: 5, code: 'DM_INTERFACE_DUPLICATE' }]);
    expect((await get('urn:lo:nsid:bulk:1')).group.path).toBe('/a/b');
    expect((await get('urn:lo:nsid:bulk:3')).group.path).toBe('/a/b');
  });

  it('takes of two lines with one id the first, also where only that one makes a group', async () => {
    const file =
      'id,group.path\nurn:lo:nsid:bulk:1,/newgrp/deep\nurn:lo:nsid:bulk:1,\nurn:lo:nsid:bulk:1,/other\n';
    for (const name of ['dry?dryRun=true&', 'real?']) {
      const { body } = await upload(`${name}createGroups=true`, file);
      expect(body).toMatchObject({ records: 3, created: 1, failed: 2, groupsCreated: 2 });
      expect(await errors(body.id)).toMatchObject([
        { line: 3, code: 'DM_DEVICE_DUPLICATE' },
        { line: 4, code: 'DM_DEVICE_DUPLICATE' },
      ]);
    }
    expect((await get('urn:lo:nsid:bulk:1')).group.path).toBe('/newgrp/deep');
  });

  it('goes on behind a line of JSON Lines that cannot be read', async () => {
    const [one, two, three] = [1, 2, 3].map((n) => JSON.stringify({ id: `urn:lo:nsid:bulk:${n}` }));
    const { status, body } = await upload('lines', `${one}\n${two}\ngarbage\n${three}\n`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'done', records: 4, created: 3, failed: 1 });
    expect(await errors('lines')).toMatchObject([
      {
        line: 3,
        code: 'GENERIC_INVALID_PARAMETER_ERROR',
        message: 'The record is not valid JSON.',
        details: 'record: not JSON from line 3 on',
      },
    ]);
  });

  it('keeps what it read before the place where a list cannot be read', async () => {
    const file = '[{"id":"urn:lo:nsid:bulk:1"},\n{"id":"urn:lo:nsid:bulk:2"}{"id":"urn:lo:nsid:bulk:3"}]';
    expect(await upload('cut', file)).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('line 2: expected a comma or ]') },
    });
    expect((await bench.call('GET', `${imports}/cut`)).body).toMatchObject({ state: 'failed', created: 2 });
    expect(await ids()).toEqual(['urn:lo:nsid:bulk:1', 'urn:lo:nsid:bulk:2']);
  });

  it('reads TRUE and FALSE as a spreadsheet writes them', async () => {
    const head = 'id,interfaces.0.connector,interfaces.0.enabled,interfaces.0.definition.clientId';
    const { body } = await upload(
      'enabled',
      `${head}\rurn:lo:nsid:bulk:1,mqtt,FALSE,a\rurn:lo:nsid:bulk:2,mqtt,True,b\r`,
    );
    expect(body).toMatchObject({ created: 2, failed: 0 });
    expect((await get('urn:lo:nsid:bulk:1')).interfaces[0].enabled).toBe(false);
    expect((await get('urn:lo:nsid:bulk:2')).interfaces[0].enabled).toBe(true);
  });

  it('refuses a group path that no group can have', async () => {
    await upload(
      'paths?createGroups=true',
      'id,group.path\nurn:lo:nsid:bulk:1,a/b\nurn:lo:nsid:bulk:2,/a//b\n',
    );
    expect(await errors('paths')).toMatchObject([
      { line: 2, details: expect.stringContaining('group.path: must be /a/b') },
      { line: 3, details: expect.stringContaining('group.path: must be /a/b') },
    ]);
  });

  it.each([
    ['', 'line 1: the file is empty'],
    ['name\nx', 'line 1: missing columns: id'],
    ['id,colour\nx,y', 'line 1, column 2: "colour" is no column'],
    ['id,properties.__proto__\nx,y', 'is no column'],
    ['id,id\nx,y', 'line 1, column 2: id is there twice'],
    ['id\nurn:lo:nsid:bulk:1\n"urn', 'line 3: the file ends within a cell'],
    ['[{"id":"urn:lo:nsid:bulk:1"},\n{', 'line 2: the file ends within the device'],
    [`id\n${'x'.repeat(20_001)}`, 'setting importMaxRecordChars'],
    [Buffer.from('id\nurn:lo:nsid:bulk:1\n\xff', 'latin1'), 'not UTF-8'],
  ])('refuses %j as a whole, and says why', async (file, reason) => {
    expect(await upload('broken', file)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(reason) },
    });
    expect((await bench.call('GET', `${imports}/broken`)).body).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining(reason),
    });
  });

  it('refuses a file that is too long, and keeps what came before', async () => {
    const file = `id,description\n${Array.from({ length: 9000 }, (_, n) => `urn:lo:nsid:bulk:${n},${'x'.repeat(450)}\n`).join('')}`;
    expect(await upload('long', file)).toMatchObject({
      status: 413,
      body: { details: expect.stringContaining('setting importMaxBytes') },
    });
    const { created } = (await bench.call('GET', `${imports}/long`)).body;
    expect(created).toBeGreaterThan(1000);
    expect(bench.platform.inventory.allDevices(bench.tenantId)).toHaveLength(created);
  });

  it('keeps the first errors, and says how many there were', async () => {
    const { body } = await upload('many', `id\n${'x\n'.repeat(20)}`);
    expect(body).toMatchObject({ failed: 20, created: 0, state: 'done' });
    expect((await errors('many')).map(({ line }: any) => line)).toEqual([2, 3, 4, 5, 6]);
    expect((await bench.call('GET', `${imports}/many/errors?limit=2&offset=1`)).body).toHaveLength(2);
  });

  it('needs the role to change devices', async () => {
    const reader = await bench.key(['DEVICE_R']);
    expect(await upload('x', 'id\n', reader)).toMatchObject({
      status: 403,
      body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR' },
    });
    expect((await bench.call('GET', imports, undefined, reader)).status).toBe(200);
    expect((await upload('a b', 'id\n')).status).toBe(400);
  });
});

/** A file that the test lets come piece by piece. */
function slowFile() {
  let more!: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      more = controller;
    },
  });
  return { stream, send: (text: string) => more.enqueue(Buffer.from(text)), end: () => more.close() };
}

describe('an import that is under way', () => {
  const progress = async (name: string) => (await bench.call('GET', `${imports}/${name}`)).body;
  const reaches = (name: string, created: number) =>
    until(async () => (await progress(name)).created === created);

  it('tells how far it is, and leaves everybody else their turn', async () => {
    const file = slowFile();
    const ended = upload('slow', file.stream);
    file.send(`id\n${numbered(10)}`);
    await reaches('slow', 10);
    expect(await progress('slow')).toMatchObject({ state: 'running', format: 'csv', records: 10 });
    expect((await progress('slow')).totalBytes).toBeUndefined();
    expect((await bench.call('GET', imports)).body).toMatchObject([{ id: 'slow', state: 'running' }]);
    expect((await bench.call('DELETE', `${imports}/slow`)).status).toBe(409);
    const { client } = await RawMqttClient.connect(bench.mqttPort, {
      clientId: 'urn:lo:nsid:bulk:3',
      username: 'json+device',
      password: await bench.key(['DEVICE_ACCESS']),
    });
    await client.publishAndWait('dev/data', '{"v":{"x":1}}');
    file.send(numbered(10, 10));
    await reaches('slow', 20);
    file.end();
    expect((await ended).body).toMatchObject({ state: 'done', created: 20 });
  });

  it('can be canceled, and what it created stays', async () => {
    const file = slowFile();
    const ended = upload('stopped', file.stream);
    file.send(`id\n${numbered(10)}`);
    await reaches('stopped', 10);
    const canceled = await bench.call('POST', `${imports}/stopped/cancel`);
    expect(canceled).toMatchObject({ status: 200, body: { state: 'canceled', created: 10 } });
    expect((await bench.call('POST', `${imports}/stopped/cancel`)).body.state).toBe('canceled');
    file.end();
    expect((await ended).body).toMatchObject({ state: 'canceled', created: 10 });
    expect(await ids()).toHaveLength(10);
  });

  it('fails when its upload breaks off', async () => {
    const { hostname, port } = new URL(http());
    const socket = connectTcp(Number(port), hostname);
    socket.write(
      `PUT ${imports}/broken HTTP/1.1\r\nHost: x\r\nX-API-KEY: ${bench.masterKey}\r\nContent-Length: 1000\r\n\r\nid\n${numbered(3)}`,
    );
    await until(async () => (await bench.call('GET', `${imports}/broken`)).body.created === 3);
    socket.destroy();
    await until(async () => (await progress('broken')).state !== 'running');
    expect(await progress('broken')).toMatchObject({ state: 'failed', created: 3 });
  });

  it('has a name of its own, and only so many run at a time', async () => {
    const files = [slowFile(), slowFile()];
    const running = files.map((file, index) => upload(`run-${index}`, file.stream));
    for (const [index, file] of files.entries()) {
      file.send('id\n');
      await until(async () => (await progress(`run-${index}`)).format === 'csv');
    }
    expect(await upload('run-0', 'id\n')).toMatchObject({ status: 409, body: { code: 'IMPORT_DUPLICATE' } });
    expect(await upload('third', 'id\n')).toMatchObject({
      status: 429,
      body: { code: 'IMPORT_LIMIT_REACHED', details: expect.stringContaining('importMaxRunning') },
    });
    for (const file of files) file.end();
    for (const each of running) expect((await each).status).toBe(200);
    expect((await upload('run-0', 'id\n')).status).toBe(409);
    expect((await bench.call('DELETE', `${imports}/run-0`)).status).toBe(204);
    expect((await bench.call('GET', `${imports}/run-0`)).status).toBe(404);
    expect((await upload('run-0', 'id\n')).status).toBe(200);
  });
});

describe('the log of imports', () => {
  it('keeps the newest', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await upload(name, 'id\n');
    expect((await bench.call('GET', imports)).body.map(({ id }: any) => id)).toEqual(['d', 'c', 'b']);
    for (const path of ['nobody', 'nobody/errors']) {
      expect(await bench.call('GET', `${imports}/${path}`)).toMatchObject({
        status: 404,
        body: { code: 'IMPORT_NOT_FOUND' },
      });
    }
  });

  it('is there over a start, and tells of one that the end of the program cut off', async () => {
    await upload('done', 'id\nurn:lo:nsid:bulk:1\nx\n');
    const file = slowFile();
    const cut = upload('cut', file.stream).catch(() => undefined);
    file.send('id\n');
    await until(async () => (await bench.call('GET', `${imports}/cut`)).body.format === 'csv');
    const { platform } = bench;
    // As a kill leaves it: what is stored is that it runs.
    await platform.imports.start();
    const listed = platform.imports.list(bench.tenantId).filter(({ state }) => state === 'interrupted');
    expect(listed).toMatchObject([{ id: 'cut', reason: 'the program ended' }]);
    expect(platform.imports.get(bench.tenantId, 'done')).toMatchObject({ state: 'done', created: 1 });
    expect(platform.imports.errors(bench.tenantId, 'done')).toMatchObject([{ line: 3 }]);
    file.end();
    await cut;
  });
});

describe('an export', () => {
  it('holds what passes the filters of the list, and all of it', async () => {
    await upload(
      'many',
      `id,name\n${numbered(1200).replaceAll('\n', ',kept\n')}${numbered(3, 1200).replaceAll('\n', ',other\n')}`,
    );
    const { text } = await download('json', '&filterQuery=name==kept&sort=-id');
    const exported = (JSON.parse(text) as { id: string }[]).map(({ id }) => id);
    expect(exported).toHaveLength(1200);
    expect(exported).toEqual([...new Set(exported)].sort().reverse());
    expect(JSON.parse((await download('json', '&name=other&limit=1')).text)).toHaveLength(3);
    expect((await download('csv', '&id=urn:lo:nsid:bulk:1201')).text.trim().split('\r\n')).toHaveLength(2);
    expect(JSON.parse((await download('json', '&filterQuery=nosuch==1')).text)).toMatchObject({
      code: 'GENERIC_INVALID_PARAMETER_ERROR',
      details: expect.stringContaining('query.filterQuery: at character 1'),
    });
  });

  const secret = '11223344556677889988776655443322';
  const fleet = [
    {
      id: 'urn:lo:nsid:bulk:1',
      name: '=1+1, "quoted"\nand more é𐀀',
      description: '',
      defaultDataStreamId: 'stream',
      tags: ['a|b', 'c'],
      properties: { 'serial no': ' 007 ', empty: '' },
      staticLocation: { lat: 48.5, lon: -2, alt: 0 },
      group: { path: '/a/b' },
      interfaces: [
        { connector: 'mqtt', enabled: false, definition: { clientId: 'n1', encoding: 'dec' } },
        { connector: 'sms', enabled: true, definition: { msisdn: '33601201201' } },
        { connector: 'x-connector', enabled: true, definition: { nodeId: 'x1' } },
      ],
    },
    { id: 'urn:lo:nsid:bulk:2', tags: ['plain', 'tags'] },
    {
      id: 'urn:lo:nsid:bulk:3',
      interfaces: [{ connector: 'mqtt', enabled: true, definition: { clientId: 'n3' } }],
    },
  ];
  const comparable = async () =>
    JSON.stringify(
      (
        await bench.call(
          'GET',
          `${devices}?sort=id&fields=name,description,tags,properties,interfaces,defaultDataStreamId,staticLocation,group`,
        )
      ).body,
      (key, value) =>
        key === 'created' || key === 'updated' ? undefined : key === 'group' ? value.path : value,
    );

  it.each(['csv', 'json'])('comes back the same through an import: %s', async (format) => {
    const [first, ...others] = fleet;
    await upload('setup?createGroups=true', JSON.stringify([first, ...others]));
    const before = await comparable();
    expect(JSON.parse(before)).toHaveLength(3);
    const { text } = await download(format);
    await bench.platform.reset();
    expect((await upload('again?createGroups=true', text)).body).toMatchObject({
      format,
      state: 'done',
      created: 3,
      failed: 0,
      groupsCreated: 2,
    });
    expect(await comparable()).toBe(before);
  });

  it.each([
    ['csv', 'text/csv; charset=utf-8'],
    ['json', 'application/json; charset=utf-8'],
  ])('has nothing secret in it, and says where it is missing: %s', async (format, type) => {
    const definition = {
      devEUI: '0101010210101010',
      profile: 'p',
      appEUI: '9879876546543211',
      appKey: secret,
      connectivityOptions: { ackUl: true },
    };
    await bench.call('POST', devices, {
      id: 'urn:lo:nsid:lora:1',
      interfaces: [{ connector: 'lora', definition }],
    });
    const file = await download(format);
    expect(file.type).toBe(type);
    expect(file.text).toContain('0101010210101010');
    expect(file.text).not.toContain(secret);
    await bench.platform.reset();
    expect((await upload('without', file.text)).body).toMatchObject({ created: 0, failed: 1 });
    expect(await errors('without')).toMatchObject([
      { details: expect.stringContaining('interfaces.0.definition.appKey: ') },
    ]);
    if (format === 'json') return;
    expect(file.text.split('\r\n')[0]).toContain('interfaces.0.definition.appKey');
    const filled = file.text
      .split('\r\n')
      .map((line, index) => (index === 1 ? line.replace(/,$/, `,${secret}`) : line));
    expect((await upload('with', filled.join('\r\n'))).body).toMatchObject({ created: 1 });
    const target = bench.platform.inventory.findInterface(bench.tenantId, 'lora', '0101010210101010');
    expect(target?.definition).toMatchObject({ appKey: secret, connectivityOptions: { ackUl: true } });
  });

  it('of nothing is a file of nothing', async () => {
    expect((await download('json')).text).toBe('[]\n');
    expect((await download('csv')).text).toBe('id,name,description,group.path,defaultDataStreamId,tags\r\n');
  });
});
