import type { FleetConnector, FleetTemplate } from '../../core/contract/simulators.ts';
import { loraKind } from '../lora/lora-kind.ts';
import { lwm2mKind } from '../lwm2m/lwm2m-kind.ts';
import { mqttKind, nodeKind } from '../mqtt/mqtt-kind.ts';
import { smsKind } from '../sms/sms-kind.ts';
import type { FleetKind } from './fleet-kind.ts';

const kinds = {
  mqtt: mqttKind,
  'x-connector': nodeKind,
  lwm2m: lwm2mKind,
  lora: loraKind,
  sms: smsKind,
} satisfies Record<FleetConnector, unknown>;

/** What is special about a fleet, by what its devices speak. */
export const kindOf = <Template extends FleetTemplate>({ connector }: Template): FleetKind<Template> =>
  kinds[connector] as unknown as FleetKind<Template>;

/** Ids of all devices of a fleet on the wire. */
export function clientIdsOf(template: FleetTemplate): string[] {
  const kind = kindOf(template);
  return Array.from({ length: template.count }, (_, index) => kind.clientId(template, index + 1));
}
