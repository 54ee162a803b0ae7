import { z } from 'zod';

/** The newest message of a device, by its timestamp. */
export const latestMessage = z.object({
  deviceId: z.string(),
  id: z.string(),
  timestamp: z.iso.datetime(),
  value: z.record(z.string(), z.unknown()).optional(),
});

export type LatestMessage = z.infer<typeof latestMessage>;
