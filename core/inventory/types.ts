import type { ConnectorName, InterfaceStatus } from '../contract/connectors.ts';
import type { ActivityState } from '../contract/devices.ts';

/** A device as the platform keeps it in memory. Only the inventory changes it. */
export interface Device {
  readonly tenantId: string;
  id: string;
  name: string | undefined;
  description: string | undefined;
  defaultDataStreamId: string;
  group: Group;
  tags: readonly string[];
  properties: Readonly<Record<string, string>>;
  staticLocation: StaticLocation | undefined;
  activityState: ActivityState;
  /** Versions of what the device runs, by resource, as it said last; kept by core/resources. */
  resourceVersions?: Readonly<Record<string, string>>;
  readonly interfaces: Set<DeviceInterface>;
  readonly createdMs: number;
  updatedMs: number;
}

export interface StaticLocation {
  readonly lat: number;
  readonly lon: number;
  readonly alt?: number | undefined;
}

/** One way by which a device connects (manual 5.2.1.3). `connector` and `nodeId` are unique in a tenant. */
export interface DeviceInterface {
  readonly connector: ConnectorName;
  readonly nodeId: string;
  device: Device;
  enabled: boolean;
  status: InterfaceStatus;
  definition: Readonly<Record<string, unknown>>;
  activity: Readonly<Record<string, unknown>>;
  capabilities: Capabilities;
  lastContactMs: number | undefined;
  /** While it lasts, what goes over the interface is written to the audit log (facts 5). */
  debug: InterfaceDebug | undefined;
  readonly createdMs: number;
  updatedMs: number;
}

/** The debug mode of an interface. */
export interface InterfaceDebug {
  readonly ttlHours: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Platform features that the device can use now through an interface (manual 5.2.1.5). */
export interface Capabilities {
  readonly command: boolean;
  readonly configuration: boolean;
  readonly resource: boolean;
  readonly twin: boolean;
}

export interface Group {
  readonly tenantId: string;
  readonly id: string;
  parentId: string | undefined;
  pathNode: string;
  /** Full path; `/` for the root group. */
  path: string;
  description: string | undefined;
  readonly createdMs: number;
  updatedMs: number;
}

/** What a connector asks the inventory for; the hot paths use these and nothing else. */
export interface InterfaceRegistry {
  findInterface(tenantId: string, connector: ConnectorName, nodeId: string): DeviceInterface | undefined;
  findDevice(tenantId: string, deviceId: string): Device | undefined;
  /**
   * The interface, made now with its device when they are not there yet (manual 5.2.1.1, 6.5.3). Resolves when
   * what was made would survive a kill.
   * @throws PlatformError `inventory.interfaceRefused` when the device is there and must not get another interface of
   *   itself: one of the same connector is disabled, or it has as many as it may have; `message` says which
   */
  provision(request: ProvisionRequest): Promise<DeviceInterface>;
  /**
   * Changes what a live session changes, at once in memory. Resolves when it is stored, or will be tried again;
   * who need not know goes on.
   */
  updateSession(target: DeviceInterface, change: SessionChange): Promise<void>;
  /** Notes a sign of life. Cheap: kept in memory and written with others, at most once a second. */
  touch(target: DeviceInterface): void;
}

export interface ProvisionRequest {
  readonly tenantId: string;
  readonly connector: ConnectorName;
  readonly nodeId: string;
  readonly deviceId: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface SessionChange {
  readonly status?: InterfaceStatus;
  /** Merged over the activity there is. */
  readonly activity?: Readonly<Record<string, unknown>>;
  readonly capabilities?: Partial<Capabilities>;
  /** When the device was last there, where somebody else says so for it. */
  readonly lastContactMs?: number;
}
