import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Device } from '../inventory/types.ts';
import type { JournaledStore } from '../store/store.ts';
import { InlineWorkers } from '../testing/inline-workers.ts';
import { startTestStore } from '../testing/test-store.ts';
import { DeviceResources } from './device-resources.ts';

const device = { tenantId: 't', id: 'urn:lo:nsid:a:b' } as Device;
let store: JournaledStore;
beforeAll(async () => {
  store = await startTestStore({ workers: new InlineWorkers() });
});
afterAll(() => store.stop());

it('leaves no row of what is neither reported nor asked for, and takes that back when it was not stored', async () => {
  const resources = new DeviceResources(store);
  const rows = async () =>
    (
      await store.query<{ resource_id: string }>({ sql: 'select * from device_resources', parameters: [] })
    ).map((row) => row.resource_id);
  await store.commit(resources.request(device, 'asked', '1', 5).statements);
  await store.commit(
    resources.report(device, new Map([['had', { version: '1', metadata: undefined }]]), 5).statements,
  );
  await store.commit(resources.request(device, 'had', '2', 6).statements);
  expect(await rows()).toEqual(['asked', 'had']);
  const cleared = ['asked', 'had'].map((id) => resources.request(device, id, undefined, 7));
  for (const { undo } of cleared) undo();
  expect(resources.find(device, 'asked')).toEqual({ requested: { version: '1', atMs: 5 } });
  for (const id of ['asked', 'had'])
    await store.commit(resources.request(device, id, undefined, 7).statements);
  expect([...resources.of(device)]).toEqual([['had', { reported: { version: '1', atMs: 5 } }]]);
  expect(await rows()).toEqual(['had']);
});
