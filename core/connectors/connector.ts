import type { AckMode } from '../contract/commands.ts';
import type { ConfigValue } from '../contract/configuration.ts';
import type { ConnectorName } from '../contract/connectors.ts';
import type { UpdateAnswer } from '../contract/resource-updates.ts';
import type { DeviceInterface } from '../inventory/types.ts';

/**
 * The port between the engines (commands, configuration, resources) and the connectivities (MQTT device mode,
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
}

/** One kind of request on its way to devices. */
export interface Downlink<Delivery extends DeliveryRef> {
  /**
   * True when a request handed over now can go out through this interface: the device is connected and subscribed,
   * its link has room, the interface is enabled. The answer may change with each event, so it is asked just before a
   * request is journaled and again before {@link send}.
   */
  takes(via: DeviceInterface): boolean;
  /**
   * Starts to carry a request. What becomes of it comes by the reports, the first of them perhaps before this returns.
   * Does not throw for anything that a device or a network does: that is {@link DeliveryReports.unsent} or
   * {@link DeliveryReports.failed}.
   */
  send(via: DeviceInterface, delivery: Delivery): void;
  /**
   * The engine waits for this delivery no longer (cancelled, timed out, deleted): what has not left yet need not.
   * Connectivities that hold nothing back leave it out. Late reports are taken all the same.
   */
  withdraw?(via: DeviceInterface, delivery: DeliveryRef): void;
}

/** One attempt to deliver a request. A connectivity hands it back with each report, and may keep it as it is. */
export interface DeliveryRef {
  /**
   * The number that stands for the request on wires that correlate by number: 1 to 2^31-1, the same for all attempts,
   * never given to another request.
   */
  readonly correlation: number;
  /** From 1. A report of an earlier attempt than the current one changes nothing. */
  readonly attempt: number;
}

/** How the engines hear from a connectivity; the same for each kind of request. */
export interface DeliveryReports {
  /** {@link Downlink.takes} has become true for this interface: it connected, subscribed, or has room again. */
  ready(via: DeviceInterface): void;
  /** It has become true for all that an application or a network stands for at once; of one tenant, or of all. */
  allReady(connector: ConnectorName, tenantId?: string): void;
  /** The request has left the platform. */
  sent(delivery: DeliveryRef): void;
  /** The network, or the protocol's own acknowledgement, says that the device has it. */
  delivered(delivery: DeliveryRef): void;
  /**
   * Nothing of this attempt left the platform, for certain: as if it had never begun. The attempt is given back and
   * the request waits for the next {@link ready}.
   */
  unsent(delivery: DeliveryRef, reason: string): void;
  /** The attempt has failed, and no acknowledgement will come. */
  failed(delivery: DeliveryRef, failure: DeliveryFailure): void;
}

export interface DeliveryFailure {
  /** For the API, in capitals: `INVALID_COMMAND_REQUEST`. */
  readonly errorCode: string;
  /** In words, for the audit log. */
  readonly reason: string;
  /** True when another attempt would meet the same end. */
  readonly permanent: boolean;
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
  /** How long to wait for the answer of a device that is there. */
  readonly answerTimeoutMs: number;
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
  /** Bytes of the content. */
  readonly size: number;
  /** MD5 of the content, 32 hexadecimal characters. */
  readonly md5: string;
  /**
   * Address from which the device fetches the content, by HTTP or HTTPS and without a key.
   * @param host by which the device, or who speaks for it, reaches the platform; undefined where nobody knows
   */
  link(host: string | undefined): string;
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
   * The device behind `via` says which versions it has; of resources that are not named nothing is said.
   * @param done as for {@link CommandReports.answered}
   */
  reported(via: DeviceInterface, report: ResourceReport, done: (error?: Error) => void): void;
}

/** Which update: its {@link DeliveryRef.correlation} or its public id, whatever the wire carries. */
export type ResourceUpdateRef = { readonly correlation: number } | { readonly updateId: string };

export interface DeviceResourceError {
  readonly code: string | undefined;
  readonly details: string | undefined;
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

  /** Connectors whose devices take commands now. */
  withCommands(): ConnectorName[] {
    return [...this.byConnector.values()]
      .filter(({ commands }) => commands)
      .map(({ connector }) => connector);
  }
}
