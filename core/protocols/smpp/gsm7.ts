/** The default alphabet (3GPP 23.038, 6.2.1) by code; 0x1B begins a character of the extension. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Its extension (3GPP 23.038, 6.2.1.1). */
const extension: readonly (readonly [number, string])[] = [
  ...([
    [0x0a, '\f'],
    [0x14, '^'],
    [0x28, '{'],
    [0x29, '}'],
    [0x2f, '\\'],
  ] as const),
  ...([
    [0x3c, '['],
    [0x3d, '~'],
    [0x3e, ']'],
    [0x40, '|'],
    [0x65, '€'],
  ] as const),
];
const escapeCode = 0x1b;
const carriageReturn = 0x0d;

const codes = new Map<string, readonly number[]>([
  ...[...basic].flatMap((character, code) =>
    code === escapeCode ? [] : [[character, [code]] as [string, number[]]],
  ),
  ...extension.map(([code, character]) => [character, [escapeCode, code]] as [string, number[]]),
]);
const extended = new Map(extension);
const characters = [...basic];

/** Septets of one character; undefined when neither the alphabet nor its extension has it. */
export const septetsOf = (character: string): readonly number[] | undefined => codes.get(character);

/** @returns septets, one to each number; undefined when the text has a character that the alphabet lacks */
export function toSeptets(text: string): number[] | undefined {
  const septets: number[] = [];
  for (const character of text) {
    const code = codes.get(character);
    if (!code) return undefined;
    septets.push(...code);
  }
  return septets;
}

/**
 * Text of septets. An escape before a code that the extension lacks shows that code of the alphabet, and one at the
 * end or before another a space (3GPP 23.038, 6.2.1.1). Bits above the seventh are not looked at.
 */
export function fromSeptets(septets: Iterable<number>): string {
  let text = '';
  let escaped = false;
  for (const octet of septets) {
    const code = octet & 0x7f;
    if (code === escapeCode) {
      if (escaped) text += ' ';
      escaped = !escaped;
    } else {
      text += (escaped ? extended.get(code) : undefined) ?? characters[code] ?? '';
      escaped = false;
    }
  }
  return escaped ? `${text} ` : text;
}

/** Septets that `bytes` have room for, behind a user data header of `headerBytes`. */
export const septetRoom = (bytes: number, headerBytes: number): number =>
  Math.floor((bytes * 8 - Math.ceil((headerBytes * 8) / 7) * 7) / 7);

/**
 * Packs septets, the first into the lowest bits (3GPP 23.038, 6.1.2.1.1). Seven bits left over at the end get a carriage
 * return, for they would be an `@` otherwise; a text that ends so at the edge of a byte gets a second one.
 * @param headerBytes of the user data header before it, behind which the text begins at a septet's edge
 */
export function packSeptets(septets: readonly number[], headerBytes = 0): Uint8Array {
  const fill = fillBits(headerBytes);
  const spare = (8 - ((fill + septets.length * 7) % 8)) % 8;
  const ambiguous = spare === 0 && septets.at(-1) === carriageReturn;
  const padded = spare === 7 || ambiguous ? [...septets, carriageReturn] : septets;
  const packed = new Uint8Array(Math.ceil((fill + padded.length * 7) / 8));
  padded.forEach((septet, index) => {
    const at = fill + index * 7;
    const shifted = septet << (at % 8);
    const byte = Math.floor(at / 8);
    packed[byte] = (packed[byte] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) packed[byte + 1] = (packed[byte + 1] ?? 0) | (shifted >>> 8);
  });
  return packed;
}

/** The septets of packed bytes, without a carriage return that only fills the last one. */
export function unpackSeptets(packed: Uint8Array, headerBytes = 0): number[] {
  const fill = fillBits(headerBytes);
  const septets: number[] = [];
  for (let at = fill; at + 7 <= packed.length * 8; at += 7) {
    const byte = Math.floor(at / 8);
    const pair = (packed[byte] ?? 0) | ((packed[byte + 1] ?? 0) << 8);
    septets.push((pair >>> (at % 8)) & 0x7f);
  }
  const filled = (fill + septets.length * 7) % 8 === 0 && septets.at(-1) === carriageReturn;
  return filled ? septets.slice(0, -1) : septets;
}

const fillBits = (headerBytes: number): number => (7 - ((headerBytes * 8) % 7)) % 7;
