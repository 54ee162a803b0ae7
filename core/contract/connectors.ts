/** Ways by which a device or an application reaches the platform (facts 10, trigger filters). */
export const connectorNames = ['mqtt', 'lora', 'lwm2m', 'sms', 'x-connector', 'http'] as const;

export type ConnectorName = (typeof connectorNames)[number];

/** States of an interface (manual 5.2.1.4). */
export const interfaceStatuses = [
  'REGISTERED',
  'ONLINE',
  'OFFLINE',
  'SLEEPING',
  'CONNECTIVITY_ERROR',
  'INITIALIZING',
  'INITIALIZED',
  'REACTIVATED',
  'ACTIVATED',
  'DEACTIVATED',
] as const;

export type InterfaceStatus = (typeof interfaceStatuses)[number];

/** Those of a device that is connected or registered now: its session goes on, also while it sleeps. */
export const sessionStatuses: readonly InterfaceStatus[] = ['ONLINE', 'SLEEPING'];
