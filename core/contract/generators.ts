import { z } from 'zod';

const plainValue = z.union([z.string().max(10_000), z.number(), z.boolean()]);
const decimals = z.int().min(0).max(10).default(2);
/** Beyond this a number loses its decimals. */
const reasonable = z.number().min(-1e12).max(1e12);

/**
 * How a simulated device makes up the value of one field. All are seeded: the n-th message of a device is the
 * same in each run. Their time is the number of the message times the period, and not that of a clock.
 */
export const generator = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant'), value: plainValue }),
  z.object({ kind: z.literal('counter'), start: reasonable.default(0), step: reasonable.default(1) }),
  z
    .object({
      kind: z.literal('randomWalk'),
      start: reasonable,
      step: reasonable.positive().describe('Largest change from one message to the next'),
      min: reasonable,
      max: reasonable,
      decimals,
    })
    .refine(({ min, max, start }) => min <= start && start <= max, {
      path: ['start'],
      message: 'must be from min to max',
    }),
  z.object({
    kind: z.literal('sine'),
    mean: reasonable,
    amplitude: reasonable,
    periodS: z.number().positive(),
    decimals,
  }),
  z.object({
    kind: z.literal('enum'),
    values: z.array(plainValue).min(1).max(1000).describe('Name a value twice to see it twice as often'),
    order: z.enum(['random', 'cycle']).default('random'),
  }),
]);
export type Generator = z.infer<typeof generator>;

/** Latitude and longitude along a path, there and back, at a steady speed. */
export const gpsPath = z.object({
  points: z
    .array(z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]))
    .min(2)
    .max(10_000)
    .refine(
      ([first, ...others]) => others.some((point) => point[0] !== first?.[0] || point[1] !== first?.[1]),
      'must not all be the same point',
    ),
  speedMPerS: z.number().positive().max(10_000).default(10),
});
export type GpsPath = z.infer<typeof gpsPath>;
