import { Lwm2mCodecError } from './codec-error.ts';
import type { PathKind } from './path.ts';
import { type DataType, parseDecimal } from './value.ts';

/** Attributes that say when to notify (LwM2M Core 1.1.1, 5.1.2): periods in seconds, thresholds in the resource's unit. */
export const notificationAttributes = ['pmin', 'pmax', 'gt', 'lt', 'st', 'epmin', 'epmax'] as const;
export type NotificationAttribute = (typeof notificationAttributes)[number];
export type NotificationAttributes = Readonly<Partial<Record<NotificationAttribute, number>>>;

/** What a Write-Attributes does: sets some, and takes others away. */
export interface AttributeChange {
  readonly set: NotificationAttributes;
  readonly unset: readonly NotificationAttribute[];
}

const format = 'attributes';
const thresholds: readonly NotificationAttribute[] = ['gt', 'lt', 'st'];
const numericTypes: readonly DataType[] = ['INTEGER', 'UNSIGNED_INTEGER', 'FLOAT', 'TIME'];
/** The longest period: what 32 bits hold, more than a century. */
const maxPeriodSeconds = 2 ** 32 - 1;

const refuse = (fault: 'malformed' | 'range' | 'type' | 'path', reason: string, where: string): never => {
  throw new Lwm2mCodecError(fault, reason, { format, where });
};

export const isNotificationAttribute = (name: string): name is NotificationAttribute =>
  (notificationAttributes as readonly string[]).includes(name);

/**
 * The value of an attribute out of its text: whole seconds for periods, a decimal number for thresholds.
 * @throws Lwm2mCodecError
 */
export function parseAttributeValue(name: NotificationAttribute, text: string): number {
  const value = parseDecimal(text) ?? refuse('malformed', `${JSON.stringify(text)} is not a number`, name);
  if (thresholds.includes(name))
    return name === 'st' && value <= 0 ? refuse('range', 'a step is more than 0', name) : value;
  if (!Number.isInteger(value) || value < 0 || value > maxPeriodSeconds)
    refuse('range', `a period is a whole number of seconds from 0 to ${maxPeriodSeconds}`, name);
  return value;
}

/**
 * The queries of a Write-Attributes: `pmin=10` sets, `lt` alone takes away.
 * @throws Lwm2mCodecError for an attribute that is unknown or there twice, and for a value that is none.
 */
export function parseAttributeQueries(queries: readonly string[]): AttributeChange {
  const set: Partial<Record<NotificationAttribute, number>> = {};
  const unset: NotificationAttribute[] = [];
  for (const query of queries) {
    const [, name = '', text] = /^([^=]*)(?:=(.*))?$/s.exec(query) ?? [];
    if (!isNotificationAttribute(name))
      return refuse('malformed', `it is none of ${notificationAttributes.join(', ')}`, JSON.stringify(name));
    if (Object.hasOwn(set, name) || unset.includes(name)) refuse('malformed', 'it is there twice', name);
    if (text === undefined) unset.push(name);
    else set[name] = parseAttributeValue(name, text);
  }
  return { set, unset };
}

/** A change as the queries of a Write-Attributes. */
export const formatAttributeQueries = ({ set, unset }: AttributeChange): string[] => [
  ...notificationAttributes.filter((name) => set[name] !== undefined).map((name) => `${name}=${set[name]}`),
  ...unset,
];

/** Attributes after a change. */
export function changeAttributes(
  attributes: NotificationAttributes,
  change: AttributeChange,
): NotificationAttributes {
  const all = { ...attributes, ...change.set };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !change.unset.includes(name as NotificationAttribute)),
  );
}

/**
 * Refuses attributes that contradict each other, or that what they are on cannot have: thresholds belong to numbers.
 * @param target what they are on; its type when a model knows it.
 * @throws Lwm2mCodecError `range` for a contradiction, `path` and `type` for thresholds in the wrong place.
 */
export function checkAttributes(
  attributes: NotificationAttributes,
  target: { readonly kind: PathKind; readonly type?: DataType | undefined },
): void {
  const { pmin, pmax, gt, lt, st, epmin, epmax } = attributes;
  if (target.kind === 'root') refuse('path', 'attributes are on an object or below one', '/');
  const threshold = thresholds.find((name) => attributes[name] !== undefined);
  if (threshold !== undefined) {
    if (target.kind !== 'resource' && target.kind !== 'resource-instance')
      refuse('path', `it is on resources only, not on an ${target.kind}`, threshold);
    if (target.type !== undefined && !numericTypes.includes(target.type))
      refuse('type', `it is on numbers only, and the resource is of type ${target.type}`, threshold);
  }
  if (pmin !== undefined && pmax !== undefined && pmax < pmin)
    refuse('range', 'it is less than pmin', 'pmax');
  if (epmin !== undefined && epmax !== undefined && epmax < epmin)
    refuse('range', 'it is less than epmin', 'epmax');
  if (gt !== undefined && lt !== undefined && lt + 2 * (st ?? 0) >= gt)
    refuse(
      'range',
      st === undefined ? 'it is not less than gt' : 'lt and twice st together are not less than gt',
      'lt',
    );
}

/**
 * The attributes that count for something: its own before those of what it is in (LwM2M Core 1.1.1, 5.1.2). A pmax below
 * pmin does not count, nor an epmax below epmin.
 * @param levels from the object down.
 */
export function effectiveAttributes(levels: readonly NotificationAttributes[]): NotificationAttributes {
  const { pmax, epmax, ...rest } = Object.assign({}, ...levels) as NotificationAttributes;
  return {
    ...rest,
    ...(pmax !== undefined && pmax >= (rest.pmin ?? 0) && { pmax }),
    ...(epmax !== undefined && epmax >= (rest.epmin ?? 0) && { epmax }),
  };
}
