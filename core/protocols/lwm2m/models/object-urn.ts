/** The element above all objects of LwM2M (manual 7.8.3). */
export const rootUrn = 'urn:oma:lwm2m';

/** An object and perhaps its version, as a URN names them. */
export interface ObjectReference {
  readonly objectId: number;
  readonly version?: string;
}

/** The classes of ids in the registry of OMA: of OMA itself, of others that register, and of vendors. */
function classOf(objectId: number): string {
  if (objectId <= 1023) return 'oma';
  return objectId <= 10_240 ? 'ext' : 'x';
}

/** `urn:oma:lwm2m:oma:5:1.1`. Version 1.0 is left out, as OMA does. */
export function objectUrn(objectId: number, version = '1.0'): string {
  return `${rootUrn}:${classOf(objectId)}:${objectId}${version === '1.0' ? '' : `:${version}`}`;
}

/**
 * The object that a URN names, in any spelling that is used for it: with a class, whichever (`urn:oma:lwm2m:oma:5:1.1`,
 * `urn:oma:lwm2m:ext:33442`), or without one (`urn:oma:lwm2m:5:1.1`). Undefined for anything else.
 */
export function parseObjectUrn(text: string): ObjectReference | undefined {
  const match = /^urn:oma:lwm2m:(?:(?:oma|ext|x):)?(0|[1-9]\d{0,4})(?::(\d{1,5}\.\d{1,5}))?$/.exec(text);
  const objectId = Number(match?.[1]);
  if (!match || objectId > 65_535) return undefined;
  return { objectId, ...(match[2] !== undefined && { version: match[2] }) };
}
