import { responder } from '../../../core/contract/responders.ts';
import {
  type FleetConnector,
  type FleetTemplate,
  fleetTemplate,
  type LoraFleetTemplate,
  type Lwm2mFleetTemplate,
  loraFleetTemplate,
  lwm2mFleetTemplate,
  type MqttFleetTemplate,
  mqttFleetTemplate,
  type SmsFleetTemplate,
  smsFleetTemplate,
} from '../../../core/contract/simulators.ts';
import { type Problems, problemsOf } from '../../ui/form-problems.ts';
import { jsonFault } from '../../ui/json-fault.ts';
import { type AnswerDraft, toAnswer, toDrafts } from './answer-draft.ts';

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
type JsonPart = 'payload' | 'responders' | 'device' | 'loraPayload' | 'network' | 'handset';

/** A fleet as the form holds it, with what other kinds have: what is written as JSON is edited as text. */
export interface FleetForm {
  readonly fields: CommonFields;
  readonly mqtt: Pick<MqttFleetTemplate, 'topic' | 'tls'>;
  readonly lwm2m: Pick<Lwm2mFleetTemplate, 'version' | 'lifetimeS' | 'queueMode' | 'bootstrap'>;
  readonly lora: Pick<
    LoraFleetTemplate,
    'region' | 'deviceClass' | 'spreadingFactor' | 'port' | 'confirmed' | 'adr'
  >;
  readonly payload: string;
  readonly responders: string;
  /** What an LwM2M device has beside the fields above: objects, values, firmware, network. */
  readonly device: string;
  /** What LoRa devices send. */
  readonly loraPayload: string;
  /** What a LoRa fleet has beside the fields above: gateways, places, radio, faults. */
  readonly network: string;
  readonly sms: Pick<SmsFleetTemplate, 'firstMsisdn' | 'serverNumber'>;
  /** What handsets answer by themselves. */
  readonly answers: readonly AnswerDraft[];
  /** What a fleet of handsets has beside the fields above: radio, inbox, what they write by themselves. */
  readonly handset: string;
}

interface KindForm {
  /** Parts that are edited as JSON, each with its place in the template; undefined: the template itself. */
  readonly parts: Readonly<Partial<Record<JsonPart, 'payload' | 'responders' | undefined>>>;
  /** Fields of the kind that the form has. */
  own(form: FleetForm): object;
}

const publishedParts = { payload: 'payload', responders: 'responders' } as const;
/** How the form of each kind becomes a template. */
const kinds: Readonly<Record<FleetConnector, KindForm>> = {
  mqtt: { parts: publishedParts, own: ({ mqtt }) => mqtt },
  // Nodes have neither a topic nor TLS to choose.
  'x-connector': { parts: publishedParts, own: () => ({}) },
  lwm2m: { parts: { device: undefined }, own: ({ lwm2m }) => lwm2m },
  lora: { parts: { loraPayload: 'payload', network: undefined }, own: ({ lora }) => lora },
  sms: {
    parts: { handset: undefined },
    own: ({ sms, answers }) => ({ ...sms, answers: answers.map(toAnswer) }),
  },
};

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

const ownLoraFleet = loraFleetTemplate.parse({
  name: 'Own fleet',
  connector: 'lora',
  payload: {
    kind: 'cayenne',
    channels: [
      {
        type: 'temperature',
        channel: 1,
        value: { kind: 'randomWalk', start: 20, step: 0.5, min: 0, max: 40, decimals: 1 },
      },
    ],
  },
});

const ownSmsFleet = smsFleetTemplate.parse({ name: 'Own fleet', connector: 'sms' });

/** Ids of devices that look as those of a kind do. */
const idPatterns: Readonly<Record<FleetConnector, string>> = {
  mqtt: ownFleet.idPattern,
  'x-connector': 'node-{n}',
  lwm2m: 'endpoint-{n}',
  lora: ownLoraFleet.idPattern,
  sms: 'handset-{n}',
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
  const isPublished = template.connector === 'mqtt' || template.connector === 'x-connector';
  const published = isPublished ? template : ownFleet;
  const { lora, network } = loraParts(template.connector === 'lora' ? template : ownLoraFleet);
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
    lora,
    loraPayload: JSON.stringify((template.connector === 'lora' ? template : ownLoraFleet).payload, null, 2),
    network: JSON.stringify(network, null, 2),
    ...smsParts(template.connector === 'sms' ? template : ownSmsFleet),
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
  const kind = kinds[fields.connector];
  const problems = new Map<string, string>();
  let wanted: Record<string, unknown> = {};
  for (const [name, place] of Object.entries(kind.parts) as [JsonPart, string | undefined][]) {
    const fault = jsonFault(form[name]);
    // What cannot be read stands for the one of a plain fleet, so that all else is looked at too.
    const parsed = JSON.parse(fault === undefined ? form[name] : toFleetForm()[name]);
    wanted = { ...wanted, ...(place === undefined ? parsed : { [place]: parsed }) };
    if (fault !== undefined) problems.set(name, fault);
  }
  const own = kind.own(form);
  wanted = { ...wanted, ...own, ...fields, ...(groupPath ? { groupPath } : {}) };
  for (const [path, text] of problemsOf(fleetTemplate, wanted, needed)) {
    const [first = ''] = path.split('.');
    problems.set(first in fields || first in own ? path : placeOf(kind, first, path), text);
  }
  return problems.size > 0 ? { problems } : { template: fleetTemplate.parse(wanted), problems };
}

/** Where in the form a place of the template is, that is in a part that is edited as JSON. */
function placeOf({ parts }: KindForm, first: string, path: string): string {
  const entries = Object.entries(parts);
  const [whole] = entries.find(([, place]) => place === first) ?? [];
  if (whole !== undefined) return `${whole}${path.slice(first.length)}`;
  const [rest] = entries.find(([, place]) => place === undefined) ?? [];
  return rest === undefined ? path : `${rest}.${path}`;
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

/** What only LoRa fleets have, and of it what is edited as JSON. */
function loraParts(template: LoraFleetTemplate) {
  const { region, deviceClass, spreadingFactor, port, confirmed, adr } = template;
  const { profile, connectivityPlan, encoding, appEUI, txPowerDbm, battery } = template;
  const { area, location, gateways, radio, faults } = template;
  return {
    lora: { region, deviceClass, spreadingFactor, port, confirmed, adr },
    network: {
      ...{ area, ...(location && { location }), ...(gateways && { gateways }), radio, faults },
      ...(profile !== undefined && { profile }),
      ...{ connectivityPlan, ...(encoding !== undefined && { encoding }), appEUI, txPowerDbm, battery },
    },
  };
}

/** What only fleets of handsets have, and of it what is edited as JSON. */
function smsParts(template: SmsFleetTemplate): Pick<FleetForm, 'sms' | 'answers' | 'handset'> {
  const { firstMsisdn, serverNumber, form, answers, radio, roaming, offShare, inbox, payload } = template;
  const handset = { form, radio, roaming, offShare, inbox, ...(payload && { payload }) };
  return {
    sms: { firstMsisdn, serverNumber },
    answers: toDrafts(answers),
    handset: JSON.stringify(handset, null, 2),
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

/** Its devices write nothing by themselves, whatever its period. */
export const isSilent = (template: FleetTemplate): boolean =>
  template.connector === 'sms' && template.payload === undefined;

/** A name that no fleet has yet. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let number = 2;
  while (taken.includes(`${wanted} ${number}`)) number++;
  return `${wanted} ${number}`;
}
