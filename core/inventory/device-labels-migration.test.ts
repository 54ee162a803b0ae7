import { expect, it } from 'vitest';
import { EventBus } from '../bus/event-bus.ts';
import { createDeviceRequest } from '../contract/devices.ts';
import { parseRsql } from '../contract/rsql/parse.ts';
import { silentLogger } from '../platform/logger.ts';
import { MemoryFiles } from '../platform/memory-files.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { migrations } from '../store/migrations.ts';
import { startMemoryStore } from '../testing/store-kit.ts';
import { InventoryService } from './inventory-service.ts';

const insertDevice =
  'INSERT INTO devices (tenant_id, id, name, description, default_stream_id, group_id, tags, properties, static_location, created, updated) VALUES (?,?,?,?,?,?,?,?,?,?,?)';

it('devices from before the labels get theirs, as if they were made now', async () => {
  const files = new MemoryFiles();
  const device = createDeviceRequest.parse({
    id: 'urn:lo:nsid:a:old',
    name: 'Old "Sensor"',
    tags: ['a"b', 'Demo'],
    properties: { temperature: '21.5', version: '007', note: 'null', 'x y': '[1' },
    staticLocation: { lat: 48.5, lon: -1.25 },
  });
  const old = await startMemoryStore(files, { migrations: migrations.slice(0, 1) });
  const texts = [device.tags, device.properties, device.staticLocation].map((each) => JSON.stringify(each));
  await old.commit([
    {
      sql: insertDevice,
      parameters: ['t', device.id, device.name, null, device.id, 'root', ...texts, 1, 1],
    },
    {
      sql: insertDevice,
      parameters: ['t', 'urn:lo:nsid:a:bare', null, null, 's', 'root', '[]', '{}', null, 1, 1],
    },
  ]);
  await old.stop();

  const store = await startMemoryStore(files, { migrations });
  const parts = { store, clock: new VirtualClock(), random: nodeRandom, logger: silentLogger };
  const inventory = new InventoryService({ ...parts, bus: new EventBus() });
  await inventory.start();
  await inventory.createDevice('t2', device);
  const rowsOf = (tenant: string) =>
    Promise.all([
      store.query({
        sql: 'SELECT name, value, device_id, number FROM device_labels WHERE tenant_id = ? ORDER BY name, value',
        parameters: [tenant],
      }),
      store.query({
        sql: 'SELECT activity_state, lat, lon FROM devices WHERE tenant_id = ? AND id = ?',
        parameters: [tenant, device.id],
      }),
    ]);
  expect(await rowsOf('t')).toEqual(await rowsOf('t2'));
  const [row] = await store.query<{ search_text: string }>({
    sql: 'SELECT search_text FROM devices WHERE tenant_id = ? AND id = ?',
    parameters: ['t', device.id],
  });
  expect(row?.search_text.split('\n').sort()).toEqual(
    [device.id, 'old "sensor"', '', 'a"b', 'demo', '21.5', '007', 'null', '[1'].sort(),
  );
  for (const filter of [
    "tags=='a\"b'",
    'property.temperature=gt=9',
    'property.version==007',
    "'property.x y'=='[1'",
  ]) {
    const page = await inventory.devices.list(
      't',
      { filter: { expressions: [parseRsql(filter)] }, limit: 10, offset: 0, sort: [] },
      false,
    );
    expect(
      page.devices.map(({ id }) => id),
      filter,
    ).toEqual([device.id]);
  }
  await inventory.stop();
  await store.stop();
});
