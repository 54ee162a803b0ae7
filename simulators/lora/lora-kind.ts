import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { SimulatedGatewaySettings } from '../../core/contract/simulated-lora.ts';
import type { LoraFleetTemplate } from '../../core/contract/simulators.ts';
import { regions } from '../../core/protocols/lorawan/regions/index.ts';
import { type FleetKind, notListening } from '../fleet/fleet-kind.ts';
import { appKeyOf } from './app-key.ts';
import { devEuiOf, hasRoomFor } from './dev-eui.ts';
import { FleetGateways } from './fleet-gateways.ts';
import { loraPayloadMaker } from './payload/lora-payload.ts';
import { UplinkSource } from './payload/uplink-source.ts';

const profiles = {
  EU868: 'Generic_class{class}_RX2SF12',
  US915: 'DP_Generic_US915_Class{class}',
  AS923: 'DP_Generic_AS923_Class{class}',
} as const;

/** Devices that speak LoRaWAN, each with a key of its own, and the gateways of their fleet. */
export const loraKind: FleetKind<LoraFleetTemplate> = {
  check: ({ idPattern, count, region: name, spreadingFactor, payload }) => {
    if (!hasRoomFor(idPattern, count))
      throw invalidParameter(`body.idPattern: the number of ${count} devices has no room in 16 digits`);
    const region = regions[name];
    const number = region.dataRates.findIndex((rate) => rate?.spreadingFactor === spreadingFactor);
    if (number < region.adrDataRates.min || number > region.adrDataRates.max)
      throw invalidParameter(
        `body.spreadingFactor: devices of ${name} do not send with SF${spreadingFactor}`,
      );
    loraPayloadMaker(payload);
  },
  complete: (template, random) => {
    const eui = (): string => Buffer.from(random.bytes(8)).toString('hex').toUpperCase();
    const gateways = template.gateways ?? aroundMiddle(template.area);
    return { ...template, gateways: gateways.map((gateway) => ({ ...gateway, id: gateway.id ?? eui() })) };
  },
  url: (_template, { lora }) => {
    if (lora !== undefined) return lora;
    throw notListening('for LoRa gateways', 'Start it with --lora-port, or without --lora-port off.');
  },
  // Devices have no sockets: their gateways have.
  sockets: ({ gateways = [] }) => gateways.length,
  clientId: ({ idPattern }, number) => devEuiOf(idPattern, number),
  definition: (template, devEUI, secret) => {
    const { region, deviceClass, profile, connectivityPlan, appEUI, encoding } = template;
    return {
      ...{ devEUI, appEUI, appKey: appKeyOf(secret, devEUI), activationType: 'OTAA', connectivityPlan },
      profile: profile ?? profiles[region].replace('{class}', deviceClass),
      ...(encoding !== undefined && { encoding }),
    };
  },
  keyRole: undefined,
  prepare: ({ rest, template }) => new FleetGateways(rest).register(template),
  remove: ({ rest, template }) => new FleetGateways(rest).remove(template),
  firstPayload: (template, number, timeMs) => {
    const device = devEuiOf(template.idPattern, number);
    const source = new UplinkSource(template, loraPayloadMaker(template.payload), number, device);
    return Buffer.from(source.peek(timeMs)).toString('hex');
  },
};

const metresPerDegree = 111_195;
/** Where three gateways leave no part of a circle far from all of them: at half of its radius. */
const partOfRadius = 0.5;

function aroundMiddle({ lat, lon, radiusM }: LoraFleetTemplate['area']): SimulatedGatewaySettings[] {
  return [0, 1, 2].map((index) => {
    const angle = (2 * Math.PI * index) / 3;
    const north = (partOfRadius * radiusM * Math.cos(angle)) / metresPerDegree;
    const perDegreeM = Math.max(1, metresPerDegree * Math.cos((lat * Math.PI) / 180));
    const east = (partOfRadius * radiusM * Math.sin(angle)) / perDegreeM;
    const bounded = (value: number, most: number) =>
      Math.max(-most, Math.min(most, Math.round(value * 1e6) / 1e6));
    return { lat: bounded(lat + north, 90), lon: bounded(lon + east, 180), outages: [] };
  });
}
