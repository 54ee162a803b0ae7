import type { AckMode } from '../contract/commands.ts';
import type { ConfigValue } from '../contract/configuration.ts';
import type { ConnectorName } from '../contract/connectors.ts';
import type { UpdateAnswer } from '../contract/resource-updates.ts';
import type { ResourceConnector } from '../contract/resources.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import type { DeliveryRef, DeliveryReports, Downlink } from './delivery.ts';
import type { TwinDownlink } from './twin-link.ts';

export type { DeliveryFailure, DeliveryRef, DeliveryReports, Downlink } from './delivery.ts';

/**
 * The port between the engines (commands, configuration, resources, twin) and the connectivities (MQTT device mode,
 * external connector, LoRa, SMS). An engine decides *what* is asked of a device and *when*, keeps it, counts its
 * attempts and its time; a connectivity knows *how* it goes over its wire, and keeps nothing that must survive.
 *
 * Downwards an engine asks a {@link Downlink} of the connectivity that an interface belongs to. Upwards the
 * connectivity calls the engine's reports, at any time, in any order, and as often as its wire makes it: the engine
 * takes what fits the state of the request and notes the rest in the audit log.
 */
export interface Connectivity {
  readonly connector: ConnectorName;
  /** Undefined when devices of this connectivity take no commands. */
  readonly commands?: CommandDownlink;
  /** Undefined when devices of this connectivity are not configured through it. */
  readonly configuration?: ConfigurationDownlink;
  /** Undefined when devices of this connectivity are not told of updates through it. */
  readonly resources?: ResourceDownlink;
  /** Undefined when devices of this connectivity have no twin. */
  readonly twin?: TwinDownlink;
}

/** Commands (manual 8.3) over one connectivity. */
export interface CommandDownlink extends Downlink<CommandDelivery> {
  /** Acknowledgement levels that this connectivity can reach (facts 2.5). */
  readonly ackModes: readonly AckMode[];
  readonly defaultAckMode: AckMode;
  /** How long to wait for the acknowledgement when the command names no time. */
  readonly defaultAckTimeoutMs: number;
  /** What is wrong with the `request.value` of a command for this connectivity, and where; undefined: nothing. */
  check(value: unknown): string | undefined;
}

export interface CommandDelivery extends DeliveryRef {
  /** Public id of the command, for wires that correlate by text. */
  readonly commandId: string;
  /** `request.value` of the command; {@link CommandDownlink.check} finds nothing wrong with it. */
  readonly value: unknown;
  readonly ackMode: AckMode;
}

export interface CommandReports extends DeliveryReports {
  /** Whether further commands for `via` wait to be sent, for wires that tell the device so. */
  hasMore(via: DeviceInterface): boolean;
  /**
   * The device behind `via` answered. The answer may be late, repeated, or to no command at all.
   * @param done called when the answer is durable, so that it may be acknowledged; with an error when it was not
   *   stored and must come again.
   */
  answered(via: DeviceInterface, answer: CommandAnswer, done: (error?: Error) => void): void;
}

export interface CommandAnswer {
  /** Which command: its {@link DeliveryRef.correlation} or its public id, whatever the wire carries. */
  readonly to: { readonly correlation: number } | { readonly commandId: string };
  /** What the device said, as JSON; undefined when nothing beyond that it answered. */
  readonly response: unknown;
}

/** Configuration (manual 8.2) over one connectivity. */
export interface ConfigurationDownlink extends Downlink<ConfigurationDelivery> {
  /** How long to wait for the answer of a device that is there. */
  readonly answerTimeoutMs: number;
}

export interface ConfigurationDelivery extends DeliveryRef {
  /** The values that the device shall have, by key. */
  readonly parameters: ReadonlyMap<string, ConfigValue>;
}

export interface ConfigurationReports extends DeliveryReports {
  /**
   * The device behind `via` says which values it has: by itself, or as an answer, whole or in part.
   * @param done as for {@link CommandReports.answered}
   */
  reported(via: DeviceInterface, report: ConfigurationReport, done: (error?: Error) => void): void;
}

export interface ConfigurationReport {
  /** The {@link DeliveryRef.correlation} that it answers; undefined when the device speaks by itself. */
  readonly correlation: number | undefined;
  readonly values: ReadonlyMap<string, ConfigValue>;
  /** Parameters that could not be read: which, and what is wrong. */
  readonly problems: readonly string[];
}

/** Updates of resources (manual 6.5.8, 6.6.7) over one connectivity. */
export interface ResourceDownlink extends Downlink<ResourceDelivery> {
  /** The way by which content gets to devices here (facts 4.2). */
  readonly updater: ResourceConnector;
  /** How long to wait for the answer of a device that is there. */
  readonly answerTimeoutMs: number;
  /**
   * For connectivities that take a device through its update step by step: the device, which has accepted it, is there
   * again. Called as often as that is told; one that is at it already looks whether it can go on. Of these, `withdraw` also
   * follows when an update has ended that the device is at.
   */
  resume?(via: DeviceInterface, delivery: ResourceDelivery): void;
}

/** Protocols by which devices fetch content. */
export const linkProtocols = ['http', 'https', 'coaps', 'coap'] as const;
export type LinkProtocol = (typeof linkProtocols)[number];

/** The content of a version, read in parts. */
export interface DeliveredContent {
  readonly length: number;
  /** @throws PlatformError `resources.contentMissing`, as a rejection */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

export interface ResourceDelivery extends DeliveryRef {
  /** Public id of the update, for wires that correlate by text. */
  readonly updateId: string;
  readonly resourceId: string;
  /** What the device said last it has; undefined when it never said. */
  readonly currentVersion: string | undefined;
  readonly requestedVersion: string;
  /** What was given with the request, for the device. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What the resource has. */
  readonly resourceMetadata: Readonly<Record<string, string>>;
  /** Bytes of the content. */
  readonly size: number;
  /** MD5 of the content, 32 hexadecimal characters. */
  readonly md5: string;
  /**
   * Address from which the device fetches the content, by HTTP or HTTPS and without a key.
   * @param host by which the device, or who speaks for it, reaches the platform; undefined where nobody knows
   */
  link(host: string | undefined): string;
  /** The same by one protocol; undefined when the platform does not listen for it, or the resource is not for it. */
  linkBy(protocol: LinkProtocol, host: string): string | undefined;
  /** For connectivities that hand the content over themselves. */
  readonly content: DeliveredContent;
  /** True when the device has accepted the update. */
  readonly accepted: boolean;
  /** {@link ResourceProgress.mark} as it was told last. */
  readonly mark: unknown;
}

/** How far a connectivity has come that takes a device through its update step by step. */
export interface ResourceProgress {
  /** Bytes of the content that the device has. A sign of the device, as any progress. */
  readonly bytes?: number;
  /** What it has to know again after a restart, as JSON; for {@link ResourceDelivery.mark}. */
  readonly mark?: unknown;
  /** For the history of the update. */
  readonly note?: string;
}

export interface ResourceReports extends DeliveryReports {
  /**
   * The device behind `via` says whether it will update.
   * @param done as for {@link CommandReports.answered}
   */
  answered(
    via: DeviceInterface,
    to: ResourceUpdateRef,
    answer: UpdateAnswer,
    done: (error?: Error) => void,
  ): void;
  /**
   * The device behind `via` says that an update failed.
   * @param to undefined where the wire does not tell: the one that the device is at
   * @param done as for {@link CommandReports.answered}
   */
  updateFailed(
    via: DeviceInterface,
    to: ResourceUpdateRef | undefined,
    failure: DeviceResourceError,
    done: (error?: Error) => void,
  ): void;
  /**
   * An update has come further.
   * @param done called when that is durable; with an error when it is not, or when the device is not at this update
   */
  progressed(
    via: DeviceInterface,
    to: ResourceUpdateRef,
    progress: ResourceProgress,
    done: (error?: Error) => void,
  ): void;
  /**
   * The device behind `via` says which versions it has; of resources that are not named nothing is said.
   * @param done as for {@link CommandReports.answered}
   */
  reported(via: DeviceInterface, report: ResourceReport, done: (error?: Error) => void): void;
}

/** Which update: its {@link DeliveryRef.correlation} or its public id, whatever the wire carries. */
export type ResourceUpdateRef = { readonly correlation: number } | { readonly updateId: string };

export interface DeviceResourceError {
  /** In words of the device. */
  readonly code: string | undefined;
  readonly details: string | undefined;
  /** What it is for the platform; an error that the device reported when not given. */
  readonly as?: { readonly origin: 'DEVICE' | 'INTERNAL'; readonly code: string };
}

export interface ResourceReport {
  readonly resources: ReadonlyMap<string, ReportedResource>;
  /** Resources that could not be read: which, and what is wrong. */
  readonly problems: readonly string[];
}

export interface ReportedResource {
  readonly version: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** The connectivities of this platform, by connector. Those that are not in it are not offered. */
export class Connectivities {
  private readonly byConnector = new Map<ConnectorName, Connectivity>();

  add(connectivity: Connectivity): void {
    if (this.byConnector.has(connectivity.connector)) {
      throw new Error(`there are two connectivities for connector ${connectivity.connector}`);
    }
    this.byConnector.set(connectivity.connector, connectivity);
  }

  find(connector: ConnectorName): Connectivity | undefined {
    return this.byConnector.get(connector);
  }

  /** Ways by which contents get to devices of this platform. */
  updaters(): Set<ResourceConnector> {
    return new Set([...this.byConnector.values()].flatMap(({ resources }) => resources?.updater ?? []));
  }

  /** Connectors whose devices take commands now. */
  withCommands(): ConnectorName[] {
    return [...this.byConnector.values()]
      .filter(({ commands }) => commands)
      .map(({ connector }) => connector);
  }
}
