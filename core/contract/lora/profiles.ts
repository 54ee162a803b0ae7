import { z } from 'zod';

/** A profile with what it stands for (manual 5.5.1.4.6, facts 15). */
export const profileJson = z.object({
  name: z.string().describe('For the field profile of an interface'),
  manufacturer: z.string().describe('Generic where it is of no maker'),
  deviceClass: z.enum(['A', 'C']),
  region: z.string(),
  activationType: z.literal('OTAA'),
  macVersion: z.literal('1.0.3'),
  rx2: z
    .object({
      frequency: z.number().describe('MHz'),
      dataRate: z.int(),
      sf: z.int(),
      bandwidth: z.int().describe('kHz'),
    })
    .describe('The second receive window that a join gives the device'),
});
export type ProfileJson = z.infer<typeof profileJson>;
