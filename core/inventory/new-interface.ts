import { featureNames, type InterfaceKind } from '../contract/interface-kinds/interface-kind.ts';
import type { InterfaceIdentity } from './interface-definition.ts';
import type { Capabilities, Device, DeviceInterface } from './types.ts';

/** An interface that has never connected. The device does not have it yet. */
export function newInterface(
  device: Device,
  { kind, nodeId, definition }: InterfaceIdentity,
  enabled: boolean,
  nowMs: number,
): DeviceInterface {
  return {
    connector: kind.connector,
    nodeId,
    device,
    enabled,
    status: enabled ? kind.newStatus : kind.disabledStatus,
    definition,
    activity: {},
    capabilities: idleCapabilities(kind),
    lastContactMs: undefined,
    debug: undefined,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}

/** What an interface offers while no session is on: features that need no announcement. */
export function idleCapabilities(kind: InterfaceKind): Capabilities {
  return Object.fromEntries(
    featureNames.map((name) => [name, kind.features[name] === 'always']),
  ) as unknown as Capabilities;
}
