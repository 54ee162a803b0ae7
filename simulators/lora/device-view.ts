import type { LoraDeviceDetails } from '../../core/contract/simulated-lora.ts';
import { rateName } from './lora-frames.ts';
import type { LoraLink } from './lora-link.ts';
import type { LoraWorld } from './lora-world.ts';
import { distanceBetweenM } from './radio/link-loss.ts';

/** A device as its panel shows it. */
export function loraView(
  link: LoraLink,
  world: LoraWorld,
  inbox: LoraDeviceDetails['inbox'],
): LoraDeviceDetails {
  const { settings, session, place, lastSignals } = link;
  const rate = settings.region.dataRates[settings.dataRate];
  return {
    devAddr: session ? session.devAddr.toString(16).toUpperCase().padStart(8, '0') : null,
    dataRate: rate ? rateName(rate) : `DR${settings.dataRate}`,
    txPowerDbm: settings.powerDbm,
    transmissions: settings.nbTrans,
    fCntUp: session?.fCntUp ?? 0,
    fCntDown: session?.fCntDown ?? null,
    channels: settings.channels.count,
    dutyCycleFreeInMs: Math.round(link.freeInMs),
    battery: link.battery,
    clockDriftPpm: link.driftPpm,
    position: { lat: place.lat, lon: place.lon },
    lastAnswer: link.lastAnswer,
    gateways: world.gateways.map(({ id, place: at, state }, index) => ({
      ...{ id, state, lat: at.lat, lon: at.lon, distanceM: Math.round(distanceBetweenM(place, at)) },
      ...{ rssi: lastSignals[index]?.rssi ?? null, snr: lastSignals[index]?.snr ?? null },
    })),
    inbox,
  };
}
