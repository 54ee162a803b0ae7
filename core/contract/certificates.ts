import { z } from 'zod';
import { text } from './text.ts';

/** Far above any certificate, so that a wrong file is refused before it is read. */
const mostCertificateCharacters = 32_768;

/** Body of the call that adds a CA certificate (manual 6.3.4.2). */
export const createCaCertificateRequest = z.object({
  certificate: text(mostCertificateCharacters).describe(
    'One X.509 certificate: PEM, or its DER bytes in Base64. It must be the one that signs the client certificates itself',
  ),
  comment: text(255).nullish(),
});
export type CreateCaCertificateRequest = z.output<typeof createCaCertificateRequest>;

/** Answer to {@link createCaCertificateRequest} (manual 6.3.4.2). */
export const createdCaCertificate = z.object({ id: z.string() });

/** A CA certificate as the API shows it (manual 6.3.4.2). Times in milliseconds since the epoch. */
export const caCertificateJson = z.object({
  id: z.string(),
  tenantId: z.string(),
  certificate: z.string().describe('PEM'),
  comment: z.string().optional(),
  creationTs: z.int(),
  subject: z.string(),
  issuer: z.string(),
  serialNumber: z.string().describe('Hexadecimal'),
  fingerprint: z.string().describe('SHA-256 of the certificate, hexadecimal'),
  notBefore: z.int(),
  notAfter: z.int(),
});
export type CaCertificateJson = z.output<typeof caCertificateJson>;
