import { codes } from '../../protocols/coap/codes.ts';
import type { CoapRequest } from '../../protocols/coap/request.ts';
import { contentFormatNumbers } from '../../protocols/lwm2m/content-format.ts';
import { type ObjectLinks, parseObjectLinks } from '../../protocols/lwm2m/object-links.ts';

export type Lwm2mVersion = '1.0' | '1.1';

/** The queries of a Register or Update (LwM2M Core 1.1.1, 6.2.1 and 6.2.2); undefined: not said. */
export interface RegisterQuery {
  readonly endpointName: string | undefined;
  readonly lifetimeMs: number | undefined;
  readonly version: Lwm2mVersion | undefined;
  /** Transports, as in `U`. */
  readonly bindings: readonly string[] | undefined;
  /** True when the client says that it sleeps between its messages. */
  readonly queueMode: boolean | undefined;
}

/** A registration that is refused: with which code, and why in words that the client may see. */
export class RegistrationRefused extends Error {
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

const largestLifetimeS = 2 ** 31 - 1;

/**
 * Reads the queries of a Register or Update. Those that the standard does not name are left alone.
 * @throws RegistrationRefused
 */
export function readRegisterQuery(queries: readonly string[]): RegisterQuery {
  const values = new Map<string, string>();
  for (const query of queries) {
    const at = query.indexOf('=');
    const name = at < 0 ? query : query.slice(0, at);
    if (values.has(name)) throw new RegistrationRefused(codes.badRequest, `${name} is there twice`);
    values.set(name, at < 0 ? '' : query.slice(at + 1));
  }
  const binding = values.get('b');
  return {
    endpointName: values.get('ep'),
    lifetimeMs: readLifetime(values.get('lt')),
    version: readVersion(values.get('lwm2m')),
    bindings: binding === undefined ? undefined : readBindings(binding),
    // 1.0 says it in the binding (UQ), 1.1 with a query of its own.
    queueMode: values.has('Q') || (binding === undefined ? undefined : binding.includes('Q')),
  };
}

function readLifetime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= 1 && seconds <= largestLifetimeS)) {
    throw new RegistrationRefused(
      codes.badRequest,
      `lt must be a whole number of seconds from 1 to ${largestLifetimeS}`,
    );
  }
  return seconds * 1000;
}

function readVersion(text: string | undefined): Lwm2mVersion | undefined {
  if (text === undefined) return undefined;
  const found = /^1\.(\d+)(?:\.\d+)?$/.exec(text);
  if (!found) {
    throw new RegistrationRefused(
      codes.preconditionFailed,
      `lwm2m=${text} is not spoken here, 1.0 and 1.1 are`,
    );
  }
  // A later 1.x is spoken to as 1.1: it may not take that away (LwM2M Core 1.1.1, 6.2.1).
  return found[1] === '0' ? '1.0' : '1.1';
}

function readBindings(text: string): string[] {
  if (!/^[UTSNMHQ]{1,8}$/.test(text)) {
    throw new RegistrationRefused(codes.badRequest, 'b must name transports by their letters, as in U or UQ');
  }
  return [...new Set(text.replaceAll('Q', ''))];
}

/**
 * Reads the objects that a Register or Update names.
 * @throws RegistrationRefused, Lwm2mCodecError
 */
export function readObjects(request: CoapRequest): ObjectLinks {
  const { contentFormat } = request;
  if (contentFormat !== undefined && contentFormat !== contentFormatNumbers.LINK) {
    throw new RegistrationRefused(
      codes.unsupportedContentFormat,
      `objects are named in link format (${contentFormatNumbers.LINK})`,
    );
  }
  return parseObjectLinks(request.payload);
}
