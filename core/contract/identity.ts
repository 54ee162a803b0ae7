import { z } from 'zod';
import { roles } from './roles.ts';

/** Who asks, and what is allowed. */
export const identity = z.object({
  kind: z
    .enum(['user', 'portal', 'key'])
    .describe('user: a user who signed in; portal: a portal session without a user; key: an API key'),
  tenantId: z.string(),
  tenantName: z.string(),
  keyId: z.string().describe('The API key behind the call; of a portal session, the one that it stands for'),
  roles: z.array(z.enum(roles)).describe('What the key may do now, under the keys above it'),
  fifos: z.array(z.string()).optional().describe('FIFOs that the key may use; absent: any'),
  operator: z.boolean().describe('Runs this instance: may make tenants and switch to them'),
  user: z.object({ id: z.string(), login: z.string() }).optional().describe('The user whose session it is'),
});
export type Identity = z.output<typeof identity>;
