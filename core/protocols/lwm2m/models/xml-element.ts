/** Throws. @param index where in the text the element begins. */
type Fail = (reason: string, index: number | undefined, where: string) => never;

/** An element as fast-xml-parser gives it with `preserveOrder`: its name leads to what is in it. */
type Node = Readonly<Record<string | symbol, unknown>>;

const textName = '#text';
const cdataName = '#cdata';
const attributesName = ':@';
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const nameIn = (node: Node): string => Object.keys(node).find((key) => key !== attributesName) ?? '';

/** An element of a document, which knows where it is. */
export class XmlElement {
  /** The name under which the parser has to give sections of CDATA. */
  static readonly cdata = cdataName;

  readonly name: string;
  readonly #node: Node;
  readonly #children: readonly Node[];
  readonly #fail: Fail;
  readonly #where: string;
  /** Under which a node has its place in the text. */
  readonly #place: symbol;

  private constructor(
    name: string,
    node: Node,
    children: readonly Node[],
    where: string,
    place: symbol,
    fail: Fail,
  ) {
    this.name = name;
    this.#node = node;
    this.#children = children;
    this.#where = where;
    this.#place = place;
    this.#fail = fail;
  }

  /** What is above the root of a document. */
  static document(nodes: readonly Node[], place: symbol, fail: Fail): XmlElement {
    return new XmlElement('', {}, nodes, '', place, fail);
  }

  refuse(reason: string): never {
    const place = this.#node[this.#place] as { startIndex?: number } | undefined;
    return this.#fail(reason, place?.startIndex, this.#where);
  }

  attribute(name: string): string | undefined {
    const attributes = this.#node[attributesName] as Readonly<Record<string, string>> | undefined;
    const value = attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    return value === undefined ? undefined : this.#decoded(value);
  }

  /** The elements of a name directly inside. */
  all(name: string): XmlElement[] {
    return this.#children
      .filter((child) => nameIn(child) === name)
      .map((child) => {
        const id = (child[attributesName] as Readonly<Record<string, string>> | undefined)?.ID;
        const label = id === undefined ? name : `${name} ${id}`;
        const where = this.#where === '' ? label : `${this.#where} > ${label}`;
        return new XmlElement(name, child, child[name] as readonly Node[], where, this.#place, this.#fail);
      });
  }

  optional(name: string): XmlElement | undefined {
    const [first, second] = this.all(name);
    if (second) second.refuse('it is there twice');
    return first;
  }

  only(name: string): XmlElement {
    return this.optional(name) ?? this.refuse(`it has no element ${name}`);
  }

  /** The text inside. */
  get content(): string {
    return this.#children
      .map((child) => {
        if (cdataName in child)
          return (child[cdataName] as readonly Node[]).map((part) => part[textName]).join('');
        return textName in child ? this.#decoded(String(child[textName])) : '';
      })
      .join('');
  }

  /** The text of an element inside, trimmed; empty if there is none. */
  text(name: string): string {
    return this.optional(name)?.content.trim() ?? '';
  }

  #decoded(text: string): string {
    return text.replace(/&([^;\s]{0,16});?/g, (whole, name: string) => {
      const known = Object.hasOwn(entities, name) ? entities[name] : characterOf(name);
      return whole.endsWith(';') && known !== undefined ? known : this.refuse(`${whole} is no entity of XML`);
    });
  }
}

/** The character that `#65` or `#x41` stands for. */
function characterOf(name: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isCharacter = code > 0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
