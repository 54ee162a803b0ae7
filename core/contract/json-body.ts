import { PlatformError } from './errors.ts';
import { jsonErrorOffset } from './json-error-offset.ts';

/** Deeper than any real body; what walks a body recursively is safe up to here. */
const deepestBody = 200;

/** An object key that a later copy could take for the object's prototype, however it is escaped. */
const prototypeKey =
  /"(?:_|\\u005f){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006f)(?:t|\\u0074)(?:o|\\u006f)(?:_|\\u005f){2}"\s*:/i;

/**
 * Reads a JSON body. No text at all is no body: clients put a content type on DELETE too.
 * @throws PlatformError `api.invalidParameter`, with line and column, when the text is not JSON.
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const before = text.slice(0, jsonErrorOffset(text)).split('\n');
    const where = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
    throw new PlatformError('api.invalidParameter', 'The body is not valid JSON.', {
      details: `body: not JSON from ${where} on`,
      cause: error,
    });
  }
  if (prototypeKey.test(text)) {
    throw new PlatformError('api.invalidParameter', 'The body has a key that is not allowed.', {
      details: 'body: the key __proto__ is not allowed',
    });
  }
  if (isDeeperThan(deepestBody, parsed)) {
    throw new PlatformError('api.invalidParameter', 'The body is nested too deep.', {
      details: `body: at most ${deepestBody} levels of objects and lists`,
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
