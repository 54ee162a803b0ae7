import type { FleetConnector } from '../../../core/contract/simulators.ts';

/** The text that names the id of a device, by how it connects. */
export const idName = {
  mqtt: 'client',
  'x-connector': 'node',
  lwm2m: 'endpoint',
  lora: 'devEui',
  sms: 'phoneNumber',
} as const satisfies Record<FleetConnector, string>;
