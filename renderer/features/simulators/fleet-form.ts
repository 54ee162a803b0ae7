import { type FleetTemplate, fleetTemplate } from '../../../core/contract/simulators.ts';

/** A fleet as the form holds it: the payload is edited as text. */
export interface FleetForm {
  readonly fields: Omit<FleetTemplate, 'payload'>;
  readonly payload: string;
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

export function toFleetForm(template: FleetTemplate = ownFleet): FleetForm {
  const { payload, ...fields } = template;
  return { fields, payload: JSON.stringify(payload, null, 2) };
}

/** The checked fleet, or what does not fit and where. */
export function checkFleet(form: FleetForm): { template: FleetTemplate } | { problem: string } {
  let payload: unknown;
  try {
    payload = JSON.parse(form.payload);
  } catch (error) {
    return { problem: `payload: ${error instanceof Error ? error.message : error}` };
  }
  const { groupPath, ...fields } = form.fields;
  const checked = fleetTemplate.safeParse({ ...fields, ...(groupPath ? { groupPath } : {}), payload });
  if (checked.success) return { template: checked.data };
  return {
    problem: checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  };
}

/** A name that no fleet has yet. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let number = 2;
  while (taken.includes(`${wanted} ${number}`)) number++;
  return `${wanted} ${number}`;
}
