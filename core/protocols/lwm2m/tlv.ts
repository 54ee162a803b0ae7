import { Lwm2mCodecError } from './codec-error.ts';

/** What an entry of TLV is: bits 7 and 6 of its type (LwM2M Core 1.1.1, 7.4.3). */
export const tlvKinds = ['instance', 'resource-instance', 'multiple-resource', 'resource'] as const;
export type TlvKind = (typeof tlvKinds)[number];

/** An entry: one with a value, or one that holds others. */
export type TlvEntry =
  | {
      readonly kind: 'resource' | 'resource-instance';
      readonly id: number;
      /** Where it begins in the payload. */
      readonly offset: number;
      readonly value: Uint8Array;
    }
  | {
      readonly kind: 'instance' | 'multiple-resource';
      readonly id: number;
      readonly offset: number;
      readonly entries: readonly TlvEntry[];
    };

const format = 'TLV';

/** Which kinds an entry of a kind may hold; undefined: bytes. */
const inside: Record<TlvKind, readonly TlvKind[] | undefined> = {
  instance: ['resource', 'multiple-resource'],
  'multiple-resource': ['resource-instance'],
  resource: undefined,
  'resource-instance': undefined,
};

const typeBits: Record<TlvKind, number> = {
  instance: 0b00_0_00_000,
  'resource-instance': 0b01_0_00_000,
  'multiple-resource': 0b10_0_00_000,
  resource: 0b11_0_00_000,
};
const longId = 0b00_1_00_000;

interface Header {
  readonly kind: TlvKind;
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array, offset: number, end: number): Header {
  const type = bytes[offset] as number;
  const kind = tlvKinds[type >> 6] as TlvKind;
  let at = offset + 1;
  const number = (length: number, what: string): number => {
    if (at + length > end)
      throw new Lwm2mCodecError('truncated', `it ends within ${what} of the ${kind} that begins here`, {
        format,
        offset,
      });
    let value = 0;
    for (let index = 0; index < length; index++) value = value * 256 + (bytes[at++] as number);
    return value;
  };
  const id = number(type & longId ? 2 : 1, 'the id');
  const lengthBytes = (type >> 3) & 0b11;
  const length = lengthBytes === 0 ? type & 0b111 : number(lengthBytes, 'the length');
  if (at + length > end)
    throw new Lwm2mCodecError(
      'truncated',
      `${kind} ${id} has ${length} bytes, of which only ${end - at} are there`,
      { format, offset },
    );
  return { kind, id, start: at, end: at + length };
}

/** Counts entries of a whole payload, so that a payload of headers alone stays bounded. */
interface Budget {
  left: number;
}

function readEntries(
  bytes: Uint8Array,
  start: number,
  end: number,
  allowed: readonly TlvKind[],
  budget: Budget,
): TlvEntry[] {
  const entries: TlvEntry[] = [];
  const seen = new Set<number>();
  let offset = start;
  while (offset < end) {
    if (--budget.left < 0)
      throw new Lwm2mCodecError('limit', 'it has more entries than the limit on values allows', {
        format,
        offset,
      });
    const header = readHeader(bytes, offset, end);
    if (!allowed.includes(header.kind))
      throw new Lwm2mCodecError(
        'malformed',
        `${header.kind} ${header.id} cannot stand here, only ${allowed.join(' or ')}`,
        { format, offset },
      );
    // Resources and multiple resources share their ids.
    if (seen.has(header.id))
      throw new Lwm2mCodecError('malformed', `${header.kind} ${header.id} is there twice`, {
        format,
        offset,
      });
    seen.add(header.id);
    entries.push(entryOf(bytes, header, offset, budget));
    offset = header.end;
  }
  return entries;
}

function entryOf(bytes: Uint8Array, header: Header, offset: number, budget: Budget): TlvEntry {
  const { kind, id } = header;
  if (kind === 'resource' || kind === 'resource-instance')
    return { kind, id, offset, value: bytes.slice(header.start, header.end) };
  const entries = readEntries(bytes, header.start, header.end, inside[kind] ?? [], budget);
  return { kind, id, offset, entries };
}

/**
 * The entries of a payload, each with those inside it. At the top all are of one level: instances, resources (multiple
 * or not), or resource instances.
 * @throws Lwm2mCodecError with the byte at which the entry in question begins.
 */
export function readTlv(bytes: Uint8Array, maxEntries: number): TlvEntry[] {
  if (bytes.length === 0) return [];
  const first = tlvKinds[(bytes[0] as number) >> 6] as TlvKind;
  const level: readonly TlvKind[] =
    first === 'resource' || first === 'multiple-resource' ? ['resource', 'multiple-resource'] : [first];
  return readEntries(bytes, 0, bytes.length, level, { left: maxEntries });
}

/** An entry to write. */
export type TlvNode =
  | { readonly kind: 'resource' | 'resource-instance'; readonly id: number; readonly value: Uint8Array }
  | {
      readonly kind: 'instance' | 'multiple-resource';
      readonly id: number;
      readonly entries: readonly TlvNode[];
    };

/** Entries as bytes, with ids and lengths in the fewest bytes. */
export function writeTlv(entries: readonly TlvNode[]): Uint8Array {
  const parts = entries.map((entry) => writeEntry(entry));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function writeEntry(entry: TlvNode): Uint8Array {
  const value = 'value' in entry ? entry.value : writeTlv(entry.entries);
  const header = tlvHeader(entry.kind, entry.id, value.length);
  const bytes = new Uint8Array(header.length + value.length);
  bytes.set(header);
  bytes.set(value, header.length);
  return bytes;
}

/** The bytes before a value of this length. @throws Lwm2mCodecError `limit` for one that is too long */
export function tlvHeader(kind: TlvKind, id: number, length: number): Uint8Array {
  const idBytes = id > 0xff ? [id >> 8, id & 0xff] : [id];
  const lengthBytes = bytesOfLength(length);
  const type =
    typeBits[kind] |
    (idBytes.length === 2 ? longId : 0) |
    (lengthBytes.length << 3) |
    (lengthBytes.length === 0 ? length : 0);
  return Uint8Array.of(type, ...idBytes, ...lengthBytes);
}

/** The length field: none for up to 7 bytes, which fit into the type. */
function bytesOfLength(length: number): number[] {
  if (length < 8) return [];
  if (length <= 0xff) return [length];
  if (length <= 0xffff) return [length >> 8, length & 0xff];
  if (length <= 0xff_ffff) return [length >> 16, (length >> 8) & 0xff, length & 0xff];
  throw new Lwm2mCodecError('limit', `a value of ${length} bytes is too long; the most is 16777215`, {
    format,
  });
}
