import { Lwm2mCodecError } from './codec-error.ts';
import { textOf } from './tlv-value.ts';
import { toInteger } from './value.ts';
import type { WireWhole } from './wire-number.ts';

export type JsonItem =
  | WireWhole
  | number
  | string
  | boolean
  | null
  | JsonItem[]
  | ReadonlyMap<string, JsonItem>;

/** Values within one another; SenML and LwM2M JSON need three. */
const maxDepth = 16;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
/** More digits than any number of 64 bits has; beyond, a number is read as a float. */
const maxDigits = 20;

/**
 * Reads JSON strictly (RFC 8259), and other than `JSON.parse` keeps whole numbers of 64 bits exact, refuses a name that
 * is in an object twice, and tells the character where it goes wrong.
 */
class JsonReader {
  readonly #text: string;
  readonly #format: string;
  #at = 0;

  constructor(text: string, format: string) {
    this.#text = text;
    this.#format = format;
  }

  document(): JsonItem {
    const item = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#refuse('there is something behind the value');
    return item;
  }

  #refuse(reason: string, offset = this.#at): never {
    const fault = offset >= this.#text.length ? 'truncated' : 'malformed';
    throw new Lwm2mCodecError(fault, reason, { format: this.#format, offset });
  }

  /** Refuses what is left: as truncated if `unfinished` says that more could have followed. */
  #refuseUnlessCut(unfinished: RegExp, reason: string): never {
    // What is unfinished is short; nothing longer is worth a look.
    const isCut = this.#text.length - this.#at <= 6 && unfinished.test(this.#text.slice(this.#at));
    return this.#refuse(isCut ? 'it ends here' : reason, isCut ? this.#text.length : this.#at);
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  /** The next character that is no space, taken if it is one of those expected. */
  #next(expected: string): string {
    this.#space();
    const character = this.#text[this.#at];
    if (character === undefined || !expected.includes(character))
      this.#refuse(`expected ${expected.split('').join(' or ')}`);
    this.#at++;
    return character;
  }

  #peek(): string {
    this.#space();
    return this.#text[this.#at] ?? '';
  }

  #value(depth: number): JsonItem {
    if (depth > maxDepth)
      throw new Lwm2mCodecError('limit', `values are within one another more than ${maxDepth} deep`, {
        format: this.#format,
        offset: this.#at,
      });
    switch (this.#peek()) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #word<Value>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#at))
      this.#refuseUnlessCut(/^(t(ru?)?|f(a(ls?)?)?|n(ul?)?)$/, `expected a value such as ${word}`);
    this.#at += word.length;
    return value;
  }

  #number(): WireWhole | number {
    const pattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return this.#refuseUnlessCut(/^-$/, 'expected a value');
    const [text, fraction, exponent] = match;
    const number = Number(text);
    if (!Number.isFinite(number)) this.#refuse('the number is too large');
    this.#at += text.length;
    if (/[.eE]/.test(this.#text[this.#at] ?? ''))
      this.#refuseUnlessCut(/^(\.|[eE][+-]?)$/, 'this is no number of JSON');
    const isFloat = fraction !== undefined || exponent !== undefined || text.length > maxDigits;
    return isFloat ? number : { whole: toInteger(BigInt(text)) };
  }

  #array(depth: number): JsonItem[] {
    this.#next('[');
    const items: JsonItem[] = [];
    if (this.#peek() === ']') {
      this.#at++;
      return items;
    }
    do items.push(this.#value(depth + 1));
    while (this.#next(',]') === ',');
    return items;
  }

  #object(depth: number): ReadonlyMap<string, JsonItem> {
    this.#next('{');
    const map = new Map<string, JsonItem>();
    if (this.#peek() === '}') {
      this.#at++;
      return map;
    }
    do {
      this.#peek();
      const offset = this.#at;
      const name = this.#string();
      if (map.has(name)) this.#refuse(`"${name}" is in the object twice`, offset);
      this.#next(':');
      map.set(name, this.#value(depth + 1));
    } while (this.#next(',}') === ',');
    return map;
  }

  #string(): string {
    this.#next('"');
    let text = '';
    for (;;) {
      const start = this.#at;
      while (this.#isPlain(this.#text.charCodeAt(this.#at))) this.#at++;
      text += this.#text.slice(start, this.#at);
      const character = this.#text[this.#at];
      if (character === '"') {
        this.#at++;
        return text;
      }
      if (character !== '\\')
        this.#refuse(character === undefined ? 'the text has no end' : 'a control character');
      text += this.#escape();
    }
  }

  /** Neither a control character, a quotation mark, a backslash, nor the end, whose code is NaN. */
  #isPlain(code: number): boolean {
    return code >= 0x20 && code !== 0x22 && code !== 0x5c;
  }

  #escape(): string {
    const offset = this.#at;
    const character = this.#text[offset + 1] ?? '';
    const plain = escapes[character];
    if (plain !== undefined) {
      this.#at += 2;
      return plain;
    }
    const hex = this.#text.slice(offset + 2, offset + 6);
    if (character !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex))
      this.#refuseUnlessCut(/^\\(u[0-9a-fA-F]{0,3})?$/, 'this is no escape of JSON');
    this.#at += 6;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }
}

/** The one value that bytes are as JSON in UTF-8. @throws Lwm2mCodecError with the character where it goes wrong. */
export function readJson(bytes: Uint8Array, format: string): JsonItem {
  const text = textOf(bytes);
  if (text !== undefined) return new JsonReader(text, format).document();
  const offset = wellFormedLength(bytes);
  if (offset === bytes.length)
    throw new Lwm2mCodecError('truncated', 'it ends within a character of UTF-8', { format, offset });
  throw new Lwm2mCodecError('malformed', 'the text is not UTF-8', { format, offset });
}

/** How many bytes from the start could begin a text in UTF-8. */
function wellFormedLength(bytes: Uint8Array): number {
  const canBegin = (length: number): boolean => {
    try {
      // With `stream` an unfinished character at the end is no error.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  if (canBegin(bytes.length)) return bytes.length;
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (canBegin(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
