import { z } from 'zod';
import type { ConnectorName, InterfaceStatus } from '../connectors.ts';
import { text } from '../text.ts';
import type { InterfaceOffers } from './offers.ts';

/** Features of the platform that a device may use through an interface (manual 5.2.1.5). */
export const featureNames = ['command', 'configuration', 'resource', 'twin'] as const;
export type FeatureName = (typeof featureNames)[number];

/** The part of an interface that a connector fills: what was seen of the device (manual 5.5). */
export type Activity = Readonly<Record<string, unknown>>;

/**
 * What the interfaces of one connector are: their definition, and the states that they are in without any
 * traffic. One file for each connector; the inventory knows no connector by name.
 */
export interface InterfaceKind {
  readonly connector: ConnectorName;
  /** The definition of a complete interface, with its secrets. Texts may become their one written form. */
  readonly definition: z.ZodType<Record<string, unknown>>;
  /** Field of the definition that becomes the node id. */
  readonly nodeIdField: string;
  /** The one written form of a node id that a caller names; the same text when undefined. */
  readonly canonicalNodeId?: (nodeId: string) => string;
  /** Fields that must be one of what a setting offers. */
  readonly offered?: Readonly<Record<string, keyof InterfaceOffers>>;
  /** Fields of such a definition that the platform fills in, and a user must not give. */
  readonly filledIn?: (definition: Readonly<Record<string, unknown>>) => readonly string[];
  /** Paths of the fields that are kept and never answered. */
  readonly secrets: readonly string[];
  /** Every status that such an interface can have (table of manual 5.2.1.4). */
  readonly statuses: readonly InterfaceStatus[];
  /** Status of an enabled interface that nothing was heard of. */
  readonly newStatus: InterfaceStatus;
  /** Status while the interface is disabled. */
  readonly disabledStatus: InterfaceStatus;
  /** Status of an interface that is enabled again, by what was seen of it before. */
  enabledStatus(activity: Activity): InterfaceStatus;
  /** What disabling and enabling note in the activity. */
  toggledActivity?(enabled: boolean, isoTime: string): Activity;
  /** True when the activity is for the platform alone. */
  readonly hidesActivity?: boolean;
  /** True when `ONLINE` and `SLEEPING` are a session that ends with the program. */
  readonly onlineEndsWithProgram: boolean;
  /**
   * When each feature can be used (table of manual 5.2.1.5): `always`; `announced`: while the device or its
   * connector says so; `never`.
   */
  readonly features: Readonly<Record<FeatureName, 'always' | 'announced' | 'never'>>;
  /** Features whose version is shown even while they cannot be used. */
  readonly alwaysVersioned: readonly FeatureName[];
  /** Id of the device that is made for an unknown node at its first contact; undefined: it is refused. */
  autoDeviceId?(nodeId: string): string | undefined;
  /** True when the log of one interface can be switched on (facts 5). */
  readonly debuggable: boolean;
  /** True when the nodes of the connector can be listed (facts 5). */
  readonly listsNodes: boolean;
}

/** Name of the decoder for what an interface sends (manual 5.5.3.1). */
export const encodingName = text(255).min(1, 'must not be empty').optional();

/** Node ids of connectors that take what MQTT takes as a client id (manual 5.5.5.2, 6.5.1). */
export const plainNodeId = /^[\w:-]{1,128}$/;

/** Hexadecimal digits in upper case. */
export const hexDigits = (count: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9A-Fa-f]{${count}}$`), `must be ${count} hexadecimal digits`)
    .toUpperCase();
