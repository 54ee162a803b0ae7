import { describe, expect, it } from 'vitest';
import type { LoraGatewayState } from '../../../core/contract/lora/state.ts';
import type { Place } from '../../ui/map/mercator.ts';
import { linksOf, type MapDevice } from './links.ts';
import { groupsOf, linesOf } from './map-groups.ts';

/** A pixel for each thousandth of a degree. */
const toPixel = ({ lat, lon }: Place) => ({ x: lon * 1000, y: -lat * 1000 });

const device = (devEUI: string, at: Place | undefined, esp = -90): MapDevice => ({
  ...{ deviceId: `urn:lo:nsid:lora:${devEUI}`, devEUI, status: 'ACTIVATED', simulated: true },
  ...(at && { place: { ...at, source: 'STATIC' } }),
  heardBy: [{ gatewayId: 'G', rssi: esp, snr: 5, esp }],
});
const gateway = { id: 'G', location: { lat: 1, lon: 1, source: 'MANUAL' } } as LoraGatewayState;

describe('devices on the map of LoRa', () => {
  it('are one mark where hundreds stand at one place, and none is lost', () => {
    const many = Array.from({ length: 300 }, (_, index) => device(`A${index}`, { lat: 2, lon: 2 }));
    const groups = groupsOf([...many, device('B', { lat: 3, lon: 3 }), device('C', undefined)], toPixel, []);
    expect(groups.map(({ members }) => members.length)).toEqual([300, 1]);
    expect(groups[0]).toMatchObject({ place: { lat: 2, lon: 2 }, at: { x: 2000, y: -2000 } });
  });

  it('do not cover the gateway that they are placed at', () => {
    const [group] = groupsOf([device('A', { lat: 1, lon: 1 })], toPixel, [
      toPixel(gateway.location as Place),
    ]);
    expect(group?.at).toEqual({ x: 1000, y: -962 });
  });

  it('have one line to each gateway, as strong as the strongest of them', () => {
    const place = { lat: 2, lon: 2 };
    const devices = [device('A', place, -130), device('B', place, -90), device('C', place, -120)];
    const lines = linesOf(
      groupsOf(devices, toPixel, []),
      linksOf([gateway], devices),
      new Map([['G', { x: 1000, y: -1000 }]]),
    );
    expect(lines).toEqual([
      { key: 'A G', strength: 'strong', from: { x: 2000, y: -2000 }, to: { x: 1000, y: -1000 } },
    ]);
  });
});
