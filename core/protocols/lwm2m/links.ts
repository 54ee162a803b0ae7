import { Lwm2mCodecError } from './codec-error.ts';
import { textOf } from './tlv-value.ts';

/** An attribute of a link. One without a value is a flag, as `obs` is. */
export interface LinkAttribute {
  readonly name: string;
  readonly value?: string;
  /** Whether the value stands in quotation marks: `ver="1.1"` of LwM2M 1.0 against `ver=1.1` of 1.1. */
  readonly quoted?: true;
}

export interface Link {
  /** What stands between `<` and `>`. */
  readonly target: string;
  readonly attributes: readonly LinkAttribute[];
}

const format = 'link format';
/** RFC 6690, 2: parmname, with the `*` of an extended attribute. */
const attributeName = /[A-Za-z0-9!#$&+\-.^_`|~]+\*?/y;
/** RFC 6690, 2: ptoken. */
const token = /[A-Za-z0-9!#$%&'()*+\-./:<=>?@[\]^_`{|}~]+/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"/y;
/** A URI reference: nothing that RFC 3986 wants percent-encoded. */
const target = /<([^<>\s"{}|\\^`]*)>/y;
const unfinishedTarget = /<[^<>\s"{}|\\^`]*$/y;
const bareToken = /^[A-Za-z0-9!#$%&'()*+\-./:<=>?@[\]^_`{|}~]+$/;

class LinkReader {
  readonly #text: string;
  readonly #maxLinks: number;
  #at = 0;

  constructor(text: string, maxLinks: number) {
    this.#text = text;
    this.#maxLinks = maxLinks;
  }

  links(): Link[] {
    const links: Link[] = [];
    this.#space();
    if (this.#at === this.#text.length) return links;
    do {
      if (links.length >= this.#maxLinks)
        throw new Lwm2mCodecError('limit', `it has more links than ${this.#maxLinks}`, {
          format,
          offset: this.#at,
        });
      links.push(this.#link());
    } while (this.#separator(','));
    if (this.#at < this.#text.length) this.#refuse('expected , or ; or the end');
    return links;
  }

  #refuse(reason: string): never {
    const fault = this.#at >= this.#text.length ? 'truncated' : 'malformed';
    throw new Lwm2mCodecError(fault, reason, { format, offset: this.#at });
  }

  /** RFC 6690 has no space between the parts; clients that write one are understood. */
  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #separator(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    this.#space();
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match ?? undefined;
  }

  #link(): Link {
    const match = this.#match(target) ?? this.#noTarget();
    const attributes: LinkAttribute[] = [];
    while (this.#separator(';')) attributes.push(this.#attribute());
    return { target: match[1] ?? '', attributes };
  }

  #noTarget(): never {
    const isCut = this.#match(unfinishedTarget) !== undefined;
    return this.#refuse(isCut ? 'a target has no end' : 'expected a target in < and >');
  }

  #attribute(): LinkAttribute {
    const [name] = this.#match(attributeName) ?? this.#refuse('expected the name of an attribute');
    if (this.#text[this.#at] !== '=') return { name };
    this.#at++;
    if (this.#text[this.#at] === '"') {
      const match = this.#match(quoted) ?? this.#unclosed();
      return { name, value: (match[1] ?? '').replace(/\\([\s\S])/g, '$1'), quoted: true };
    }
    const [value] = this.#match(token) ?? this.#refuse(`expected the value of ${name}`);
    return { name, value };
  }

  #unclosed(): never {
    this.#at = this.#text.length;
    return this.#refuse('a text in quotation marks has no end');
  }
}

/** Most links that are read unless told otherwise. */
export const defaultMaxLinks = 10_000;

/**
 * The links of a document in CoRE link format (RFC 6690, 2).
 * @throws Lwm2mCodecError with the character where it goes wrong.
 */
export function parseLinks(document: string | Uint8Array, maxLinks = defaultMaxLinks): Link[] {
  const text = typeof document === 'string' ? document : textOf(document);
  if (text === undefined)
    throw new Lwm2mCodecError('malformed', 'the text is not UTF-8', { format, offset: 0 });
  return new LinkReader(text, maxLinks).links();
}

/** Links as a document. Values get quotation marks where `quoted` says so, and where they need them. */
export function formatLinks(links: readonly Link[]): string {
  return links
    .map(
      ({ target, attributes }) =>
        `<${target}>${attributes.map((attribute) => `;${written(attribute)}`).join('')}`,
    )
    .join(',');
}

function written({ name, value, quoted: inQuotes }: LinkAttribute): string {
  if (value === undefined) return name;
  const bare = !inQuotes && bareToken.test(value);
  return `${name}=${bare ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
}

/** The first attribute of a name; later ones of `rt`, `if` and `sz` do not count (RFC 6690, 3). */
export const attributeOf = (link: Link, name: string): LinkAttribute | undefined =>
  link.attributes.find((attribute) => attribute.name === name);

/** The words of an attribute that is a list, as `rt` and `ct` are. */
export const wordsOf = (link: Link, name: string): string[] =>
  (attributeOf(link, name)?.value ?? '').split(' ').filter((word) => word !== '');
