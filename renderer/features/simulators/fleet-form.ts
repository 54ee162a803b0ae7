import { responder } from '../../../core/contract/responders.ts';
import { type FleetTemplate, fleetTemplate } from '../../../core/contract/simulators.ts';
import { type Problems, problemsOf } from '../../ui/form-problems.ts';
import { jsonFault } from '../../ui/json-fault.ts';

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

/**
 * The fleet that a form describes, and what of it does not fit, by its place in the fleet: `count`, `payload.fields`.
 * @param needed the text for what is missing
 */
export function checkFleet(
  form: FleetForm,
  needed: string,
): { readonly template?: FleetTemplate; readonly problems: Problems } {
  const { groupPath, ...fields } = form.fields;
  const wanted: Record<string, unknown> = { ...fields, ...(groupPath ? { groupPath } : {}) };
  const problems = new Map<string, string>();
  for (const name of ['payload', 'responders'] as const) {
    const fault = jsonFault(form[name]);
    // What cannot be read stands for the one of a plain fleet, so that all else is looked at too.
    wanted[name] = fault === undefined ? JSON.parse(form[name]) : ownFleet[name];
    if (fault !== undefined) problems.set(name, fault);
  }
  for (const [path, text] of problemsOf(fleetTemplate, wanted, needed)) problems.set(path, text);
  return problems.size > 0 ? { problems } : { template: fleetTemplate.parse(wanted), problems };
}

/** What does not fit in a part that is edited as JSON, with the place of each fault; undefined when all does. */
export function jsonProblems(problems: Problems, part: 'payload' | 'responders'): string | undefined {
  const found = [...problems].filter(([path]) => path === part || path.startsWith(`${part}.`));
  const said = found.map(([path, text]) =>
    path === part ? text : `${path.slice(part.length + 1)}: ${text}`,
  );
  return said.length === 0 ? undefined : said.join('; ');
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
