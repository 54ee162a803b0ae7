/** Methods: RFC 7252 12.1.1, RFC 8132 6. The values are the code byte of a message. */
export const methods = {
  GET: 0x01,
  POST: 0x02,
  PUT: 0x03,
  DELETE: 0x04,
  FETCH: 0x05,
  PATCH: 0x06,
  iPATCH: 0x07,
} as const;

export type MethodName = keyof typeof methods;

/** Response codes by the names of RFC 7252 12.1.2, RFC 7959 6 and RFC 8132 6; the values are the code byte. */
export const codes = {
  empty: 0x00,
  created: 0x41,
  deleted: 0x42,
  valid: 0x43,
  changed: 0x44,
  content: 0x45,
  continue: 0x5f,
  badRequest: 0x80,
  unauthorized: 0x81,
  badOption: 0x82,
  forbidden: 0x83,
  notFound: 0x84,
  methodNotAllowed: 0x85,
  notAcceptable: 0x86,
  requestEntityIncomplete: 0x88,
  conflict: 0x89,
  preconditionFailed: 0x8c,
  requestEntityTooLarge: 0x8d,
  unsupportedContentFormat: 0x8f,
  unprocessableEntity: 0x96,
  internalServerError: 0xa0,
  notImplemented: 0xa1,
  badGateway: 0xa2,
  serviceUnavailable: 0xa3,
  gatewayTimeout: 0xa4,
  proxyingNotSupported: 0xa5,
} as const;

/** A code byte as the standards write it: `2.05`. */
export function codeText(code: number): string {
  return `${code >> 5}.${String(code & 0x1f).padStart(2, '0')}`;
}

/** The code byte of a text such as `2.05`; undefined when it is none. */
export function parseCode(text: string): number | undefined {
  const found = /^([0-7])\.([0-2]\d|3[01])$/.exec(text);
  return found ? (Number(found[1]) << 5) | Number(found[2]) : undefined;
}

const methodNames = new Map<number, MethodName>(
  Object.entries(methods).map(([name, code]) => [code, name as MethodName]),
);

/** `GET`, or the code when the method is not known. */
export function methodText(code: number): string {
  return methodNames.get(code) ?? codeText(code);
}

export const isKnownMethod = (code: number): code is (typeof methods)[MethodName] => methodNames.has(code);
export const isRequest = (code: number): boolean => code > 0 && code < 0x20;
/** RFC 7252 12.1: classes 2 to 5. */
export const isResponse = (code: number): boolean => code >= 0x40 && code < 0xc0;
export const isSuccess = (code: number): boolean => code >> 5 === 2;
