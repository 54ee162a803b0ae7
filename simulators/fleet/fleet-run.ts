import type { FleetTemplate } from '../../core/contract/simulators.ts';
import type { ObjectModelJson } from '../../core/contract/twin-models.ts';

/** All that a fleet needs to connect. */
export interface FleetRun<Template extends FleetTemplate = FleetTemplate> {
  readonly template: Template;
  /** `mqtt://host:port` or `mqtts://host:port`; of LwM2M devices `coaps://host:port` of the server that they know. */
  readonly url: string;
  /** Text of an API key with the role DEVICE_ACCESS; of LwM2M devices the secret from which their keys follow. */
  readonly key: string;
  /** Certificate that the platform's must be signed with, PEM; for mqtts and HTTPS. */
  readonly caCertificatePem?: string | undefined;
  /** Models that the tenant has imported, of objects that LwM2M devices have. */
  readonly models?: readonly ObjectModelJson[];
}

/** What a fleet counts. */
export interface FleetCounts {
  connected: number;
  sent: number;
  acknowledged: number;
  received: number;
  errors: number;
  skipped: number;
}

export function noCounts(): FleetCounts {
  return { connected: 0, sent: 0, acknowledged: 0, received: 0, errors: 0, skipped: 0 };
}
