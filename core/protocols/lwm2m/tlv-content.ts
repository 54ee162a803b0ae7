import { type CodecFault, Lwm2mCodecError } from './codec-error.ts';
import {
  type Content,
  type DecodeContext,
  defaultContentLimits,
  type ResourceRecord,
  recordOf,
  typeAt,
} from './content.ts';
import { comparePaths, Lwm2mPath } from './path.ts';
import { readTlv, type TlvEntry, type TlvNode, writeTlv } from './tlv.ts';
import { decodeTlvValue, encodeTlvValue } from './tlv-value.ts';

const format = 'TLV';

/** Entries above the values: an object has at most as many instances and multiple resources as values, or empty ones. */
const entriesForEachRecord = 2;

/**
 * Reads TLV that answers or writes `context.path`. Resources without an instance around them, for a path of an object,
 * are of its instance 0, as a client answers whose object has but one, or of `newInstanceId`.
 */
export function decodeTlv(bytes: Uint8Array, context: DecodeContext): Content {
  const { path } = context;
  const limits = context.limits ?? defaultContentLimits;
  if (path.kind === 'root')
    throw new Lwm2mCodecError('path', 'TLV cannot hold several objects, so the path / has none', { format });
  const entries = readTlv(bytes, limits.maxRecords * entriesForEachRecord);
  const content: { records: ResourceRecord[]; empty: Lwm2mPath[] } = { records: [], empty: [] };
  for (const entry of entries) walk(entry, pathOf(entry, context), context, content);
  if (path.kind === 'resource' && entries.length === 0) content.empty.push(path);
  return content;
}

/** Where an entry at the top of the payload is. */
function pathOf(entry: TlvEntry, { path: base, newInstanceId = 0 }: DecodeContext): Lwm2mPath {
  const refuse = (reason: string): never => {
    throw new Lwm2mCodecError('path', reason, { format, offset: entry.offset });
  };
  const at = (...ids: number[]): Lwm2mPath => {
    const path = placed(entry, ids);
    return path.startsWith(base) || base.startsWith(path)
      ? path
      : refuse(`${path} is not at or below ${base}, which was asked for`);
  };
  const [objectId = 0, instanceId = newInstanceId, resourceId] = base.ids;
  switch (entry.kind) {
    case 'instance':
      return base.ids.length <= 2 ? at(objectId, entry.id) : refuse(`${base} has no object instances in it`);
    case 'resource':
    case 'multiple-resource':
      return at(objectId, instanceId, entry.id);
    case 'resource-instance':
      return resourceId === undefined
        ? refuse('a resource instance needs a resource around it')
        : at(objectId, instanceId, resourceId, entry.id);
  }
}

/** A path whose last id is the entry's; the error of an id that cannot be tells where in the payload it is. */
function placed(entry: TlvEntry, ids: readonly number[]): Lwm2mPath {
  try {
    return Lwm2mPath.of(...ids);
  } catch (error) {
    if (error instanceof Lwm2mCodecError)
      throw new Lwm2mCodecError('path', error.reason, { format, offset: entry.offset });
    throw error;
  }
}

function walk(
  entry: TlvEntry,
  path: Lwm2mPath,
  context: DecodeContext,
  content: { records: ResourceRecord[]; empty: Lwm2mPath[] },
): void {
  if ('value' in entry) {
    content.records.push(recordAt(entry.value, entry.offset, path, context));
    return;
  }
  if (entry.entries.length === 0) content.empty.push(path);
  for (const child of entry.entries) {
    const below = placed(child, [...path.ids, child.id]);
    if (below.startsWith(context.path)) walk(child, below, context, content);
    else
      throw new Lwm2mCodecError('path', `${below} is not below ${context.path}, which was asked for`, {
        format,
        offset: child.offset,
      });
  }
}

function recordAt(
  value: Uint8Array,
  offset: number,
  path: Lwm2mPath,
  context: DecodeContext,
): ResourceRecord {
  const type = typeAt(path, context.findResource);
  const decoded = decodeTlvValue(value, type, (fault, reason) => {
    throw new Lwm2mCodecError(fault, reason, { format, offset, where: `${path}` });
  });
  return recordOf(path, decoded, type);
}

/** Segments of the outermost path that has an entry around its values, by those of the path of the request. */
const outermostHolder = [0, 2, 3, 3, 5] as const;

type Holder = Extract<TlvNode, { entries: unknown }> & { readonly entries: TlvNode[] };

/**
 * Writes values as TLV for a request or answer at `base`: instances around them for an object, none below. Values have
 * no times in TLV, and are all at or below `base`.
 */
export function encodeTlv(content: Content, base: Lwm2mPath): Uint8Array {
  if (base.kind === 'root') throw refusal('path', 'TLV cannot hold several objects, so the path / has none');
  const top: TlvNode[] = [];
  const holders = new Map<string, Holder>();
  const leaves = new Set<string>();
  const outermost = outermostHolder[base.ids.length] ?? 0;

  const entriesOf = (path: Lwm2mPath): TlvNode[] => {
    if (path.ids.length < outermost) return top;
    const found = holders.get(`${path}`);
    if (found) return found.entries;
    const kind = path.kind === 'instance' ? 'instance' : 'multiple-resource';
    const holder: Holder = { kind, id: lastId(path), entries: [] };
    holders.set(`${path}`, holder);
    entriesOf(path.parent ?? base).push(holder);
    return holder.entries;
  };

  for (const { path, record } of inOrder(content)) {
    if (!path.startsWith(base)) throw refusal('path', `${path} is not at or below ${base}`);
    if (record === undefined) {
      entriesOf(path);
      continue;
    }
    if (leaves.has(`${path}`)) throw refusal('malformed', `${path} is there twice`);
    if (leaves.has(`${path.parent}`))
      throw refusal('malformed', `${path.parent} has both a value and instances`);
    leaves.add(`${path}`);
    entriesOf(path.parent ?? base).push(leafOf(record));
  }
  return writeTlv(top);
}

const refusal = (fault: CodecFault, reason: string, where?: string) =>
  new Lwm2mCodecError(fault, reason, { format, ...(where !== undefined && { where }) });

const lastId = (path: Lwm2mPath): number => path.ids.at(-1) ?? 0;

/** Values and what is empty, by path, so that what belongs into one entry stands together. */
function inOrder(content: Content): { path: Lwm2mPath; record?: ResourceRecord }[] {
  const all = [
    ...content.records.map((record) => ({ path: record.path, record })),
    ...content.empty.map((path) => ({ path })),
  ];
  return all.sort((one, other) => comparePaths(one.path, other.path));
}

function leafOf(record: ResourceRecord): TlvNode {
  const { path, value } = record;
  if (path.resourceId === undefined) throw refusal('path', `${path} is not the path of a resource`);
  if (record.timestampMs !== undefined) throw refusal('unsupported', 'TLV has no times', `${path}`);
  const kind = path.kind === 'resource' ? 'resource' : 'resource-instance';
  return { kind, id: lastId(path), value: encodeTlvValue(value, `${path}`) };
}
