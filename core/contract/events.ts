import type { ConnectorName, InterfaceStatus } from './connectors.ts';

/** Events on the platform's bus. */
export interface PlatformEvents {
  deviceCreated: DeviceEvent;
  deviceDeleted: DeviceEvent;
  interfaceStatus: InterfaceStatusEvent;
  /** A key was changed, switched off or deleted: sessions opened with it must end. */
  keyRevoked: { readonly tenantId: string; readonly keyId: string };
}

export interface DeviceEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly groupPath: string;
  readonly connectors: readonly ConnectorName[];
}

export interface InterfaceStatusEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly connector: ConnectorName;
  readonly nodeId: string;
  readonly status: InterfaceStatus;
}
