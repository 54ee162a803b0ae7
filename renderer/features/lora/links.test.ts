import { expect, test } from 'vitest';
import type { LoraGatewayState, LoraMap } from '../../../core/contract/lora/state.ts';
import { linksOf } from './links.ts';

const gateway = (id: string, lat?: number): LoraGatewayState => ({
  ...{
    id,
    registered: true,
    status: 'ONLINE',
    uplinks: 1,
    downlinks: 0,
    fetchesDownlinks: true,
    dutyCycle: [],
  },
  ...{ created: '2026-01-01T00:00:00.000Z', updated: '2026-01-01T00:00:00.000Z' },
  ...(lat !== undefined && { location: { lat, lon: 2, source: 'MANUAL' } }),
});

test('links each device to all who heard it, by how well, and draws none whose ends are not known', () => {
  const heard = (gatewayId: string, esp: number) => ({ gatewayId, rssi: esp, snr: 5, esp });
  const device: LoraMap['devices'][number] = {
    ...{ deviceId: 'd', devEUI: 'e', status: 'ACTIVATED', simulated: false },
    place: { lat: 47, lon: 1, source: 'STATIC' },
    heardBy: [heard('A', -105), heard('B', -106), heard('C', -126)],
  };
  const links = linksOf([gateway('A', 48), gateway('B')], [device]);
  expect(links.map(({ gatewayId, strength, ends }) => [gatewayId, strength, ends !== undefined])).toEqual([
    ['A', 'strong', true],
    ['B', 'fair', false],
    // A gateway of somebody else.
    ['C', 'weak', false],
  ]);
  expect(links[0]?.ends).toMatchObject([{ lat: 47 }, { lat: 48 }]);
});
