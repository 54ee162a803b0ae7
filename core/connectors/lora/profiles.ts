import type { ConnectivityPlan } from '../../contract/lora/plans.ts';
import type { ProfileJson } from '../../contract/lora/profiles.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import { regions } from '../../protocols/lorawan/regions/index.ts';
import type { Region, RegionName } from '../../protocols/lorawan/regions/region.ts';
import type { LoraSession } from './lora-node.ts';

/** What a device is (manual 5.5.1.4.6). */
export interface LoraProfile {
  readonly name: string;
  /** Who makes devices of it; `Generic` for those of nobody. */
  readonly manufacturer: string;
  readonly deviceClass: 'A' | 'C';
  readonly region: Region;
  /** Number of the data rate of RX2 that a join gives the device. */
  readonly rx2DataRate: number;
}

type Row = readonly [
  name: string,
  manufacturer: string,
  deviceClass: 'A' | 'C',
  region: RegionName,
  rx2DataRate?: number,
];

/** Data rates of 125 kHz in EU868. */
const [sf12, sf9] = [0, 3];

const rows: readonly Row[] = [
  ['Generic_classA_RX2SF9', 'Generic', 'A', 'EU868', sf9],
  ['Generic_classA_RX2SF12', 'Generic', 'A', 'EU868', sf12],
  ['Generic_classC_RX2SF9', 'Generic', 'C', 'EU868', sf9],
  ['Generic_classC_RX2SF12', 'Generic', 'C', 'EU868', sf12],
  ['LoRaWAN/DemonstratorClasseA', 'Generic', 'A', 'EU868', sf12],
  ['LoRaWAN/DemonstratorClasseC', 'Generic', 'C', 'EU868', sf12],
  ['DP_Generic_AS923_ClassA', 'Generic', 'A', 'AS923'],
  ['DP_Generic_AS923_ClassC', 'Generic', 'C', 'AS923'],
  ['DP_Generic_US915_ClassA', 'Generic', 'A', 'US915'],
  ['DP_Generic_US915_ClassC', 'Generic', 'C', 'US915'],
  ['JRI', 'JRI', 'A', 'EU868'],
  ['ERCOGENER_EG-IoT', 'Ercogener', 'A', 'EU868'],
  ['Sensing_Labs_T_IP68', 'Sensing Labs', 'A', 'EU868'],
  ['ESM 5k ELSYS Class A', 'ELSYS', 'A', 'EU868'],
  ['NETVOX_R711_AS923_ClassA', 'Netvox', 'A', 'AS923'],
  ['Connit Pulse', 'Connit', 'A', 'EU868'],
  ['OCEAN_OBR-L', 'Ocean', 'A', 'EU868'],
  ['ATIM Class A', 'ATIM', 'A', 'EU868'],
  ['Adeunis RF Demonstrator_US_915', 'Adeunis RF', 'A', 'US915'],
  ['DECENTLAB_DLR2-EU868', 'Decentlab', 'A', 'EU868'],
  ['DIGITAL_MATTER_EU868', 'Digital Matter', 'A', 'EU868'],
];

export const profiles: readonly LoraProfile[] = rows.map(
  ([name, manufacturer, deviceClass, regionName, rx2DataRate]) => {
    const region = regions[regionName];
    return { name, manufacturer, deviceClass, region, rx2DataRate: rx2DataRate ?? region.rx2.dataRate };
  },
);

/** In alphabetical order. */
export const manufacturers: readonly string[] = [
  ...new Set(profiles.map((each) => each.manufacturer)),
].sort();

/** What a profile comes to, for people who choose one. */
export function toProfileJson({
  name,
  manufacturer,
  deviceClass,
  region,
  rx2DataRate,
}: LoraProfile): ProfileJson {
  const { name: regionName, rx2, dataRates } = region;
  const { spreadingFactor = 12, bandwidthKhz = 125 } = dataRates[rx2DataRate] ?? {};
  return {
    ...{ name, manufacturer, deviceClass, region: regionName, activationType: 'OTAA', macVersion: '1.0.3' },
    rx2: {
      frequency: rx2.frequencyHz / 1e6,
      dataRate: rx2DataRate,
      sf: spreadingFactor,
      bandwidth: bandwidthKhz,
    },
  };
}

const plan = (name: string, ackUl: boolean, location: boolean): ConnectivityPlan => ({
  id: `orange-cs/${name}`,
  name,
  parameters: { nbTransMin: 1, nbTransMax: 3, sfMin: 7, sfMax: 12, location, ackUl },
});

/** Those of the manual, and each with location. */
export const connectivityPlans: readonly ConnectivityPlan[] = [
  plan('CP_Basic', false, false),
  plan('CP_ACK', true, false),
  plan('CP_Basic_Location', false, true),
  plan('CP_ACK_Location', true, true),
];

const profilesByName = new Map(profiles.map((profile) => [profile.name, profile]));
const plansById = new Map(connectivityPlans.map((each) => [each.id, each]));

/** What the platform has to know of an interface's definition; it has the form of its kind. */
interface Definition {
  readonly devEUI: string;
  readonly appEUI: string;
  readonly appKey: string;
  readonly profile: string;
  readonly connectivityPlan?: string;
  readonly connectivityOptions?: { readonly ackUl?: boolean; readonly location?: boolean };
}

export const definitionOf = ({ definition }: DeviceInterface): Definition =>
  definition as unknown as Definition;

/** Undefined: nobody knows this profile. */
export const profileOf = (via: DeviceInterface): LoraProfile | undefined =>
  profilesByName.get(definitionOf(via).profile);

/** The rules of a profile's region as they are for a device with this session. */
export const regionOf = ({ region }: LoraProfile, { dwellTime }: Pick<LoraSession, 'dwellTime'>): Region =>
  dwellTime ? region : (region.withoutDwellTime ?? region);

/**
 * What the network allows the device; a plan counts before options (manual 5.5.1.1).
 * @returns undefined for a plan that nobody knows
 */
export function planOf(via: DeviceInterface): ConnectivityPlan['parameters'] | undefined {
  const { connectivityPlan, connectivityOptions } = definitionOf(via);
  if (connectivityPlan !== undefined) return plansById.get(connectivityPlan)?.parameters;
  const { ackUl = false, location = false } = connectivityOptions ?? {};
  return { nbTransMin: 1, nbTransMax: 3, sfMin: 7, sfMax: 12, ackUl, location };
}
