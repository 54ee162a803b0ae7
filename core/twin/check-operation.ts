import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { BenchOperationRequest } from '../contract/twin-bench.ts';
import { parseAttributeValue } from '../protocols/lwm2m/attributes.ts';
import { Lwm2mCodecError } from '../protocols/lwm2m/codec-error.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';

type Request = BenchOperationRequest;

/** Where something is wrong in an operation, and what. */
class Problem extends Error {
  readonly field: string;

  constructor(field: string, text: string) {
    super(text);
    this.field = field;
  }
}

/**
 * Refuses an operation whose parts do not fit its type (manual 7.8.6.3), whatever the device. What the models say against it
 * is found when it is to be sent.
 * @param at where the operation stands in the request, for the error
 * @throws PlatformError `api.invalidParameter`
 */
export function checkOperation(request: Request, at = 'body'): void {
  try {
    check(request);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw invalidParameter(`${at}.${error.field}: ${error.message}`);
  }
}

function check(request: Request): void {
  const { type, values, writeMode, argument } = request;
  if (type !== 'WRITE' && writeMode) refuse('writeMode', 'is for WRITE only');
  if (type !== 'EXECUTE' && argument) refuse('argument', 'is for EXECUTE only');
  if (values && withoutValues.includes(type)) refuse('values', `is not for ${type}`);
  switch (type) {
    case 'READ':
      checkRead(request);
      break;
    case 'WRITE':
      checkWrite(request);
      break;
    case 'EXECUTE':
      if (onlyPath(request).kind !== 'resource')
        refuse('paths[0]', 'must lead to an attribute, as /1/0/8: nothing else can be executed');
      break;
    case 'WRITE-METADATA':
      checkMetadata(request);
      break;
    case 'CREATE':
    case 'DELETE':
      if (onlyPath(request).kind !== 'instance')
        refuse('paths[0]', 'must lead to an object instance, as /3303/1');
      if (values) checkValues(values, onlyPath(request));
      break;
    case 'DISCOVER':
      if (!discoverable.includes(onlyPath(request).kind))
        refuse('paths[0]', 'must lead to an object, an object instance or an attribute');
      break;
  }
}

const withoutValues: readonly Request['type'][] = ['READ', 'EXECUTE', 'DELETE', 'DISCOVER'];
const discoverable: readonly string[] = ['object', 'instance', 'resource'];

function checkRead({ paths }: Request): void {
  if (!paths || paths.length === 0) refuse('paths', 'must name a path');
  distinct(paths ?? [], 'paths');
}

function checkWrite(request: Request): void {
  const target = onlyPath(request);
  if (!request.writeMode) refuse('writeMode', 'must be UPDATE or REPLACE');
  if (target.kind === 'object') refuse('paths[0]', 'must be /, an object instance, or something below one');
  if (target.kind === 'root' && request.writeMode === 'REPLACE')
    refuse('writeMode', 'must be UPDATE for the path /');
  const values = request.values ?? [];
  if (values.length === 0) refuse('values', 'must hold a value');
  checkValues(values, target);
}

function checkValues(values: NonNullable<Request['values']>, target: Lwm2mPath): void {
  distinct(
    values.map(({ path }) => path),
    'values',
  );
  values.forEach(({ path, value, metadata }, index) => {
    const at = `values[${index}]`;
    if (metadata) refuse(`${at}.metadata`, 'is for WRITE-METADATA only');
    if (value === undefined) refuse(`${at}.value`, 'is needed');
    const parsed = Lwm2mPath.parse(path);
    if (parsed.resourceId === undefined) refuse(`${at}.path`, 'must lead to an attribute, as /1/0/7');
    if (!parsed.startsWith(target)) refuse(`${at}.path`, `must be at or below ${target}, the path to write`);
  });
}

function checkMetadata({ paths, values }: Request): void {
  const [only, ...others] = values ?? [];
  if (!only || others.length > 0) refuse('values', 'must hold one path with its metadata');
  const { path, value, metadata = [] } = only as NonNullable<Request['values']>[number];
  const at = 'values[0]';
  if (path === '/') refuse(`${at}.path`, 'must not be /');
  if (value !== undefined) refuse(`${at}.value`, 'is for WRITE only');
  if (metadata.length === 0) refuse(`${at}.metadata`, 'is needed for WRITE-METADATA');
  if (paths && (paths.length !== 1 || paths[0] !== path))
    refuse('paths', `must be left out, or be ${path} alone`);
  distinct(
    metadata.map(({ name }) => name),
    `${at}.metadata`,
  );
  metadata.forEach(({ name, value: given }, index) => {
    if (given === undefined || given === null) return;
    try {
      parseAttributeValue(name, String(given));
    } catch (error) {
      if (!(error instanceof Lwm2mCodecError)) throw error;
      refuse(`${at}.metadata[${index}].value`, error.message);
    }
  });
}

function onlyPath({ type, paths }: Request): Lwm2mPath {
  const [path, ...others] = paths ?? [];
  if (path === undefined || others.length > 0) return refuse('paths', `must name one path for ${type}`);
  return Lwm2mPath.parse(path);
}

function distinct(names: readonly string[], field: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(field, `names ${twice} twice`);
}

function refuse(field: string, problem: string): never {
  throw new Problem(field, problem);
}
