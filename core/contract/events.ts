import type { AuditMessage } from './audit.ts';
import type { CampaignJson } from './campaigns.ts';
import type { ClockView } from './clock.ts';
import type { CoapLogEntry } from './coap-log.ts';
import type { CommandJson } from './commands.ts';
import type { ParametersJson } from './configuration.ts';
import type { ConnectorName, InterfaceStatus } from './connectors.ts';
import type { MetricsPoint } from './live.ts';
import type { LoraFrame } from './lora/frames.ts';
import type { DeviceResourcesJson, UpdateJson } from './resource-updates.ts';
import type { Refusal } from './trace.ts';
import type { TwinReportJson } from './twin.ts';
import type { BenchObservationJson, BenchOperationJson } from './twin-bench.ts';

/** Events on the platform's bus. */
export interface PlatformEvents {
  deviceCreated: DeviceEvent;
  deviceDeleted: DeviceEvent;
  /** `previousId` is another id when that has changed. */
  deviceUpdated: DeviceEvent & { readonly previousId: string };
  interfaceStatus: InterfaceStatusEvent;
  /** Something was heard of a device over one of its interfaces; of many times in a short time only one is told. */
  interfaceContact: { readonly tenantId: string; readonly deviceId: string };
  /** Groups have got other paths, so the devices in them are elsewhere. */
  groupsMoved: { readonly tenantId: string };
  /**
   * The connection is gone over which requests went to this interface, though it is not OFFLINE: another connection
   * has taken its place, or somebody else speaks for it. What was sent and not answered will not be.
   */
  linkLost: LinkLostEvent;
  /** A live session over this interface must end. */
  interfaceUnusable: InterfaceUnusableEvent;
  /** A data message is durable. */
  messageStored: MessageStoredEvent;
  /** A publication was refused. */
  messageRefused: MessageRefusedEvent;
  /** A command was made, or something happened to it, and that is durable. */
  commandChanged: CommandChangedEvent;
  /** Somebody deleted a command, and that is durable. */
  commandDeleted: Omit<CommandChangedEvent, 'describe'>;
  /** Parameters of a device were asked for, reported, or changed their status, and that is durable. */
  configurationChanged: ConfigurationChangedEvent;
  /** A campaign was made or changed, or devices in it went on; of many such steps in a short time only some are told. */
  campaignChanged: CampaignChangedEvent;
  /** An update of a resource was made, or something happened to it, and that is durable. */
  resourceUpdateChanged: ResourceUpdateChangedEvent;
  /** A resource of the repository, or one of its versions, was made, changed or deleted, and that is durable. */
  repositoryChanged: { readonly tenantId: string; readonly resourceId: string };
  /** A device has said which versions it has, and that is durable. */
  resourcesReported: ResourcesReportedEvent;
  /** A bootstrap entry is gone, or has another identity or key, and that is durable: sessions under it must end. */
  bootstrapKeyEnded: { readonly pskIdentity: string };
  /** An operation of a twin was made, or something happened to it, and that is durable. */
  twinOperationChanged: TwinOperationChangedEvent;
  /** An observation was made, changed its status or was cancelled. */
  twinObservationChanged: TwinObservationChangedEvent;
  /** A device registered, or has reported values, and that is durable. */
  twinReported: TwinReportedEvent;
  /** A CoAP message or DTLS event was logged, or it is known now whose it is, or what came of it. */
  coapLogged: CoapLoggedEvent;
  /** A frame of LoRa came, was dropped, or goes out. */
  loraFrameLogged: LoraFrameLoggedEvent;
  auditRecorded: { readonly tenantId: string; readonly message: AuditMessage };
  /** A second of the wire has passed. */
  metricsPoint: { readonly tenantId: string; readonly point: MetricsPoint };
  /** A key was changed, switched off or deleted: sessions opened with it must end. */
  keyRevoked: { readonly tenantId: string; readonly keyId: string };
  /** A key asks for other client certificates, or a CA is gone: what open sessions showed counts anew. */
  clientCertificatesChanged: { readonly tenantId: string };
  /** The platform's time jumped, or goes on in another way: for all tenants. */
  clockChanged: { readonly view: ClockView };
  /** A portal session was signed out: its live sockets must end. */
  portalSessionEnded: { readonly portalSession: string };
}

export interface MessageStoredEvent {
  readonly tenantId: string;
  readonly connector: ConnectorName;
  /** Undefined when no device sent it. */
  readonly deviceId: string | undefined;
  readonly id: string;
  /** The stored message as JSON text. */
  readonly body: string;
}

export interface MessageRefusedEvent {
  readonly tenantId: string;
  readonly refusal: Refusal;
}

export interface DeviceEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly groupPath: string;
  readonly connectors: readonly ConnectorName[];
}

export type InterfaceUnusableReason = 'disabled' | 'deleted' | 'renamed';

export interface InterfaceUnusableEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly connector: ConnectorName;
  /** The one it had when the session began. */
  readonly nodeId: string;
  readonly reason: InterfaceUnusableReason;
}

export interface LinkLostEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly connector: ConnectorName;
  readonly nodeId: string;
}

export interface InterfaceStatusEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly connector: ConnectorName;
  readonly nodeId: string;
  readonly status: InterfaceStatus;
}

export interface CommandChangedEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly commandId: string;
  /** The command as it was then; made only when somebody wants to see it. */
  describe(): CommandJson;
}

export interface ConfigurationChangedEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  /** The parameters that have changed, as they were then; made only when somebody wants to see them. */
  describe(): ParametersJson;
}

export interface CampaignChangedEvent {
  readonly tenantId: string;
  readonly campaignId: string;
  /** How far it was then; undefined when it was deleted. */
  readonly progress: Pick<CampaignJson, 'campaignStatus' | 'totalTargetsPerStatus'> | undefined;
}

export interface ResourceUpdateChangedEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  /** The update as it was then; made only when somebody wants to see it. */
  describe(): UpdateJson;
}

export interface ResourcesReportedEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  /** The resources that were reported, as they were then; made only when somebody wants to see them. */
  describe(): DeviceResourcesJson;
}

export interface TwinOperationChangedEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly operationId: string;
  /** The operation as it was then; made only when somebody wants to see it. */
  describe(): BenchOperationJson;
}

export interface TwinObservationChangedEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly observationId: string;
  /** The observation as it was then; undefined when it was cancelled. */
  describe(): BenchObservationJson | undefined;
}

export interface LoraFrameLoggedEvent {
  readonly tenantId: string;
  /** Undefined while nobody knows whose it is. */
  readonly deviceId: string | undefined;
  /** Made only when somebody wants to see it. */
  describe(): LoraFrame;
}

export interface CoapLoggedEvent {
  readonly tenantId: string;
  /** Undefined while nobody knows whose it is. */
  readonly deviceId: string | undefined;
  /** Made only when somebody wants to see it. */
  describe(): CoapLogEntry;
}

export interface TwinReportedEvent {
  readonly tenantId: string;
  readonly deviceId: string;
  /** What was reported; made only when somebody wants to see it. */
  describe(): TwinReportJson;
}
