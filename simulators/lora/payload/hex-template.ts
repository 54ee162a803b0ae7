import { invalidParameter } from '../../../core/contract/invalid-parameter.ts';
import { wholeNumber } from './cayenne-lpp.ts';

/** What a place of a template may name: the number of the message, or a field. */
export type Values = (name: string) => number;

type Part = (values: Values) => readonly number[];

const place =
  /^(?<sign>[ui])(?<bits>8|16|24|32)(?<order>le)?\s+(?<name>[A-Za-z_]\w*)(?:\s*\*\s*(?<factor>-?\d+(?:\.\d+)?))?$/;

/**
 * A payload as hexadecimal digits with places to fill, such as `01{{u16 n}}{{i16le temperature*10}}`: type (`u` or `i`, 8 to 32
 * bits, `le` for the lowest byte first), name, and what it is multiplied with. Spaces between digits do not count.
 * @param names that a place may have
 * @throws PlatformError `api.invalidParameter` that says which column is wrong
 */
export function hexTemplate(text: string, names: readonly string[]): (values: Values) => Uint8Array {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
    } else if (text.startsWith('{{', at)) {
      const end = text.indexOf('}}', at);
      if (end < 0) throw wrong(at, 'a place is not closed by }}');
      parts.push(placeOf(text.slice(at + 2, end).trim(), at, names));
      at = end + 2;
    } else {
      const digits = text.slice(at, at + 2);
      if (!/^[0-9A-Fa-f]{2}$/.test(digits))
        throw wrong(at, `${JSON.stringify(digits)} are no two hexadecimal digits`);
      const byte = [Number.parseInt(digits, 16)];
      parts.push(() => byte);
      at += 2;
    }
  }
  return (values) => Uint8Array.from(parts.flatMap((part) => part(values)));
}

function placeOf(text: string, at: number, names: readonly string[]): Part {
  const { sign, bits, order, name = '', factor = '1' } = place.exec(text)?.groups ?? {};
  if (sign === undefined)
    throw wrong(at, `{{${text}}} is no place such as {{u16 n}} or {{i16le temperature*10}}`);
  if (!names.includes(name)) throw wrong(at, `there is no field ${name}; there are ${names.join(', ')}`);
  const [bytes, by] = [Number(bits) / 8, Number(factor)];
  return (values) => {
    const written = wholeNumber(Math.round(values(name) * by), bytes, sign === 'i');
    return order === 'le' ? written.reverse() : written;
  };
}

const wrong = (at: number, what: string) => invalidParameter(`body.payload.text: column ${at + 1}: ${what}`);
