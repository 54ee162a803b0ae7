import { expect, it } from 'vitest';
import { createDeviceRequest } from '../../contract/devices.ts';
import fc from '../../testing/properties.ts';
import { identifyInterface } from '../interface-definition.ts';
import { newInterface } from '../new-interface.ts';
import { TenantInventory } from '../tenant-inventory.ts';
import type { Device } from '../types.ts';
import { deviceCsv } from './csv-devices.ts';
import { CsvRecords } from './csv-records.ts';
import { exportDevices } from './device-export.ts';
import { JsonReader } from './json-reader.ts';

const { root } = new TenantInventory('t', 0);

const text = (maxLength: number) =>
  fc.string({ unit: 'grapheme', maxLength }).filter((each) => !each.includes('\0'));
const propertyName = text(20).filter((name) => /^[^.$]+$/.test(name) && !name.includes('__proto__'));
// JSON has no negative zero.
const latitude = fc.double({ min: -90, max: 90, noNaN: true }).map((value) => value + 0);
const definitions = fc.constantFrom(
  ['mqtt', { clientId: 'urn:lo:nsid:a:b', encoding: 'a "b"; c' }] as const,
  ['sms', { msisdn: '33601201201', serverPhoneNumber: '+3320259' }] as const,
  ['x-connector', { nodeId: 'true' }] as const,
  ['lwm2m', { endpointName: 'urn:e,p', bootstrap: { managed: true } }] as const,
);
const fleet = fc.array(
  fc.record({
    name: fc.option(text(30), { nil: undefined }),
    description: fc.option(text(30), { nil: undefined }),
    tags: fc.uniqueArray(
      text(10).filter((tag) => tag !== ''),
      { maxLength: 3 },
    ),
    properties: fc.dictionary(propertyName, text(20), { maxKeys: 3 }),
    staticLocation: fc.option(
      fc.record({
        lat: latitude,
        lon: fc.integer({ min: -180, max: 180 }),
      }),
      { nil: undefined },
    ),
    interfaces: fc.array(fc.tuple(definitions, fc.boolean()), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 4 },
);

type Shown = typeof fleet extends fc.Arbitrary<(infer Each)[]> ? Each : never;

function toDevice({ interfaces, ...shown }: Shown, number: number): Device {
  const request = createDeviceRequest.parse({ id: `urn:lo:nsid:a:${number}`, ...shown });
  const device = {
    ...request,
    tenantId: 't',
    defaultDataStreamId: `stream-${number}`,
    group: root,
    activityState: 'NOT_MONITORED',
    interfaces: new Set(),
    createdMs: 0,
    updatedMs: 0,
  } as unknown as Device;
  for (const [[connector, definition], enabled] of interfaces) {
    device.interfaces.add(
      newInterface(device, identifyInterface({ connector, definition }, 'x'), enabled, 0),
    );
  }
  return device;
}

it.each(['csv', 'json'] as const)('as %s is read as the same devices by an import', async (format) => {
  await fc.assert(
    fc.asyncProperty(fleet, async (shown) => {
      const devices = shown.map(toDevice);
      let file = '';
      for await (const part of exportDevices(devices, format)) file += part;
      const reader = format === 'csv' ? new CsvRecords(deviceCsv, 100_000) : new JsonReader(100_000);
      const records = [...reader.read(file), ...reader.end()];
      const requests = records.map((record) => createDeviceRequest.parse(record.parse()));
      expect(
        requests.map(({ id, name, description, defaultDataStreamId, tags, properties, staticLocation }) => ({
          ...{ id, name, description, defaultDataStreamId, staticLocation },
          tags: tags ?? [],
          properties: properties ?? {},
        })),
      ).toEqual(
        devices.map(({ id, name, description, defaultDataStreamId, tags, properties, staticLocation }) => ({
          ...{ id, name, description, defaultDataStreamId, staticLocation, tags, properties },
        })),
      );
      for (const [index, { group, interfaces }] of requests.entries()) {
        expect(group).toEqual({ path: '/' });
        const wanted = [...(devices[index]?.interfaces ?? [])];
        const read = (interfaces ?? []).map((each) => ({
          enabled: each.enabled,
          definition: identifyInterface(each, 'x').definition,
        }));
        expect(read).toEqual(wanted.map(({ enabled, definition }) => ({ enabled, definition })));
      }
    }),
    { numRuns: 200 },
  );
});
