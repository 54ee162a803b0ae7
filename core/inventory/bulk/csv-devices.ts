import { invalidParameter } from '../../contract/invalid-parameter.ts';
import type { CsvCells, CsvForm } from './csv-records.ts';

/** A column is the path of a value in the JSON of a device. Tags are one cell, `a|b` or a JSON list. */
const knownColumn = new RegExp(
  [
    '^(?:id|name|description|defaultDataStreamId|tags|group[.](?:id|path)|staticLocation[.](?:lat|lon|alt)',
    'properties[.][^.$]+',
    'interfaces[.]\\d{1,2}[.](?:connector|enabled|definition(?:[.]\\w+)+))$',
  ].join('|'),
);
const namedColumns =
  'id, name, description, defaultDataStreamId, tags, group.id, group.path, staticLocation.lat, .lon and .alt, ' +
  'properties.{name}, interfaces.{n}.connector, .enabled and .definition.{field}';
const numericColumn = /^staticLocation[.]/;
const booleanColumn = /^interfaces[.]\d+[.](?:enabled|definition[.]connectivityOptions[.])/;
const tagSeparator = '|';

/** A CSV file of devices. */
export const deviceCsv: CsvForm<string> = {
  makes: 'a device',
  columns: namedColumns,
  needed: ['id'],
  mayEndEarly: false,
  columnOf: (cell) => {
    // Spaces may be part of the name of a property, and are a slip elsewhere.
    const column = knownColumn.test(cell) ? cell : cell.trim();
    return knownColumn.test(column) && !column.includes('__proto__') ? column : undefined;
  },
  toRecord: toDevice,
};

function toDevice(columns: readonly string[], cells: CsvCells): unknown {
  const device: Tree = {};
  columns.forEach((column, index) => {
    const cell = cells[index];
    if (cell !== undefined && cell !== null) put(device, column.split('.'), toValue(column, cell));
  });
  const { interfaces } = device;
  if (interfaces === undefined) return device;
  const byNumber = Object.entries(interfaces as Tree).sort(([a], [b]) => Number(a) - Number(b));
  return { ...device, interfaces: byNumber.map(([, each]) => ({ definition: {}, ...(each as Tree) })) };
}

type Tree = { [name: string]: unknown };

function put(tree: Tree, [name = '', ...deeper]: readonly string[], value: unknown): void {
  if (deeper.length === 0) tree[name] = value;
  else {
    tree[name] ??= {};
    put(tree[name] as Tree, deeper, value);
  }
}

function toValue(column: string, cell: string): unknown {
  if (column === 'tags') return toTags(cell);
  // Spreadsheets write TRUE.
  if (booleanColumn.test(column) && /^(?:true|false)$/i.test(cell.trim())) return cell.trim().toLowerCase();
  // What is no number is left as it is, so that the check of the device names it.
  return numericColumn.test(column) && cell.trim() !== '' && Number.isFinite(Number(cell))
    ? Number(cell)
    : cell;
}

function toTags(cell: string): unknown {
  if (!cell.startsWith('[')) return cell.split(tagSeparator).map((tag) => tag.trim());
  try {
    return JSON.parse(cell);
  } catch {
    throw invalidParameter('tags: begins with [ and is not a JSON list; write a|b or ["a","b"]');
  }
}

/** The cell of some tags, from which {@link deviceCsv} reads the same. */
export function tagsCell(tags: readonly string[]): string {
  const plain =
    tags.every((tag) => tag.trim() === tag && !tag.includes(tagSeparator)) && !tags[0]?.startsWith('[');
  return plain ? tags.join(tagSeparator) : JSON.stringify(tags);
}
