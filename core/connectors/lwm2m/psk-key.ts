/**
 * The bytes of a pre-shared key, as users write it: hexadecimal when it is an even number of hexadecimal digits, else the
 * UTF-8 bytes of the text. DTLS takes these bytes, and they are what a bootstrap writes into the Security object.
 */
export function pskKeyOf(secret: string): Uint8Array {
  const isHexadecimal = secret.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(secret);
  return new Uint8Array(Buffer.from(secret, isHexadecimal ? 'hex' : 'utf8'));
}
