import { describe, expect, it } from 'vitest';
import type { RsqlExpression } from '../contract/rsql/ast.ts';
import { parseRsql } from '../contract/rsql/parse.ts';
import { defaultInventoryLimits } from '../inventory/inventory-limits.ts';
import { deviceListQuery, toDeviceQuery } from './device-list-query.ts';

const read = (query: Record<string, unknown>) =>
  toDeviceQuery(deviceListQuery.parse(query), defaultInventoryLimits);
const expressions = (query: Record<string, unknown>) => read(query).filter.expressions;

/** Expressions without the places where they stood in a text. */
function plain(expression: RsqlExpression): unknown {
  if (expression.kind !== 'comparison') return { ...expression, operands: expression.operands.map(plain) };
  const { offset: _where, operator, ...rest } = expression;
  // Of one value they mean the same.
  return { ...rest, operator: operator === '=in=' ? '==' : operator };
}
const same = (query: Record<string, unknown>, rsql: string) =>
  expect(expressions(query).map(plain)).toEqual([plain(parseRsql(rsql))]);

describe('the query of a list of devices', () => {
  it('lets everything through, in the order of ids, when nothing is asked', () => {
    expect(read({})).toEqual({
      ...{ filter: { expressions: [], withInterface: undefined }, limit: 20, offset: 0 },
      ...{ bookmarkId: undefined, sort: [] },
    });
  });

  it('means by its filters what the same in RSQL means', () => {
    same({ id: 'urn*' }, 'id==urn*');
    same({ name: '*foo*' }, 'name==*foo*');
    same({ name: '"a*b"' }, "name=='a\\*b'");
    same({ groupPath: '/a/*' }, 'groupPath==/a/*');
    same({ groupId: 'AbC123' }, 'groupId==AbC123');
    same({ tags: 'x' }, 'tags==x');
    same({ 'property.site': '25' }, 'property.site==25');
    same({ activityStates: 'SILENT,ACTIVE' }, 'activityState=in=(SILENT,ACTIVE)');
    same({ filterQuery: 'tags==a,tags==b' }, 'tags==a,tags==b');
  });

  it('joins all of them: each tag and each property is a condition of its own', () => {
    const query = { tags: ['x', 'y'], 'property.a': '1', 'property.b': '2', filterQuery: 'name==n', id: 'i' };
    expect(expressions(query)).toHaveLength(6);
  });

  it('takes what is said of interfaces for one interface', () => {
    const query = {
      ...{ connectors: 'mqtt,sms', 'interfaces.nodeId': 'n', 'interfaces.status': ['ONLINE', 'OFFLINE'] },
      'interfaces.enabled': 'false',
    };
    expect(read(query).filter).toEqual({
      expressions: [],
      withInterface: {
        ...{ connectors: ['mqtt', 'sms'], nodeId: 'n', statuses: ['ONLINE', 'OFFLINE'], enabled: false },
      },
    });
    expect(read({ 'interfaces.enabled': 'false' }).filter.withInterface).toMatchObject({ enabled: false });
  });

  it.each(['-name,created', ['-name', 'created'], '["-name","created"]'])('reads the order %j', (sort) => {
    expect(read({ sort }).sort).toEqual([
      { field: 'name', descending: true },
      { field: 'created', descending: false },
    ]);
  });

  it('refuses a property that is given twice, and an RSQL text with the place of its fault', () => {
    expect(() => read({ 'property.a': ['1', '2'] })).toThrowError(
      expect.objectContaining({ details: 'query.property.a: must be given once' }),
    );
    expect(() => read({ filterQuery: 'name=' })).toThrowError(
      expect.objectContaining({ details: expect.stringMatching(/^query\.filterQuery: at character 5/) }),
    );
  });
});
