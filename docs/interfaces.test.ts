import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { interfaceStatuses } from '../core/contract/connectors.ts';
import { interfaceKinds } from '../core/contract/interface-kinds/index.ts';
import { featureNames } from '../core/contract/interface-kinds/interface-kind.ts';

const text = readFileSync(new URL('interfaces.md', import.meta.url), 'utf8');

/** A table of the page, by the name in its first header cell: first cell of each row to its cells by header. */
function table(firstHeader: string): Map<string, Record<string, string>> {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${firstHeader} |`));
  const cells = (line = ''): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const [, ...headers] = cells(lines[start]);
  const rows = new Map<string, Record<string, string>>();
  for (let at = start + 2; lines[at]?.startsWith('|'); at++) {
    const [name = '', ...values] = cells(lines[at]);
    rows.set(name, Object.fromEntries(headers.map((header, index) => [header, values[index] ?? ''])));
  }
  return rows;
}

const columns = (value: (kind: (typeof interfaceKinds)[number]) => string): Record<string, string> =>
  Object.fromEntries(interfaceKinds.map((kind) => [kind.connector, value(kind)]));

it('tells which status each connector has', () => {
  const rows = table('Status');
  expect([...rows.keys()]).toEqual([...interfaceStatuses]);
  for (const status of interfaceStatuses) {
    expect(rows.get(status)).toEqual(columns((kind) => (kind.statuses.includes(status) ? 'yes' : '')));
  }
});

it('tells the status without any traffic', () => {
  const rows = table('When');
  expect(rows.get('Made, and nothing heard yet')).toEqual(columns((kind) => kind.newStatus));
  expect(rows.get('Disabled')).toEqual(columns((kind) => kind.disabledStatus));
  for (const kind of interfaceKinds) {
    expect(rows.get('Enabled again')?.[kind.connector]).toContain(kind.enabledStatus({}));
    expect(kind.statuses).toEqual(
      expect.arrayContaining([kind.newStatus, kind.disabledStatus, kind.enabledStatus({})]),
    );
  }
});

it('tells when each capability can be used', () => {
  const rows = table('Capability');
  for (const feature of featureNames) {
    const expected = columns(({ features }) => (features[feature] === 'never' ? '' : features[feature]));
    expect(rows.get(feature)).toEqual(expected);
  }
});

it('tells the node id and the secrets of each definition', () => {
  const rows = table('Connector');
  for (const { connector, nodeIdField, secrets } of interfaceKinds) {
    expect(rows.get(connector)?.['Node id']).toBe(`\`${nodeIdField}\``);
    expect(rows.get(connector)?.['Never answered']).toBe(secrets.map((secret) => `\`${secret}\``).join(', '));
  }
});
