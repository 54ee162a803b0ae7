import { PlatformError } from '../../core/contract/errors.ts';
import type { LoraFleetTemplate } from '../../core/contract/simulators.ts';
import { regions } from '../../core/protocols/lorawan/regions/index.ts';
import type { FleetMembers, MemberParts } from '../fleet/fleet-member.ts';
import type { FleetRun } from '../fleet/fleet-run.ts';
import { appKeyOf } from './app-key.ts';
import { devEuiOf } from './dev-eui.ts';
import { LoraDevice } from './lora-device.ts';
import { LoraWorld } from './lora-world.ts';
import { loraPayloadMaker } from './payload/lora-payload.ts';
import { UplinkSource } from './payload/uplink-source.ts';
import { SimulatedGateway } from './simulated-gateway.ts';

/** Devices that speak LoRaWAN, with the gateways that hear them: these are open when the promise resolves. */
export async function loraMembers(
  run: FleetRun<LoraFleetTemplate>,
  parts: MemberParts,
): Promise<FleetMembers> {
  const { template, key } = run;
  const { schedule, clock, datagrams } = parts;
  const region = regions[template.region];
  const url = new URL(run.url);
  const server = {
    address: await parts.resolve(url.hostname.replace(/^\[|\]$/g, '')),
    port: Number(url.port),
  };
  const gateways = (template.gateways ?? []).map(({ id, lat, lon, outages }) => {
    if (id === undefined) throw new PlatformError('simulators.failed', 'A gateway of the fleet has no EUI.');
    const gateway = new SimulatedGateway(
      id,
      { lat, lon },
      {
        ...{ datagrams, server, schedule, clock, region },
        sends: (of, downlink) => world.sends(of, downlink),
      },
    );
    const startMs = schedule.nowMs();
    for (const { fromS, toS } of outages) gateway.addOutage(startMs + fromS * 1000, startMs + toS * 1000);
    return gateway;
  });
  const { radio: model, seed, count, idPattern } = template;
  const world: LoraWorld = new LoraWorld({ schedule, model, seed, gateways });
  const close = async (): Promise<void> => {
    await Promise.all(gateways.map((gateway) => gateway.close()));
  };
  try {
    await Promise.all(gateways.map((gateway) => gateway.open()));
  } catch (error) {
    await close();
    throw error;
  }
  const maker = loraPayloadMaker(template.payload);
  const devices = Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const devEui = devEuiOf(idPattern, number);
    const source = new UplinkSource(template, maker, number, devEui);
    const appKey = new Uint8Array(Buffer.from(appKeyOf(key, devEui), 'hex'));
    return new LoraDevice(number, { ...parts, template, devEui, appKey, region, world, source });
  });
  return { devices, close };
}
