import { z } from 'zod';

/** A connectivity plan (manual 5.5.1.4.3): what the network allows a device. */
export const connectivityPlan = z.object({
  id: z.string(),
  name: z.string(),
  parameters: z.object({
    nbTransMin: z.int(),
    nbTransMax: z.int(),
    sfMin: z.int(),
    sfMax: z.int(),
    location: z.boolean(),
    ackUl: z.boolean(),
  }),
});
export type ConnectivityPlan = z.infer<typeof connectivityPlan>;
