import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';

/**
 * Decodes the `file` of a version (facts 4.1).
 * @throws PlatformError `api.invalidParameter`, `api.bodyTooLarge`
 */
export function readFile(file: string, mostBytes: number): Uint8Array {
  const bytes = Buffer.from(file, 'base64');
  // Node skips what is no Base64, so the length tells.
  const padding = /={0,2}$/.exec(file)?.[0].length ?? 0;
  const expected = Math.floor(((file.length - padding) * 3) / 4);
  const whole = padding === 0 || file.length % 4 === 0;
  if (bytes.byteLength !== expected || (file.length - padding) % 4 === 1 || !whole) {
    throw invalidParameter(
      'body.file: must be Base64 (A to Z, a to z, 0 to 9, + and /) in one piece, without line breaks; from a shell: base64 -w 0 FILE',
    );
  }
  if (bytes.byteLength === 0) throw invalidParameter('body.file: must not be empty');
  if (bytes.byteLength > mostBytes) {
    throw new PlatformError('api.bodyTooLarge', 'The file is too large.', {
      details: `body.file: has ${bytes.byteLength} bytes; the most is ${mostBytes} (setting resourceMaxFileBytes)`,
    });
  }
  return bytes;
}
