import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectorName, interfaceStatuses } from '../contract/connectors.ts';
import { activityStates, createDeviceRequest } from '../contract/devices.ts';
import type { RsqlExpression, RsqlValue } from '../contract/rsql/ast.ts';
import { parseRsql } from '../contract/rsql/parse.ts';
import { printRsql } from '../contract/rsql/print.ts';
import { resolveRsql } from '../contract/rsql/resolve.ts';
import { RsqlError } from '../contract/rsql/rsql-error.ts';
import { isoTime } from '../platform/clock.ts';
import { compileRsql } from '../rsql/compile.ts';
import { evaluateRsql } from '../rsql/evaluate.ts';
import type { RsqlField } from '../rsql/field.ts';
import { sqlBuilder } from '../store/builder.ts';
import fc from '../testing/properties.ts';
import { escapedPattern, rsqlExpressions } from '../testing/rsql-arbitraries.ts';
import { TestServices } from '../testing/test-services.ts';
import { deviceFieldsOf } from './device-fields.ts';
import { selectDevices } from './device-query.ts';
import { SetSizes } from './set-sizes.ts';
import type { Device } from './types.ts';

/** Few different texts, so that expressions find something; with all that could be mixed up. */
const words = [
  'a',
  'A',
  'ab',
  'b',
  'é',
  'É',
  '%',
  '_',
  "'",
  '"',
  '\\',
  '*',
  ' ',
  '7',
  '07',
  '-1.5',
  '1e3',
  '10',
  '\u{1F600}',
  '\uFFFD',
  '\uD7FF',
];
const text = fc.array(fc.constantFrom(...words), { maxLength: 3 }).map((parts) => parts.join(''));
const label = text.filter((each) => each !== '');
const groupPaths = ['/', '/a', '/a/b', '/a/b/A', '/ab', '/é'];
const propertyNames = ['site', 'x y', 'é', 'constructor'];

interface Sample {
  readonly request: object;
  readonly status: (typeof interfaceStatuses)[number];
  readonly activity: (typeof activityStates)[number];
  readonly touched: boolean;
}
const samples: fc.Arbitrary<Sample> = fc.record({
  request: fc.record(
    {
      name: text,
      description: text,
      tags: fc.array(label, { maxLength: 3 }),
      properties: fc.dictionary(fc.constantFrom(...propertyNames), text, { maxKeys: 3 }),
      group: fc.constantFrom(...groupPaths).map((path) => ({ path })),
      connectors: fc.uniqueArray(fc.constantFrom('mqtt', 'x-connector', 'lora'), { maxLength: 3 }),
      enabled: fc.boolean(),
    },
    { requiredKeys: ['connectors', 'enabled'] },
  ),
  status: fc.constantFrom(...interfaceStatuses),
  activity: fc.constantFrom(...activityStates),
  touched: fc.boolean(),
});

const devEuiOf = (index: number): string => `A1FA${index.toString(16).toUpperCase().padStart(12, '0')}`;

function definitionOf(connector: string, index: number): object {
  if (connector !== 'lora') return { [connector === 'mqtt' ? 'clientId' : 'nodeId']: `n${index}` };
  const network = { profile: 'p', appEUI: '0'.repeat(16), appKey: '0'.repeat(32), connectivityPlan: 'c' };
  return { devEUI: devEuiOf(index), ...network };
}

const hasLoraNode = ({ connector }: { readonly connector: string }): boolean => connector === 'lora';

const idOf = (index: number): string => `urn:lo:nsid:a:${index}`;
const deviceCount = 150;
let services: TestServices;
let devices: Device[];

beforeAll(async () => {
  services = await TestServices.start();
  const { inventory, tenantId, clock } = services;
  for (const path of groupPaths.slice(1)) {
    const parent = path.slice(0, path.lastIndexOf('/'));
    const parentId = inventory.groups.list(tenantId, { groupPath: parent })[0]?.id;
    await inventory.groups.create(tenantId, { pathNode: path.slice(parent.length + 1), parentId });
  }
  const made = fc.sample(samples, { numRuns: deviceCount, seed: 5 });
  for (const [index, { request, status, activity, touched }] of made.entries()) {
    const { connectors, enabled, ...others } = request as { connectors: string[]; enabled: boolean };
    const interfaces = connectors.map((connector) => ({
      connector,
      enabled,
      definition: definitionOf(connector, index),
    }));
    const device = await inventory.createDevice(
      tenantId,
      createDeviceRequest.parse({ id: idOf(index), interfaces, ...others }),
    );
    await inventory.devices.setActivityState(device, activity);
    for (const each of device.interfaces) {
      await inventory.updateSession(each, { status });
      if (touched) inventory.touch(each);
    }
    clock.advance(1000);
  }
  devices = made.map((_, index) => inventory.getDevice(tenantId, idOf(index)));
  // Another tenant's devices are never found.
  const other = await services.accounts.createTenant('other');
  await inventory.createDevice(
    other.tenantId,
    createDeviceRequest.parse({
      id: 'urn:lo:nsid:other:1',
      tags: words.filter((word) => word !== ''),
      properties: { site: 'a' },
    }),
  );
}, 60_000);
afterAll(async () => services[Symbol.asyncDispose]());

const selectors = [
  'id',
  'name',
  'description',
  'defaultDataStreamId',
  'tags',
  'tag',
  'groupId',
  'group.path',
  'groupPath',
  'connector',
  'interfaces.nodeId',
  'interfaces.status',
  'interfaces.enabled',
  'interfaces.lastContact',
  'activityState',
  'created',
  'updated',
  ...propertyNames.map((name) => `property.${name}`),
  'properties.missing',
];
const startMs = new Date('2020-01-01T00:00:00Z').getTime();

const textValue = fc.oneof(
  fc.array(text, { minLength: 1, maxLength: 2 }),
  text.map((middle) => ['', middle, '']),
) as unknown as fc.Arbitrary<RsqlValue>;
const exactly = (values: fc.Arbitrary<string>): fc.Arbitrary<RsqlValue> => values.map((value) => [value]);
const path = fc.constantFrom(...groupPaths);
const nodeId = fc
  .tuple(fc.nat(deviceCount), fc.constantFrom('n', 'upper', 'lower'))
  .map(([index, form]) =>
    form === 'n' ? `n${index}` : form === 'upper' ? devEuiOf(index) : devEuiOf(index).toLowerCase(),
  );
const valuesOf: Record<string, fc.Arbitrary<RsqlValue>> = {
  'interfaces.nodeId': fc.oneof(
    exactly(nodeId),
    textValue,
    fc.constantFrom<RsqlValue>(['a1fA', ''], ['', 'a'], ['', 'fa0', ''], ['n', '7']),
  ),
  id: fc.oneof(
    exactly(fc.nat(deviceCount).map(idOf)),
    fc.nat(20).map((n): RsqlValue => [idOf(n), '']),
  ),
  groupPath: fc.oneof(
    exactly(path),
    path.map((each): RsqlValue => [`${each}/`, '']),
    textValue,
  ),
  connector: exactly(fc.constantFrom<ConnectorName>('mqtt', 'x-connector', 'sms')),
  'interfaces.status': exactly(fc.constantFrom(...interfaceStatuses)),
  'interfaces.enabled': exactly(fc.constantFrom('true', 'false')),
  activityState: exactly(fc.constantFrom(...activityStates)),
};
const timeSelectors = new Set(['interfaces.lastContact', 'created', 'updated']);

/** Values that fit the field, so that most expressions can be used. */
const fitting: fc.Arbitrary<RsqlExpression> = rsqlExpressions(fc.constantFrom(...selectors), textValue)
  .chain((tree) => fc.tuple(fc.constant(tree), fc.infiniteStream(fc.nat())))
  .chain(([tree, random]) =>
    fc.constant(tree).map((each) => withFittingValues(each, () => random.next().value)),
  );
function withFittingValues(tree: RsqlExpression, random: () => number): RsqlExpression {
  if (tree.kind !== 'comparison')
    return { ...tree, operands: tree.operands.map((operand) => withFittingValues(operand, random)) };
  const { selector, operator, values } = tree;
  if (timeSelectors.has(selector)) {
    const first = devices[0]?.createdMs ?? startMs;
    return { ...tree, values: values.map(() => [isoTime(first + (random() % deviceCount) * 1000)]) };
  }
  const ordered = operator.startsWith('=l') || operator.startsWith('=g') || operator === '=q=';
  if (operator === '=re=') return { ...tree, values: [patternFor(values[0]![0], random())] };
  const known = valuesOf[selector];
  if (known && !ordered)
    return { ...tree, values: values.map(() => fc.sample(known, { numRuns: 1, seed: random() })[0]!) };
  return ordered ? { ...tree, values: values.map((value) => [value[0]]) } : tree;
}

/** Patterns that find some of the samples. */
function patternFor(text: string, random: number): RsqlValue {
  const escaped = escapedPattern(text);
  return [
    [escaped, `^${escaped}`, `${escaped}$`, `[${'aAb7é'.charAt(random % 5)}]`, '^$', '\\d$'][random % 6]!,
  ];
}

async function found(expression: RsqlExpression): Promise<string[]> {
  const query = { filter: { expressions: [expression] }, limit: 1000, offset: 0, sort: [] };
  const page = await services.inventory.devices.list(services.tenantId, query, false);
  return page.devices.map(({ id }) => id).sort();
}

/** The same where every set counts as large, so that devices are looked for in it one by one. */
async function foundOneByOne(expression: RsqlExpression): Promise<string[]> {
  const { store, tenantId } = services;
  const query = { filter: { expressions: [expression] }, limit: 1000, offset: 0, sort: [] };
  const sizes = new SetSizes({ large: 1, sample: 1000, frequent: 1 });
  selectDevices(tenantId, query, sizes);
  await sizes.measure(store);
  const rows = await store.query<{ id: string }>(selectDevices(tenantId, query, sizes));
  return rows.map(({ id }) => id).sort();
}

describe('SQL finds what an evaluation in memory finds', () => {
  it('for any expression over any field', async () => {
    const fields = deviceFieldsOf(services.tenantId);
    let judged = 0;
    let partly = 0;
    await fc.assert(
      fc.asyncProperty(fitting, async (tree) => {
        const expression = parseRsql(printRsql(tree), {
          rsqlMaxCharacters: 1e6,
          rsqlMaxDepth: 100,
          rsqlMaxComparisons: 1000,
          rsqlMaxValues: 1000,
          rsqlMaxPatternSteps: 1000,
        });
        let resolved: ReturnType<typeof resolveRsql<RsqlField<Device>>>;
        try {
          resolved = resolveRsql(expression, fields);
        } catch (error) {
          expect(error).toBeInstanceOf(RsqlError);
          return;
        }
        const expected = devices.filter((device) => evaluateRsql(resolved, device)).map(({ id }) => id);
        expect(await found(expression), printRsql(tree)).toEqual(expected.sort());
        expect(await foundOneByOne(expression), printRsql(tree)).toEqual(expected);
        judged += 1;
        if (expected.length > 0 && expected.length < deviceCount) partly += 1;
      }),
      { numRuns: 700 },
    );
    // The property would hold for an engine that finds nothing, if nothing could be found.
    expect(judged).toBeGreaterThan(200);
    expect(partly).toBeGreaterThan(100);
  }, 60_000);
});

describe('the meaning of an expression', () => {
  const of = (expression: string): RsqlExpression => parseRsql(expression);
  it.each<[string, (device: Device) => boolean]>([
    ['tags==a', ({ tags }) => tags.includes('a')],
    ['tags!=a', ({ tags }) => !tags.includes('a')],
    ['tags=in=(a,b)', ({ tags }) => tags.includes('a') || tags.includes('b')],
    ['tags=out=(a,b)', ({ tags }) => !tags.includes('a') && !tags.includes('b')],
    ['property.site==a*', ({ properties }) => properties.site?.startsWith('a') ?? false],
    ['property.site!=a', ({ properties }) => properties.site !== 'a'],
    ['property.site==*', ({ properties }) => properties.site !== undefined],
    [
      'property.site=gt=1',
      ({ properties: { site = '' } }) => /^\S+$/.test(site) && !/^-?0\d/.test(site) && Number(site) > 1,
    ],
    [
      'property.site=gt=a',
      ({ properties: { site = '' } }) => Buffer.compare(Buffer.from(site), Buffer.from('a')) > 0,
    ],
    ['property.constructor==*', ({ properties }) => Object.hasOwn(properties, 'constructor')],
    ['name==*b', ({ name = '' }) => name.endsWith('b')],
    ['name==a*b', ({ name = '' }) => /^a.*b$/s.test(name)],
    ['name==*%*', ({ name = '' }) => name.includes('%')],
    ["name=='\\*'", ({ name = '' }) => name === '*'],
    ["name==''", ({ name = '' }) => name === ''],
    ["name=re='^(a|b)+$'", ({ name = '' }) => /^(a|b)+$/.test(name)],
    [
      "property.site=re='^-?\\\\d+(\\\\.\\\\d)?$'",
      ({ properties: { site = '' } }) => /^-?\d+(\.\d)?$/.test(site),
    ],
    ['tags=re=^.$', ({ tags }) => tags.some((tag) => /^.$/u.test(tag))],
    ['description=re=[é%]', ({ description = '' }) => /[é%]/.test(description)],
    ["groupPath=re='/a(/|$)'", ({ group }) => /\/a(\/|$)/.test(group.path)],
    ['id=re=:1\\d$', ({ id }) => /:1\d$/.test(id)],
    ['interfaces.nodeId=re=^A1FA\\w*$', ({ interfaces }) => [...interfaces].some(hasLoraNode)],
    ['name=q=A', ({ name = '' }) => /a/i.test(name)],
    ['groupPath==/a', ({ group }) => group.path === '/a'],
    ['groupPath==/a/*', ({ group }) => group.path === '/a' || group.path.startsWith('/a/')],
    ['groupPath==/*', () => true],
    ['groupPath==/', ({ group }) => group.path === '/'],
    ['groupPath!=/a/*', ({ group }) => group.path !== '/a' && !group.path.startsWith('/a/')],
    ['groupId==root', ({ group }) => group.id === 'root'],
    ['connector==mqtt', ({ interfaces }) => [...interfaces].some((each) => each.connector === 'mqtt')],
    ['connector!=mqtt', ({ interfaces }) => [...interfaces].every((each) => each.connector !== 'mqtt')],
    ['interfaces.enabled==false', ({ interfaces }) => [...interfaces].some((each) => !each.enabled)],
    [
      'interfaces.lastContact=gt=2000-01-01',
      ({ interfaces }) => [...interfaces].some((each) => each.lastContactMs !== undefined),
    ],
    ['activityState=in=(ACTIVE,SILENT)', ({ activityState }) => /ACTIVE|SILENT/.test(activityState)],
    ['interfaces.nodeId==a1fa*', ({ interfaces }) => [...interfaces].some(hasLoraNode)],
    ['interfaces.nodeId==A1Fa*', ({ interfaces }) => [...interfaces].some(hasLoraNode)],
    ['id==urn:lo:nsid:a:1*', ({ id }) => id.startsWith('urn:lo:nsid:a:1')],
  ])('%s', async (expression, fits) => {
    const expected = devices.filter(fits).map(({ id }) => id);
    expect(await found(of(expression))).toEqual(expected.sort());
    expect(await foundOneByOne(of(expression))).toEqual(expected);
    const resolved = resolveRsql(of(expression), deviceFieldsOf(services.tenantId));
    expect(
      devices
        .filter((device) => evaluateRsql(resolved, device))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(expected);
  });

  it.each([
    ['color==red', 'at character 1: no field is called color; there are id, name'],
    ['tags==a;toString==red', 'at character 9: no field is called toString'],
    ['property.==a', 'no field is called property.'],
    ['connector==pigeon', 'connector is one of mqtt, lora'],
    ['interfaces.status==on', 'interfaces.status is one of REGISTERED'],
    ['interfaces.enabled==1', 'interfaces.enabled is true or false, not 1'],
    ['created=gt=yesterday', 'created is compared with a time such as'],
    ['created=gt=2026-13-01', 'created is compared with a time such as'],
    ['connector=gt=mqtt', 'connector has no order'],
    ['groupPath=lt=/a', 'groupPath has no order'],
    ['name=gt=a*', 'takes no wildcard'],
    ['created==2026*', 'takes no wildcard'],
    ['name==a*b*c', 'a*b*c has wildcards where none can be'],
    ["name=re='(a'", 'at character 9: the pattern after =re= cannot be used: a ( has no )'],
    ['connector=re=m', 'connector is no text that a pattern could fit'],
    ['created=q=x', 'created is no text to search'],
  ])('%s is refused', (expression, message) => {
    expect(() => resolveRsql(of(expression), deviceFieldsOf('t'))).toThrow(message);
  });
});

it('an expression becomes SQL with all values as parameters', () => {
  const expression = resolveRsql(parseRsql("name=='a\\';b*',tags=in=(x,y)"), deviceFieldsOf('t'));
  const { sql, parameters } = sqlBuilder
    .selectFrom('devices as d')
    .select('d.id')
    .where(compileRsql(expression))
    .compile();
  expect(sql).toBe(
    `select "d"."id" from "devices" as "d" where (((coalesce("d"."name", '') >= ? and coalesce("d"."name", '') < ?)) or ` +
      `d.id in (select l.device_id from device_labels l where l.tenant_id = ? and l.name = ? and "l"."value" in (?, ?)))`,
  );
  expect(parameters).toEqual(["a';b", "a';c", 't', 'tag', 'x', 'y']);
});
