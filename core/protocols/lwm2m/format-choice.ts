import { type ContentFormat, contentFormatNumbers } from './content-format.ts';
import type { DataType } from './value.ts';

/** What a client said when it registered. */
export interface ClientFormats {
  readonly lwm2mVersion: '1.0' | '1.1';
  /** Numbers of the content formats that it listed. */
  readonly contentFormats: readonly number[];
}

/**
 * What a request is about (manual 7.3): `singular`, a resource with one value or one instance of a resource; `multiple`,
 * an object instance or a resource with instances; `composite`, several of them.
 */
export type RequestScope = 'singular' | 'multiple' | 'composite';

const speaks = (client: ClientFormats, format: ContentFormat): boolean =>
  client.contentFormats.includes(contentFormatNumbers[format]);

const senml = (client: ClientFormats): ContentFormat =>
  speaks(client, 'SENML_CBOR') ? 'SENML_CBOR' : 'SENML_JSON';

/**
 * The format in which to write to a client (manual 7.3, table 1); undefined for a composite request to a client of
 * LwM2M 1.0, which knows none.
 * @param type of the resource that a singular request is about.
 */
export function requestFormat(
  client: ClientFormats,
  scope: RequestScope,
  type?: DataType,
): ContentFormat | undefined {
  if (client.lwm2mVersion === '1.0') {
    if (scope === 'composite') return undefined;
    return scope === 'singular' && type === 'OPAQUE' && speaks(client, 'OPAQUE') ? 'OPAQUE' : 'TLV';
  }
  if (scope !== 'singular') return senml(client);
  return type === 'OPAQUE' ? 'OPAQUE' : 'TEXT';
}

/** The format that an answer is asked to have (manual 7.3, table 2); undefined where the client chooses. */
export function responseFormat(client: ClientFormats, scope: RequestScope): ContentFormat | undefined {
  return client.lwm2mVersion === '1.1' && scope === 'composite' ? senml(client) : undefined;
}
