import { responder } from '../../../core/contract/responders.ts';
import {
  type FleetConnector,
  type FleetTemplate,
  fleetTemplate,
  type Lwm2mFleetTemplate,
  lwm2mFleetTemplate,
  type MqttFleetTemplate,
  mqttFleetTemplate,
} from '../../../core/contract/simulators.ts';
import { type Problems, problemsOf } from '../../ui/form-problems.ts';
import { jsonFault } from '../../ui/json-fault.ts';

/** What the form asks of fleets of every kind. */
type CommonFields = Pick<
  FleetTemplate,
  | 'name'
  | 'connector'
  | 'count'
  | 'idPattern'
  | 'groupPath'
  | 'tags'
  | 'periodMs'
  | 'jitter'
  | 'seed'
  | 'connectsPerS'
>;

/** What of the form is JSON. */
type JsonPart = 'payload' | 'responders' | 'device';

/** A fleet as the form holds it, with what other kinds have: what is written as JSON is edited as text. */
export interface FleetForm {
  readonly fields: CommonFields;
  readonly mqtt: Pick<MqttFleetTemplate, 'topic' | 'tls'>;
  readonly lwm2m: Pick<Lwm2mFleetTemplate, 'version' | 'lifetimeS' | 'queueMode' | 'bootstrap'>;
  readonly payload: string;
  readonly responders: string;
  /** What an LwM2M device has beside the fields above: objects, values, firmware, network. */
  readonly device: string;
}

const ownFleet = mqttFleetTemplate.parse({
  name: 'Own fleet',
  count: 10,
  idPattern: 'urn:lo:nsid:sim:own-{n}',
  payload: {
    kind: 'fields',
    model: 'own_v1',
    fields: { temperature: { kind: 'randomWalk', start: 20, step: 0.5, min: 0, max: 40 } },
  },
});

const ownLwm2mFleet = lwm2mFleetTemplate.parse({
  name: 'Own fleet',
  connector: 'lwm2m',
  objects: [{ id: 3303 }],
  values: { '/3303/0/5700': { kind: 'randomWalk', start: 20, step: 0.5, min: 0, max: 40, decimals: 1 } },
});

/** Ids of devices that look as those of a kind do. */
const idPatterns: Readonly<Record<FleetConnector, string>> = {
  mqtt: ownFleet.idPattern,
  'x-connector': 'node-{n}',
  lwm2m: 'endpoint-{n}',
};

/** The fields of a fleet that connects in this way. */
export function connectedBy(fields: CommonFields, connector: FleetConnector): CommonFields {
  const isOwn = fields.idPattern === idPatterns[fields.connector];
  return { ...fields, connector, ...(isOwn && { idPattern: idPatterns[connector] }) };
}

export function toFleetForm(template: FleetTemplate = ownFleet): FleetForm {
  const { name, connector, count, idPattern, groupPath, tags, periodMs, jitter, seed, connectsPerS } =
    template;
  const common = { name, connector, count, idPattern, tags, periodMs, jitter, seed, connectsPerS };
  const published = template.connector === 'lwm2m' ? ownFleet : template;
  const { version, lifetimeS, queueMode, bootstrap, ...device } = lwm2mPart(
    template.connector === 'lwm2m' ? template : ownLwm2mFleet,
  );
  return {
    fields: { ...common, ...(groupPath !== undefined && { groupPath }) },
    mqtt: { topic: published.topic, tls: published.tls },
    lwm2m: { version, lifetimeS, queueMode, bootstrap },
    payload: JSON.stringify(published.payload, null, 2),
    responders: JSON.stringify(published.responders.map(withoutDefaults), null, 2),
    device: JSON.stringify(device, null, 2),
  };
}

/**
 * The fleet that a form describes, and what of it does not fit, by its place in the form: `count`, `payload.fields`,
 * `device.objects.0`.
 * @param needed the text for what is missing
 */
export function checkFleet(
  form: FleetForm,
  needed: string,
): { readonly template?: FleetTemplate; readonly problems: Problems } {
  const { groupPath, ...fields } = form.fields;
  const isLwm2m = fields.connector === 'lwm2m';
  const problems = new Map<string, string>();
  const parsed: Partial<Record<JsonPart, unknown>> = {};
  for (const name of isLwm2m ? (['device'] as const) : (['payload', 'responders'] as const)) {
    const fault = jsonFault(form[name]);
    // What cannot be read stands for the one of a plain fleet, so that all else is looked at too.
    parsed[name] = JSON.parse(fault === undefined ? form[name] : toFleetForm()[name]);
    if (fault !== undefined) problems.set(name, fault);
  }
  const { device, ...published } = parsed;
  // Nodes have neither a topic nor TLS to choose.
  const own = isLwm2m
    ? { ...(device as object), ...form.lwm2m }
    : { ...published, ...(fields.connector === 'mqtt' && form.mqtt) };
  const wanted = { ...own, ...fields, ...(groupPath ? { groupPath } : {}) };
  for (const [path, text] of problemsOf(fleetTemplate, wanted, needed)) {
    const [first = ''] = path.split('.');
    const isOfDevice = isLwm2m && !(first in fields || first in form.lwm2m);
    problems.set(isOfDevice ? `device.${path}` : path, text);
  }
  return problems.size > 0 ? { problems } : { template: fleetTemplate.parse(wanted), problems };
}

/** What does not fit in a part that is edited as JSON, with the place of each fault; undefined when all does. */
export function jsonProblems(problems: Problems, part: JsonPart): string | undefined {
  const found = [...problems].filter(([path]) => path === part || path.startsWith(`${part}.`));
  const said = found.map(([path, text]) =>
    path === part ? text : `${path.slice(part.length + 1)}: ${text}`,
  );
  return said.length === 0 ? undefined : said.join('; ');
}

/** What only LwM2M fleets have, without what goes without saying. */
function lwm2mPart(template: Lwm2mFleetTemplate) {
  const { version, lifetimeS, queueMode, bootstrap, objects, values, location, firmware, network } = template;
  const { updateEveryS, awakeS, confirmable } = template;
  return {
    ...{ version, lifetimeS, queueMode, bootstrap, objects, values },
    ...(location && { location }),
    ...(updateEveryS !== undefined && { updateEveryS }),
    ...{ awakeS, confirmable, firmware, network },
  };
}

/** A responder as short as it can be written. */
function withoutDefaults(full: MqttFleetTemplate['responders'][number]): object {
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
