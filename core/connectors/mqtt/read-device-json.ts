import { isUtf8 } from 'node:buffer';

/** Reads a publication of a device that must be a JSON object; a text says what is wrong with it. */
export function readDeviceJson(payload: Uint8Array, form: string): Record<string, unknown> | string {
  if (!isUtf8(payload)) return 'the payload is not UTF-8 text';
  let raw: unknown;
  try {
    raw = JSON.parse((payload as Buffer).toString('utf8'));
  } catch (error) {
    return `the payload is not JSON: ${(error as Error).message}`;
  }
  return isObject(raw) ? raw : `the payload must be an object: ${form}`;
}

/** Reads the `cid` of an answer; some clients copy it as text. Undefined: it is no such number. */
export function readCorrelation(cid: unknown): number | undefined {
  const correlation = typeof cid === 'string' && /^\d{1,15}$/.test(cid) ? Number(cid) : cid;
  return typeof correlation === 'number' ? correlation : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
