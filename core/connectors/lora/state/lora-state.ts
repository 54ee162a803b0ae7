import type {
  LoraDeviceState,
  LoraGatewayState,
  LoraMap,
  LoraNodeState,
} from '../../../contract/lora/state.ts';
import { isSimulated } from '../../../contract/simulated.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../../inventory/types.ts';
import { isoTime } from '../../../platform/clock.ts';
import { regions } from '../../../protocols/lorawan/regions/index.ts';
import { type Gateway, placeOf, toGatewayJson } from '../gateway.ts';
import type { Gateways } from '../gateways.ts';
import { estimateLocation } from '../location.ts';
import { loraInterfacesOf } from '../lora-interfaces.ts';
import type { LoraNode } from '../lora-node.ts';
import type { LoraNodes } from '../lora-nodes.ts';
import type { Transmitter } from '../transmitter.ts';
import { nodeState } from './node-state.ts';
import { type OpenLoraCommand, queueOf } from './queue-state.ts';

export interface LoraStateParts {
  readonly registry: InterfaceRegistry;
  readonly nodes: LoraNodes;
  readonly gateways: Gateways;
  readonly transmitter: Transmitter;
  readonly settings: { readonly loraAdrUplinks: number };
  /** Every LoRa interface of every tenant. */
  interfaces(): Iterable<DeviceInterface>;
}

/** What the network knows of gateways and devices now, as people see it. Keys are nowhere in it. */
export class LoraState {
  private readonly parts: LoraStateParts;

  constructor(parts: LoraStateParts) {
    this.parts = parts;
  }

  /** By EUI. */
  gateways(tenantId: string): LoraGatewayState[] {
    return this.parts.gateways.list(tenantId).map((gateway) => this.gatewayState(gateway));
  }

  /**
   * @param commands of the device that are not done, in the order in which they go out
   * @throws PlatformError `inventory.deviceNotFound`
   */
  ofDevice(tenantId: string, deviceId: string, commands: readonly OpenLoraCommand[]): LoraDeviceState {
    const { registry, nodes, transmitter, settings } = this.parts;
    return {
      interfaces: loraInterfacesOf(registry, tenantId, deviceId).map((via): LoraNodeState => {
        const node = nodes.of(via);
        const place = this.placeFor(via, node);
        const isReached = node?.gatewayIds.some((id) => transmitter.reaches(id)) ?? false;
        return {
          ...nodeState(via, node, settings.loraAdrUplinks),
          ...(place && { place }),
          queue: queueOf(commands, via, node, isReached),
        };
      }),
    };
  }

  map(tenantId: string): LoraMap {
    const devices: LoraMap['devices'] = [];
    for (const via of this.parts.interfaces()) {
      const { device, nodeId, status } = via;
      if (device.tenantId !== tenantId) continue;
      const node = this.parts.nodes.of(via);
      const { lastUplink } = node ?? {};
      const place = this.placeFor(via, node);
      devices.push({
        ...{ deviceId: device.id, devEUI: nodeId, status, simulated: isSimulated(device.properties) },
        ...(device.name !== undefined && { name: device.name }),
        ...(place && { place }),
        ...(lastUplink && { lastUplink: isoTime(lastUplink.timeMs) }),
        heardBy: [...(lastUplink?.heardBy ?? [])],
      });
    }
    return { devices };
  }

  private gatewayState(gateway: Gateway): LoraGatewayState {
    const { transmitter } = this.parts;
    const { region = gateway.heardRegion } = gateway;
    return {
      ...toGatewayJson(gateway),
      ...(region && { region, regionSource: gateway.region ? ('GIVEN' as const) : ('HEARD' as const) }),
      fetchesDownlinks: transmitter.reaches(gateway.id),
      dutyCycle: region ? transmitter.dutyCycleOf(gateway.id, regions[region]) : [],
    };
  }

  /** Where a device is said to be, or may be by the tenant's own gateways: those of others are nobody else's affair. */
  private placeFor({ device }: DeviceInterface, node: LoraNode | undefined): LoraNodeState['place'] {
    const { staticLocation: declared, tenantId } = device;
    if (declared) return { lat: declared.lat, lon: declared.lon, source: 'STATIC' };
    const heard = (node?.lastUplink?.heardBy ?? []).map(({ gatewayId, esp }) => {
      const gateway = this.parts.gateways.find(gatewayId);
      return { place: gateway?.tenantId === tenantId ? placeOf(gateway) : undefined, esp };
    });
    const found = estimateLocation(heard);
    return found && { lat: found.lat, lon: found.lon, accuracy: found.accuracy, source: 'ESTIMATED' };
  }
}
