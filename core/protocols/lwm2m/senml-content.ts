import { Lwm2mCodecError } from './codec-error.ts';
import {
  type Content,
  checkDistinct,
  checkRecordPath,
  checkRecords,
  type DecodeContext,
  defaultContentLimits,
  recordOf,
  typeAt,
} from './content.ts';
import { Lwm2mPath } from './path.ts';
import { type ResolvedSenml, resolveSenml, type SenmlRecord } from './senml.ts';
import { readSenmlCbor, writeSenmlCbor } from './senml-cbor.ts';
import { readSenmlJson, writeSenmlJson } from './senml-json.ts';
import { typedValue } from './typed-value.ts';
import { inRange, isWellFormed, type Lwm2mValue, linkText, rangeText } from './value.ts';

export type SenmlFormat = 'SENML_JSON' | 'SENML_CBOR';

interface SenmlCodec {
  readonly name: string;
  readonly read: (bytes: Uint8Array) => SenmlRecord[];
  readonly write: (pack: readonly SenmlRecord[]) => Uint8Array;
}

const codecs: Record<SenmlFormat, SenmlCodec> = {
  SENML_JSON: { name: 'SenML JSON', read: readSenmlJson, write: writeSenmlJson },
  SENML_CBOR: { name: 'SenML CBOR', read: readSenmlCbor, write: writeSenmlCbor },
};

/** Reads SenML (LwM2M Core 1.1.1, 7.4.4 and 7.4.5): values with their full paths, perhaps of several objects and times. */
export function decodeSenml(bytes: Uint8Array, format: SenmlFormat, context: DecodeContext): Content {
  const { name, read } = codecs[format];
  const pack = read(bytes);
  checkRecords(pack.length, context.limits ?? defaultContentLimits, name);
  const records = resolveSenml(pack, context.nowMs, name).map((resolved, index) => {
    const { path, where } = pathOf(resolved, index, name);
    checkRecordPath(path, context.path, name, where);
    if (resolved.value === undefined)
      throw new Lwm2mCodecError('malformed', 'the record has no value', { format: name, where });
    const type = typeAt(path, context.findResource);
    const value = typedValue(resolved.value, type, (fault, reason) => {
      throw new Lwm2mCodecError(fault, reason, { format: name, where });
    });
    return recordOf(path, value, type, resolved.timestampMs);
  });
  checkDistinct(records, name);
  return { records, empty: [] };
}

function pathOf(resolved: ResolvedSenml, index: number, format: string): { path: Lwm2mPath; where: string } {
  const path = Lwm2mPath.tryParse(resolved.name);
  if (path === undefined)
    throw new Lwm2mCodecError('path', `${JSON.stringify(resolved.name)} is not a path`, {
      format,
      where: `record ${index + 1}`,
    });
  return { path, where: `record ${index + 1} (${path})` };
}

/**
 * Writes values as SenML. Values at or below one path other than the root get its text as their base name, as the
 * examples of the specification have it; a time stands in each record that has one.
 */
export function encodeSenml(content: Content, format: SenmlFormat, base: Lwm2mPath): Uint8Array {
  const { name, write } = codecs[format];
  if (content.empty.length > 0)
    throw new Lwm2mCodecError('unsupported', 'SenML cannot say that something is empty', {
      format: name,
      where: `${content.empty[0]}`,
    });
  const prefix = baseName(base, content);
  const pack = content.records.map(({ path, value, timestampMs }, index): SenmlRecord => {
    checkRecordPath(path, base, name, `${path}`);
    const rest = `${path}`.slice(prefix.length);
    return {
      ...(index === 0 && prefix !== '' && { bn: prefix }),
      ...(rest !== '' && { n: rest }),
      ...(timestampMs !== undefined && { t: secondsOf(timestampMs, name, `${path}`) }),
      ...senmlValue(value, name, `${path}`),
    };
  });
  return write(pack);
}

/** The base name: nothing at the root, the path itself for its only value, otherwise the path and a slash. */
export function baseName(base: Lwm2mPath, content: Content): string {
  if (base.kind === 'root') return '';
  return content.records.some(({ path }) => path.equals(base)) ? `${base}` : `${base}/`;
}

/** Absolute seconds; those before 1978 would be read as relative to now (RFC 8428, 4.5.3). */
function secondsOf(timestampMs: number, format: string, where: string) {
  const seconds = timestampMs / 1000;
  if (seconds < 2 ** 28)
    throw new Lwm2mCodecError('range', 'SenML has no absolute times before July 1978', { format, where });
  return Number.isSafeInteger(seconds) ? { whole: seconds } : seconds;
}

function senmlValue(value: Lwm2mValue, format: string, where: string): SenmlRecord {
  const fail = (fault: 'type' | 'range', reason: string): never => {
    throw new Lwm2mCodecError(fault, reason, { format, where });
  };
  switch (value.type) {
    case 'STRING':
    case 'CORELNK':
      return {
        vs: isWellFormed(value.value) ? value.value : fail('type', 'the text has half a surrogate pair'),
      };
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME':
      if (!inRange(value.type, value.value)) fail('range', `${value.type} holds ${rangeText(value.type)}`);
      return { v: { whole: value.value } };
    case 'FLOAT':
      if (!Number.isFinite(value.value)) fail('type', `${value.value} is no number of SenML`);
      return { v: value.value };
    case 'BOOLEAN':
      return { vb: value.value };
    case 'OPAQUE':
      return { vd: value.value };
    case 'OBJLNK':
      return { vlo: linkText(value.value) };
  }
}

/**
 * The paths that a composite read or observation names: SenML records without values (LwM2M Core 1.1.1, 6.3.8).
 * @throws Lwm2mCodecError for a record with a value, a path that is none, or no path at all.
 */
export function decodePaths(
  bytes: Uint8Array,
  format: SenmlFormat,
  limits = defaultContentLimits,
): Lwm2mPath[] {
  const { name, read } = codecs[format];
  const pack = read(bytes);
  checkRecords(pack.length, limits, name);
  if (pack.length === 0) throw new Lwm2mCodecError('malformed', 'it names no path', { format: name });
  return resolveSenml(pack, 0, name).map((resolved, index) => {
    const { path, where } = pathOf(resolved, index, name);
    if (resolved.value !== undefined)
      throw new Lwm2mCodecError('malformed', 'a path to read has no value', { format: name, where });
    return path;
  });
}

/** The paths of a composite read or observation as SenML. */
export function encodePaths(paths: readonly Lwm2mPath[], format: SenmlFormat): Uint8Array {
  return codecs[format].write(paths.map((path) => ({ n: `${path}` })));
}
