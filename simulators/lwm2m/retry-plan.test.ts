import { describe, expect, it } from 'vitest';
import { publicModels } from '../../core/protocols/lwm2m/models/public-models.ts';
import { DeviceObjects, type ObjectInstance } from './device-objects.ts';
import { unsigned } from './resource-value.ts';
import { plannedRetryMs } from './retry-plan.ts';

async function server(values: Readonly<Record<number, number>>): Promise<ObjectInstance> {
  const objects = new DeviceObjects(await publicModels());
  objects.add(1, '1.1');
  return objects.addInstance(
    ...([1, 0] as const),
    Object.fromEntries(Object.entries(values).map(([id, value]) => [id, unsigned(value)])),
  );
}

describe('a device that cannot reach its server', () => {
  it('goes by itself where the server has said nothing of it', async () => {
    expect(plannedRetryMs(await server({}), 3)).toBeUndefined();
  });

  it('doubles the pauses of a sequence, waits for the next one, and gives up after the last', async () => {
    const account = await server({ 17: 3, 18: 10, 19: 600, 20: 2 });
    const waits = [1, 2, 3, 4, 5, 6].map((failures) => plannedRetryMs(account, failures));
    expect(waits).toEqual([10_000, 20_000, 600_000, 10_000, 20_000, 'exhausted']);
  });

  it('takes the defaults for what is not there, and begins no sequence after the largest delay', async () => {
    const account = await server({ 18: 1 });
    expect([1, 4, 5].map((failures) => plannedRetryMs(account, failures))).toEqual([1000, 8000, 'exhausted']);
    expect(plannedRetryMs(await server({ 17: 1, 19: 4_294_967_295, 20: 9 }), 1)).toBe('exhausted');
  });
});
