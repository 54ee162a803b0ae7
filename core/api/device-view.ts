import type { ConfigurationJson } from '../contract/configuration.ts';
import type { DeviceField, DeviceJson } from '../contract/devices.ts';
import { toDeviceJson } from '../inventory/device-json.ts';
import type { Device } from '../inventory/types.ts';

/** Where the configurations of devices are. */
export interface Configurations {
  get(tenantId: string, deviceId: string): Promise<ConfigurationJson>;
}

/**
 * A device as the API shows it, with its configuration when it has one (manual 5.2.1.2).
 * @param fields those asked for; all when not given
 */
export async function showDevice(
  device: Device,
  configurations: Configurations,
  fields?: readonly DeviceField[],
): Promise<DeviceJson> {
  const shown = toDeviceJson(device, fields);
  if (fields && !fields.includes('config')) return shown;
  const config = await configurations.get(device.tenantId, device.id);
  return Object.keys(config.parameters).length > 0 ? { ...shown, config } : shown;
}
