import type { ConnectorName } from '../../contract/connectors.ts';
import type { BulkFormat } from '../../contract/imports.ts';
import { interfaceKindOf } from '../../contract/interface-kinds/index.ts';
import { publicDefinition } from '../interface-json.ts';
import type { Device } from '../types.ts';
import { tagsCell } from './csv-devices.ts';
import { csvLine } from './csv-text.ts';

/** Devices taken in one go, with a turn of the event loop for everybody else behind each. */
const sliceDevices = 100;

/**
 * A file of devices that an import takes: each as the body that registers it, with its group by path. What is
 * secret in a definition is left out; CSV has an empty column for it.
 */
export function exportDevices(devices: readonly Device[], format: BulkFormat): AsyncIterable<string> {
  return format === 'csv' ? csv(devices) : json(devices);
}

async function* json(devices: readonly Device[]): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const slice of slices(devices)) {
    let text = '';
    for (const device of slice) {
      text += separator + JSON.stringify(toRequest(device));
      separator = ',\n';
    }
    yield text;
  }
  yield devices.length === 0 ? '[]\n' : '\n]\n';
}

async function* csv(devices: readonly Device[]): AsyncGenerator<string> {
  const names = new Set(['id', 'name', 'description', 'group.path', 'defaultDataStreamId', 'tags']);
  for await (const slice of slices(devices)) {
    for (const device of slice) {
      for (const name of toCells(device).keys()) names.add(name);
      for (const name of secretColumns(device)) names.add(name);
    }
  }
  const columns = [...names];
  yield csvLine(columns);
  for await (const slice of slices(devices)) {
    yield slice
      .map((device) => {
        const cells = toCells(device);
        return csvLine(columns.map((column) => cells.get(column)));
      })
      .join('');
  }
}

async function* slices(devices: readonly Device[]): AsyncGenerator<readonly Device[]> {
  for (let first = 0; first < devices.length; first += sliceDevices) {
    yield devices.slice(first, first + sliceDevices);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function toRequest(device: Device) {
  const { id, name, description, defaultDataStreamId, tags, properties, group, staticLocation } = device;
  return {
    id,
    name,
    description,
    defaultDataStreamId,
    tags,
    properties,
    group: { path: group.path },
    staticLocation,
    interfaces: [...device.interfaces].map(({ connector, enabled, definition }) => ({
      connector,
      enabled,
      definition: givenDefinition(connector, definition),
    })),
  };
}

/** What a caller may give of a definition and may be shown. */
function givenDefinition(connector: ConnectorName, definition: Readonly<Record<string, unknown>>) {
  const kind = interfaceKindOf(connector);
  const filledIn = kind.filledIn?.(definition) ?? [];
  const shown = Object.entries(publicDefinition(kind, definition));
  return Object.fromEntries(shown.filter(([name]) => !filledIn.includes(name)));
}

/** The values of a device by the columns of CSV. */
function toCells(device: Device): Map<string, string> {
  const { tags, ...others } = toRequest(device);
  const cells = new Map<string, string>();
  flatten(others, '', cells);
  if (tags.length > 0) cells.set('tags', tagsCell(tags));
  return cells;
}

function flatten(value: unknown, path: string, cells: Map<string, string>): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    cells.set(path, String(value));
    return;
  }
  for (const [name, inner] of Object.entries(value))
    flatten(inner, path === '' ? name : `${path}.${name}`, cells);
}

function secretColumns(device: Device): string[] {
  return [...device.interfaces].flatMap(({ connector }, index) =>
    interfaceKindOf(connector).secrets.map((secret) => `interfaces.${index}.definition.${secret}`),
  );
}
