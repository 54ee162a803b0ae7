import { connectorNames, interfaceStatuses } from './connectors.ts';
import { activityStates } from './devices.ts';
import { loraKind } from './interface-kinds/lora.ts';
import type { RsqlExpression } from './rsql/ast.ts';
import type { FieldFacts, FieldTable } from './rsql/field-facts.ts';

/** The node ids of LoRa are hexadecimal, and kept in upper case. */
const canonicalNodeId = (text: string): string => loraKind.canonicalNodeId?.(text) ?? text;

/** Fields that a filter of devices can ask for, under every name it is known by (manual 5.3.2.1, facts 5 and 6). */
export const deviceFilterFields = {
  id: { type: 'text' },
  name: { type: 'text' },
  description: { type: 'text' },
  defaultDataStreamId: { type: 'text' },
  tags: { type: 'text' },
  groupId: { type: 'text' },
  groupPath: { type: 'path' },
  connector: { type: 'choice', choices: connectorNames },
  'interfaces.nodeId': { type: 'text', canonical: canonicalNodeId },
  'interfaces.status': { type: 'choice', choices: interfaceStatuses },
  'interfaces.enabled': { type: 'flag' },
  'interfaces.lastContact': { type: 'time' },
  activityState: { type: 'choice', choices: activityStates },
  created: { type: 'time' },
  updated: { type: 'time' },
} as const satisfies Readonly<Record<string, FieldFacts>>;
export type DeviceFilterField = keyof typeof deviceFilterFields;

/** Other names of the same fields. */
export const deviceFilterAliases: Readonly<Record<string, DeviceFilterField>> = {
  tag: 'tags',
  connectors: 'connector',
  'interfaces.connector': 'connector',
  'group.id': 'groupId',
  'group.path': 'groupPath',
  aggregatedActivityState: 'activityState',
};

/** A property of a device, under its own name. */
const propertyFacts: FieldFacts = { type: 'label' };

/** The property that a selector names: `property.site` and `properties.site` are the same. */
export const propertyOfSelector = (selector: string): string | undefined =>
  /^propert(?:y|ies)\.(.+)$/s.exec(selector)?.[1];

/** The field that a selector names, by its one name; undefined when there is none. */
export function deviceFilterFieldOf(selector: string): DeviceFilterField | undefined {
  if (Object.hasOwn(deviceFilterFields, selector)) return selector as DeviceFilterField;
  return Object.hasOwn(deviceFilterAliases, selector) ? deviceFilterAliases[selector] : undefined;
}

/** The fields that a filter looks at; properties are not among them. */
export function fieldsOfFilter(expression: RsqlExpression): ReadonlySet<DeviceFilterField> {
  if (expression.kind === 'comparison') {
    const field = deviceFilterFieldOf(expression.selector);
    return new Set(field === undefined ? [] : [field]);
  }
  return new Set(expression.operands.flatMap((operand) => [...fieldsOfFilter(operand)]));
}

/** What a filter of devices may ask for, for who checks one without looking at devices. */
export const deviceFilterTable: FieldTable = {
  names: `${Object.keys(deviceFilterFields).join(', ')} and property.{name}`,
  find: (selector) => {
    if (propertyOfSelector(selector) !== undefined) return propertyFacts;
    const name = deviceFilterFieldOf(selector);
    return name && deviceFilterFields[name];
  },
};
