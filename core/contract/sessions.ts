import { z } from 'zod';

/** The one-time code of a portal link, exchanged for a session. */
export const sessionRequest = z.object({ code: z.string().max(100) });

/** A portal session: an API key that lives as long as the process, with every role. */
export const portalSession = z.object({
  key: z.string(),
  tenantId: z.string(),
});
export type PortalSession = z.infer<typeof portalSession>;
