import type { InterfaceIdentity } from './interface-definition.ts';
import type { Capabilities, Device, DeviceInterface } from './types.ts';

const noCapabilities: Capabilities = { command: false, configuration: false, resource: false, twin: false };

/** An interface that has never connected. The device does not have it yet. */
export function newInterface(
  device: Device,
  { connector, nodeId, definition }: InterfaceIdentity,
  enabled: boolean,
  nowMs: number,
): DeviceInterface {
  return {
    connector,
    nodeId,
    device,
    enabled,
    status: enabled ? 'REGISTERED' : 'DEACTIVATED',
    definition,
    activity: {},
    capabilities: noCapabilities,
    lastContactMs: undefined,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
}
