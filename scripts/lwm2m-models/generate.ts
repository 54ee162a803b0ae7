// Makes core/protocols/lwm2m/models/public-models.json: the objects of the OMA registry, from the JSON Schema and the
// types that @nordicsemiconductor/lwm2m-types holds, completed from facts.json. `npm run generate:models` writes it,
// and a test compares.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompactObject, CompactResource } from '../../core/protocols/lwm2m/models/compact-model.ts';
import type { DataType } from '../../core/protocols/lwm2m/value.ts';
import { root } from '../lib/prepare.mjs';
import facts from './facts.json' with { type: 'json' };

interface Schema {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly unixTimestamp?: boolean;
}

type Lists = Readonly<Record<string, readonly number[]>>;

interface ExecutableFact {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly mandatory?: boolean;
}

interface ObjectFacts {
  readonly versions?: readonly string[];
  readonly since?: Lists;
  readonly operations: Lists;
  readonly executable?: readonly ExecutableFact[];
  readonly definition?: Omit<CompactObject, 'id' | 'versions'>;
}

interface ReusableExecutable {
  readonly name: string;
  readonly description: string;
  /** The objects that have it, or: those in a range of ids that have other resources. */
  readonly objects?: readonly number[];
  readonly with?: readonly number[];
  readonly among?: readonly number[];
}

const source = join(root, 'node_modules/@nordicsemiconductor/lwm2m-types');
export const target = join(root, 'core/protocols/lwm2m/models/public-models.json');

const reusable = facts.reusable as Lists;
const objectFacts = facts.objects as unknown as Readonly<Record<string, ObjectFacts | undefined>>;
const executables = facts.executable as Readonly<Record<string, ReusableExecutable>>;
const { OPAQUE: opaque, UNSIGNED_INTEGER: unsigned } = facts.types;

const keyOf = (lists: Lists | undefined, id: number): string | undefined =>
  Object.entries(lists ?? {}).find(([, ids]) => ids.includes(id))?.[0];

const clean = (text: string | undefined): string =>
  (text ?? '')
    .replace(/\r\n/g, '\n')
    .replace(/[ \t]+/g, ' ')
    .trim();

/** Ids of resources whose values are true and false: JSON Schema has them as integers from 0 to 1. */
function booleansOf(objectId: number): Set<number> {
  const file = join(source, `types/${objectId}.ts`);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const ids = [...text.matchAll(/^type \w*_(\d+) =\s*(?:Array<)?boolean/gm)].map(([, id]) => Number(id));
  return new Set(ids);
}

function typeOf(objectId: number, id: number, schema: Schema, booleans: Set<number>): DataType {
  const listed = (types: { reusable: number[]; objects: unknown }): boolean =>
    types.reusable.includes(id) || (types.objects as Lists)[objectId]?.includes(id) === true;
  if (schema.unixTimestamp) return 'TIME';
  if (schema.type === 'number') return 'FLOAT';
  if (schema.type === 'string') {
    if (schema.pattern?.includes('dd')) return 'OBJLNK';
    if (schema.pattern) return 'CORELNK';
    return listed(opaque) ? 'OPAQUE' : 'STRING';
  }
  if (booleans.has(id)) return 'BOOLEAN';
  const [first = 0, last = -1] = unsigned.nonNegativeIn;
  const isNonNegative = objectId >= first && objectId <= last && (schema.minimum ?? 0) >= 0;
  return listed(unsigned) || isNonNegative ? 'UNSIGNED_INTEGER' : 'INTEGER';
}

function rangeOf(schema: Schema, type: DataType): string | undefined {
  const [least, most] =
    schema.type === 'string' ? [schema.minLength, schema.maxLength] : [schema.minimum, schema.maximum];
  if (type === 'BOOLEAN' || least === undefined || most === undefined) return undefined;
  // The schema's number for the largest of 64 bits is rounded up.
  return `${least}..${most > Number.MAX_SAFE_INTEGER ? 2n ** 64n - 1n : most}`;
}

function resourceOf(objectId: number, id: number, schema: Schema, booleans: Set<number>): CompactResource {
  const value = schema.items ?? schema;
  const type = typeOf(objectId, id, value, booleans);
  const [, text, units] = /^([\s\S]*?)(?:\s*Units: ([\s\S]*)\.)?$/.exec(clean(schema.description)) ?? [];
  const description =
    type === 'TIME' ? text?.replace(/\s*Unix Time\. A signed integer representing.*$/s, '') : text;
  const own = objectFacts[objectId];
  const operations = keyOf(own?.operations, id) ?? keyOf(reusable, id);
  const since = keyOf(own?.since, id);
  const range = rangeOf(value, type);
  return {
    id,
    name: clean(schema.title),
    type,
    ...(schema.type === 'array' && { multiple: true }),
    ...(operations !== undefined && { operations }),
    ...(range !== undefined && { range }),
    ...(units && { units: units.trim() }),
    ...(since !== undefined && { since }),
    description: clean(description),
  };
}

function executablesOf(objectId: number, ids: readonly number[]): CompactResource[] {
  const has = (fact: ReusableExecutable): boolean => {
    if (fact.objects) return fact.objects.includes(objectId);
    const [first = 0, last = -1] = fact.among ?? [];
    return objectId >= first && objectId <= last && (fact.with ?? []).every((id) => ids.includes(id));
  };
  const shared = Object.entries(executables)
    .filter(([, fact]) => has(fact))
    .map(([id, { name, description }]) => ({ id: Number(id), name, description }));
  const own = objectFacts[objectId]?.executable ?? [];
  return [...shared, ...own].map(({ id, name, description, ...rest }) => {
    const since = keyOf(objectFacts[objectId]?.since, id);
    return {
      id,
      name,
      type: 'NONE' as const,
      ...('mandatory' in rest && rest.mandatory && { mandatory: true }),
      operations: 'E',
      ...(since !== undefined && { since }),
      description,
    };
  });
}

const byId = (one: { id: number }, other: { id: number }): number => one.id - other.id;

function objectOf(key: string, schema: Schema): CompactObject {
  const [, idText, version = '1.0', lwm2mVersion = '1.0'] =
    /^(\d+)(?::([\d.]+))?(?:@([\d.]+))?$/.exec(key) ?? [];
  const id = Number(idText);
  const object = schema.items ?? schema;
  const properties = Object.entries(object.properties ?? {});
  const ids = properties.map(([resource]) => Number(resource));
  const booleans = booleansOf(id);
  const resources = properties.map(([resource, value]) => ({
    ...resourceOf(id, Number(resource), value, booleans),
    ...(object.required?.includes(resource) && { mandatory: true }),
  }));
  const text = clean(object.description);
  return {
    id,
    version,
    ...(objectFacts[id]?.versions && { versions: objectFacts[id].versions }),
    lwm2mVersion,
    name: clean(object.title),
    ...(schema.type === 'array' && { multiple: true }),
    ...(/ Mandatory: true$/.test(text) && { mandatory: true }),
    description: text.replace(
      /\s*LWM2MVersion: \S+ ObjectVersion: \S+ MultipleInstances: \S+ Mandatory: \S+$/,
      '',
    ),
    resources: [...resources, ...executablesOf(id, ids)].sort(byId),
  };
}

/** Objects that the package leaves out, as facts.json defines them. */
function definedObjects(): CompactObject[] {
  return Object.entries(objectFacts).flatMap(([id, own]) => {
    if (!own?.definition) return [];
    const resources = own.definition.resources.map((resource) => {
      const operations = keyOf(own.operations, resource.id);
      const since = keyOf(own.since, resource.id);
      return {
        ...resource,
        ...(operations !== undefined && { operations }),
        ...(since !== undefined && { since }),
      };
    });
    return [
      { id: Number(id), ...(own.versions && { versions: own.versions }), ...own.definition, resources },
    ];
  });
}

/** The text of the file: an object in each line, so that one is read without the others. */
export function generateModels(): string {
  const schema: Schema = JSON.parse(readFileSync(join(source, 'LwM2MDocument.schema.json'), 'utf8'));
  const objects = Object.entries(schema.properties ?? {}).map(([key, value]) => objectOf(key, value));
  const lines = [...definedObjects(), ...objects].sort(byId).map((object) => {
    const { id, ...rest } = object;
    return `  ${JSON.stringify(JSON.stringify({ id, ...rest }))}`;
  });
  return `[\n${lines.join(',\n')}\n]\n`;
}
