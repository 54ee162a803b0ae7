import { z } from 'zod';
import { text } from './text.ts';

/** Name of a pre-shared key, which a client says in the DTLS handshake (RFC 4279, 2). */
export const pskIdentity = text(128).min(1, 'must not be empty');

/**
 * The key itself. An even number of hexadecimal digits stands for the bytes that they write; any other text for its
 * UTF-8 bytes.
 */
export const pskSecret = text(256)
  .min(1, 'must not be empty')
  .describe('Hexadecimal when it is an even number of hexadecimal digits, else its UTF-8 bytes');

/** What is shown of a secret that is there. */
export const maskedSecret = '***';

/** How a client and a server prove to each other who they are (manual 5.5.4.2). */
export const pskInfo = z.object({
  identity: pskIdentity,
  secret: pskSecret.refine(
    (secret) => secret !== maskedSecret,
    `is ${maskedSecret}, which stands for a secret that is not shown; leave it out to keep the one that is there`,
  ),
});
export type PskInfo = z.output<typeof pskInfo>;
