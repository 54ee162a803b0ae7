/** Where a CoAP server is, and what is asked of it (RFC 7252, 6). */
export interface CoapUri {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: readonly string[];
  readonly query: readonly string[];
}

const ports = { 'coap:': 5683, 'coaps:': 5684 } as const;

/** Undefined for a text that is no URI of `coap` or `coaps`. */
export function parseCoapUri(text: string): CoapUri | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  const { protocol, hostname, port, pathname, search } = url;
  if ((protocol !== 'coap:' && protocol !== 'coaps:') || hostname === '') return undefined;
  const parts = (joined: string, separator: string): string[] =>
    joined === '' ? [] : joined.split(separator).map(decodeURIComponent);
  return {
    isSecure: protocol === 'coaps:',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? ports[protocol] : Number(port),
    path: parts(pathname.replace(/^\//, ''), '/'),
    query: parts(search.replace(/^\?/, ''), '&'),
  };
}
