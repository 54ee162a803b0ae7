import { parse } from 'csv-parse/sync';
import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { Value } from './turn.ts';

const number = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const fieldName = /^[^$.][^.]*$/;

/**
 * The rows of CSV text (RFC 4180), one for each message, and from the first again after the last. Numbers, `true`
 * and `false` become values of their kind, and an empty cell is left out.
 * @throws PlatformError `api.invalidParameter` that names the line
 */
export function csvReplay(text: string): (n: number) => Readonly<Record<string, Value>> {
  const [header, ...lines] = readLines(text);
  if (!header) throw wrong('has no first line with the names of the fields');
  for (const [index, name] of header.entries()) {
    if (!fieldName.test(name)) {
      throw wrong(
        `line 1: ${JSON.stringify(name)} is no name: it must not be empty, begin with $ or hold a dot`,
      );
    }
    if (header.indexOf(name) !== index)
      throw wrong(`line 1: the name ${JSON.stringify(name)} is there twice`);
  }
  if (lines.length === 0) throw wrong('has no line below the names of the fields');
  const rows = lines.map((cells) =>
    Object.fromEntries(
      cells.flatMap((cell, index) => (cell === '' ? [] : [[header[index] ?? '', toValue(cell)] as const])),
    ),
  );
  return (n) => rows[(n - 1) % rows.length] ?? {};
}

function readLines(text: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    // The parser names the line.
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function toValue(cell: string): Value {
  if (cell === 'true' || cell === 'false') return cell === 'true';
  return number.test(cell) ? Number(cell) : cell;
}

function wrong(what: string) {
  return invalidParameter(`payload.text: the CSV text ${what}`);
}
