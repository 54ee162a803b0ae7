import type { ActivityState } from '../contract/devices.ts';
import { defaultRsqlLimits, type RsqlLimits } from '../contract/rsql/parse.ts';
import type { Store } from '../store/types.ts';
import { type DeviceListQuery, type DevicePage, listDevices } from './device-list.ts';
import { updateActivityState } from './device-repository.ts';
import type { SessionWriter } from './session-writer.ts';
import type { Tenants } from './tenants.ts';
import type { Device } from './types.ts';

export interface DeviceManagerParts {
  readonly store: Store;
  readonly tenants: Tenants;
  readonly sessions: SessionWriter;
}

/** Finds and changes devices (manual 5.3). */
export class DeviceManager {
  /** Limits of filters in RSQL, for who reads them. */
  readonly rsqlLimits: RsqlLimits;
  private readonly parts: DeviceManagerParts;

  constructor(parts: DeviceManagerParts, settings: Partial<RsqlLimits>) {
    this.parts = parts;
    this.rsqlLimits = { ...defaultRsqlLimits, ...settings };
  }

  /** @throws PlatformError `api.invalidParameter` for a bookmark that is not there */
  list(tenantId: string, query: DeviceListQuery, withTotal: boolean): Promise<DevicePage> {
    return listDevices(this.parts, this.parts.tenants.of(tenantId), query, withTotal);
  }

  /** Notes what the activity rules find about a device (manual 5.2.1.2). Resolves when it is stored. */
  async setActivityState(device: Device, state: ActivityState): Promise<void> {
    if (device.activityState === state) return;
    device.activityState = state;
    await this.parts.store.commit([updateActivityState(device)]);
  }
}
