import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDeviceRequest, type DeviceSortField, deviceSortFields } from '../contract/devices.ts';
import fc from '../testing/properties.ts';
import { TestServices } from '../testing/test-services.ts';
import type { DevicePlace, DeviceSort } from './device-order.ts';
import type { Device } from './types.ts';

const deviceCount = 60;
const pageSize = 7;
let services: TestServices;
let devices: Device[];

beforeAll(async () => {
  services = await TestServices.start();
  const { inventory, tenantId, clock } = services;
  const a = await inventory.groups.create(tenantId, { pathNode: 'a' });
  await inventory.groups.create(tenantId, { pathNode: 'b', parentId: a.id });
  await inventory.groups.create(tenantId, { pathNode: '0' });
  const paths = ['/', '/a', '/a/b', '/0'];
  for (let index = 0; index < deviceCount; index++) {
    const mixed = (index * 7919) % 101;
    const interfaces = Array.from({ length: mixed % 3 }, (_, each) => ({
      connector: 'mqtt',
      enabled: (mixed + each) % 4 !== 0,
      definition: { clientId: `n${index}-${each}` },
    }));
    const device = await inventory.createDevice(
      tenantId,
      createDeviceRequest.parse({
        ...{ id: `urn:lo:nsid:order:${mixed}-${index}`, interfaces, group: { path: paths[mixed % 4] } },
        ...(mixed % 5 > 0 && { name: `name ${mixed % 5}` }),
      }),
    );
    // Several devices come at the same time.
    if (index % 4 === 0) clock.advance(1000);
    for (const each of device.interfaces) {
      if (mixed % 2 === 0) inventory.touch(each);
      if (mixed % 7 === 0 && each.enabled) await inventory.updateSession(each, { status: 'ONLINE' });
    }
  }
  // What comes after a device was made is seen by the next list as well.
  const [first, second] = inventory.allDevices(tenantId).filter(({ interfaces }) => interfaces.size > 0);
  const [moved] = first!.interfaces;
  await inventory.interfaces.update(tenantId, first!.id, `mqtt:${moved!.nodeId}`, { deviceId: second!.id });
  await inventory.devices.update(tenantId, second!.id, { id: 'urn:lo:nsid:order:renamed' });
  const [left] = second!.interfaces;
  await inventory.interfaces.update(tenantId, second!.id, `mqtt:${left!.nodeId}`, { enabled: false });
  devices = inventory.allDevices(tenantId);
}, 60_000);
afterAll(async () => services[Symbol.asyncDispose]());

const keys: Readonly<Record<DeviceSortField, (device: Device) => string | number>> = {
  id: ({ id }) => id,
  name: ({ name = '' }) => name,
  group: ({ group }) => group.path,
  created: ({ createdMs }) => createdMs,
  updated: ({ updatedMs }) => updatedMs,
  'interfaces.status': ({ interfaces }) => [...interfaces].map(({ status }) => status).sort()[0] ?? '',
  'interfaces.enabled': ({ interfaces }) => ([...interfaces].some(({ enabled }) => enabled) ? 1 : 0),
  'interfaces.lastContact': ({ interfaces }) =>
    Math.max(0, ...[...interfaces].map(({ lastContactMs = 0 }) => lastContactMs)),
};

function inOrder(sort: readonly DeviceSort[]): string[] {
  const descending = sort.at(-1)?.descending ?? false;
  const ties: DeviceSort[] = sort.length === 0 ? [] : [{ field: 'name', descending }];
  const all = [...sort, ...ties, { field: 'id', descending } as const];
  const compare = (one: Device, other: Device): number => {
    for (const { field, descending: down } of all) {
      const [a, b] = [keys[field](one), keys[field](other)];
      if (a !== b) return a < b !== down ? -1 : 1;
    }
    return 0;
  };
  return [...devices].sort(compare).map(({ id }) => id);
}

async function pages(sort: readonly DeviceSort[]): Promise<string[]> {
  const found: string[] = [];
  let after: DevicePlace | undefined;
  do {
    const query = { filter: { expressions: [] }, sort, after, limit: pageSize, offset: 0 };
    const page = await services.inventory.devices.list(services.tenantId, query, false);
    found.push(...page.devices.map(({ id }) => id));
    after = page.end;
  } while (after);
  return found;
}

const sorts = fc
  .uniqueArray(fc.constantFrom(...deviceSortFields), { maxLength: 4 })
  .chain((fields) =>
    fc.tuple(...fields.map((field) => fc.boolean().map((descending) => ({ field, descending })))),
  );

it('the pages of a list, one after the other, are the devices in any order that can be asked for', async () => {
  await fc.assert(
    fc.asyncProperty(sorts, async (sort) => {
      expect(await pages(sort)).toEqual(inOrder(sort));
    }),
    { numRuns: 150 },
  );
});

it('of interfaces is the same after a restart', async () => {
  const sort = (['interfaces.lastContact', 'interfaces.status', 'interfaces.enabled'] as const).map(
    (field) => ({
      ...{ field, descending: true },
    }),
  );
  await services.restart({ stopped: false });
  const { inventory, tenantId } = services;
  devices = inventory.allDevices(tenantId);
  expect(devices).toHaveLength(deviceCount);
  expect(await pages(sort)).toEqual(inOrder(sort));
});
