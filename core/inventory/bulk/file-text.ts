import type { z } from 'zod';
import { checkInput } from '../../contract/check-input.ts';
import { PlatformError } from '../../contract/errors.ts';
import { invalidParameter } from '../../contract/invalid-parameter.ts';
import { UnreadableFile } from './record-reader.ts';

/**
 * The text of a piece of a file; undefined: of its end.
 * @throws UnreadableFile
 */
export function decodeText(
  decoder: InstanceType<typeof TextDecoder>,
  chunk: Uint8Array | undefined,
  bytesBefore: number,
): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new UnreadableFile(
      `the file is not UTF-8 text, somewhere behind byte ${bytesBefore}; save it as UTF-8 and try again`,
    );
  }
}

/**
 * What a record of a file asks for.
 * @throws PlatformError `api.invalidParameter`
 */
export function checkRecord<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const checked = checkInput(schema, raw);
  if (checked.success) return checked.data;
  const issues = checked.error.issues.slice(0, mostIssues);
  throw invalidParameter(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

const mostIssues = 10;

/** Why the reading of a file ended before the file did. */
export function toFailure(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof UnreadableFile) {
    return new PlatformError('api.invalidParameter', 'The file cannot be read to its end.', {
      details: error.message,
    });
  }
  return new PlatformError('api.invalidParameter', 'The upload ended before the file did.', {
    details: `the upload ended before the file did (${error instanceof Error ? error.message : String(error)}); it must not take longer than the setting httpRequestTimeoutMs`,
    cause: error,
  });
}
