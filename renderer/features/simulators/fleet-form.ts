import { responder } from '../../../core/contract/responders.ts';
import { type FleetTemplate, fleetTemplate } from '../../../core/contract/simulators.ts';

/** A fleet as the form holds it: what is written as JSON is edited as text. */
export interface FleetForm {
  readonly fields: Omit<FleetTemplate, 'payload' | 'responders'>;
  readonly payload: string;
  readonly responders: string;
}

const ownFleet: FleetTemplate = fleetTemplate.parse({
  name: 'Own fleet',
  count: 10,
  idPattern: 'urn:lo:nsid:sim:own-{n}',
  payload: {
    kind: 'fields',
    model: 'own_v1',
    fields: { temperature: { kind: 'randomWalk', start: 20, step: 0.5, min: 0, max: 40 } },
  },
});

/** The fields of a fleet that connects in this way; what has no meaning there is as it is by default. */
export function connectedBy(
  fields: FleetForm['fields'],
  connector: FleetTemplate['connector'],
): FleetForm['fields'] {
  const { topic, tls } = ownFleet;
  // Nodes have ids of their backend, which need not look like ids of devices.
  const idPattern =
    connector === 'x-connector' && fields.idPattern === ownFleet.idPattern ? 'node-{n}' : fields.idPattern;
  return { ...fields, connector, idPattern, ...(connector === 'x-connector' && { topic, tls }) };
}

export function toFleetForm(template: FleetTemplate = ownFleet): FleetForm {
  const { payload, responders, ...fields } = template;
  return {
    fields,
    payload: JSON.stringify(payload, null, 2),
    responders: JSON.stringify(responders.map(withoutDefaults), null, 2),
  };
}

/** The checked fleet, or what does not fit and where. */
export function checkFleet(form: FleetForm): { template: FleetTemplate } | { problem: string } {
  const parsed: { payload?: unknown; responders?: unknown } = {};
  for (const name of ['payload', 'responders'] as const) {
    try {
      parsed[name] = JSON.parse(form[name]);
    } catch (error) {
      return { problem: `${name}: ${error instanceof Error ? error.message : error}` };
    }
  }
  const { groupPath, ...fields } = form.fields;
  const checked = fleetTemplate.safeParse({ ...fields, ...(groupPath ? { groupPath } : {}), ...parsed });
  if (checked.success) return { template: checked.data };
  return {
    problem: checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  };
}

/** A responder as short as it can be written. */
function withoutDefaults(full: FleetTemplate['responders'][number]): object {
  const short: Record<string, unknown> = { ...full };
  for (const name of Object.keys(full)) {
    const { [name]: _left, ...shorter } = short;
    const read = responder.safeParse(shorter);
    if (read.success && JSON.stringify(read.data) === JSON.stringify(full)) delete short[name];
  }
  return short;
}

/** A name that no fleet has yet. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let number = 2;
  while (taken.includes(`${wanted} ${number}`)) number++;
  return `${wanted} ${number}`;
}
