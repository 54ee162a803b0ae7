import { z } from 'zod';
import { isDuration } from './duration.ts';

const time = z.iso.datetime().meta({ examples: ['2030-01-31T14:03:07.120Z'] });

/** The platform's time, and how it goes. */
export const clockView = z.object({
  mode: z
    .enum(['real', 'frozen', 'running'])
    .describe('running: on from another moment than the real one, or at another speed'),
  time: time.describe('Now, by the platform’s clock'),
  realTime: time.describe('Now, by the machine’s clock'),
  speed: z.number().describe('Seconds that pass in one real second; 0 when frozen'),
});

/** A request that holds nothing else: what a mode has no use for would be left undone without a word. */
function request<const Shape extends z.core.$ZodLooseShape>(name: string, shape: Shape) {
  const fields = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `must not hold ${issue.keys.join(', ')}: ${name} takes ${fields} and nothing else`
        : undefined,
  });
}

/** How time shall go on. */
export const clockRequest = z.discriminatedUnion('mode', [
  request('mode real', { mode: z.literal('real') }),
  request('mode frozen', {
    mode: z.literal('frozen'),
    time: time.nullish().describe('The moment to stand still at; now by default'),
  }),
  request('mode running', {
    mode: z.literal('running'),
    speed: z
      .number()
      .positive()
      .nullish()
      .describe('Seconds that pass in one real second: 1 by default, at most the setting clockMaxSpeed'),
    time: time.nullish().describe('The moment to go on from; now by default'),
  }),
]);

export const clockAdvance = request('a jump', {
  duration: z
    .string()
    .refine(isDuration, 'must be a duration of ISO 8601, as PT90S, PT1H, P7D or P1M')
    .meta({ examples: ['PT1H'] })
    .describe('How far time jumps forward (ISO 8601); months and years go by the calendar in UTC'),
});

export type ClockView = z.infer<typeof clockView>;
export type ClockRequest = z.output<typeof clockRequest>;
