import { z } from 'zod';

/** Name of a tenant account (manual 4.1); unique on this platform. */
export const tenantName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]*[\p{L}\p{N}])?$/u, {
    message: 'must be letters, digits, spaces and . _ -, beginning and ending with a letter or digit',
  });

export const createTenantRequest = z.object({ name: tenantName });

/** The tenant of the key that asks (facts 13). */
export const tenantJson = z.object({
  id: z.string(),
  name: z.string(),
  creationTs: z.int().describe('Milliseconds since the epoch'),
  masterApiKeyId: z.string(),
});
export type TenantJson = z.output<typeof tenantJson>;

/** A user that was just made, with the password that is shown this once. */
export const newUser = z.object({ login: z.string(), password: z.string() });
export type NewUser = z.output<typeof newUser>;

/** A tenant that was just made. Its secrets are in this answer and nowhere else. */
export const newTenant = tenantJson.extend({ masterKey: z.string(), admin: newUser });
export type NewTenant = z.output<typeof newTenant>;
