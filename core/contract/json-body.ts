import { PlatformError } from './errors.ts';
import { jsonErrorOffset } from './json-error-offset.ts';

/** Deeper than any real body; what walks a body recursively is safe up to here. */
const deepestBody = 200;

/** An object key that a later copy could take for the object's prototype, however it is escaped. */
const prototypeKey =
  /"(?:_|\\u005f){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006f)(?:t|\\u0074)(?:o|\\u006f)(?:_|\\u005f){2}"\s*:/i;

/** Where a JSON text stands: it is the body, or a record of a file that begins in this line. */
type Place = 'body' | { readonly line: number };

/**
 * Reads a JSON body. No text at all is no body: clients put a content type on DELETE too.
 * @throws PlatformError `api.invalidParameter`, with line and column, when the text is not JSON.
 */
export function parseJsonBody(text: string, place: Place = 'body'): unknown {
  const what = place === 'body' ? 'body' : 'record';
  if (text.trim() === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const before = text.slice(0, jsonErrorOffset(text)).split('\n');
    const line = place === 'body' ? before.length : place.line + before.length - 1;
    // A record may begin within its line.
    const column = place === 'body' ? `, column ${(before.at(-1) ?? '').length + 1}` : '';
    throw new PlatformError('api.invalidParameter', `The ${what} is not valid JSON.`, {
      details: `${what}: not JSON from line ${line}${column} on`,
      cause: error,
    });
  }
  if (prototypeKey.test(text)) {
    throw new PlatformError('api.invalidParameter', `The ${what} has a key that is not allowed.`, {
      details: `${what}: the key __proto__ is not allowed`,
    });
  }
  if (isDeeperThan(deepestBody, parsed)) {
    throw new PlatformError('api.invalidParameter', `The ${what} is nested too deep.`, {
      details: `${what}: at most ${deepestBody} levels of objects and lists`,
    });
  }
  return parsed;
}

/** Walks level by level: a hostile depth must not meet a recursion, here or in who reads the body next. */
function isDeeperThan(limit: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((node) => (typeof node === 'object' && node !== null ? Object.values(node) : []));
  }
  return false;
}
