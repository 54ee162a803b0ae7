import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportDevices } from '../inventory/bulk/device-export.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { defaultSettings } from '../settings.ts';
import { TestServices } from '../testing/test-services.ts';
import { BootstrapService } from './bootstrap-service.ts';

let services: TestServices;
beforeEach(async () => {
  services = await TestServices.start();
});
afterEach(() => services[Symbol.asyncDispose]());

const started = async (): Promise<BootstrapService> => {
  const { store, clock, bus } = services;
  const made = new BootstrapService({ store, clock, bus, random: nodeRandom, settings: defaultSettings });
  await made.start();
  return made;
};

it('a bootstrap that was going on when the program ended has failed, and what was known of it stays', async () => {
  const { tenantId } = services;
  const pskInfo = { identity: 'dev', secret: 'secret' };
  const before = await started();
  const entry = await before.entries.create(tenantId, {
    endpointName: 'dev',
    security: { mode: 'PSK', pskInfo },
  });
  const activity = {
    status: 'IN_PROGRESS',
    requests: 3,
    lastRequestMs: 5,
    finishes: 1,
    lastFinishMs: 4,
  } as const;
  await before.entries.note(entry, () => activity);
  for (const _ of [1, 2]) {
    expect((await started()).entries.get(tenantId, 'dev').activity).toEqual({
      ...activity,
      status: 'FAILED',
    });
  }
});

it('what a bootstrap has filled in is not in a file of devices, which would be refused', async () => {
  const { inventory, tenantId } = services;
  const definition = { endpointName: 'dev', bootstrap: { managed: true } };
  const wanted = {
    id: 'urn:lo:nsid:test:dev',
    interfaces: [{ connector: 'lwm2m', enabled: true, definition }],
  };
  const device = await inventory.createDevice(tenantId, wanted);
  const [made] = device.interfaces;
  if (!made) throw new Error('there is no interface');
  await inventory.interfaces.fillIn(made, {
    security: { mode: 'PSK', pskInfo: { identity: 'i', secret: 's' } },
  });
  let text = '';
  for await (const part of exportDevices([device], 'json')) text += part;
  expect(JSON.parse(text)[0].interfaces[0].definition).toEqual(definition);
});
