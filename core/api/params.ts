import { z } from 'zod';

/** The path of a thing with an id of ours, of 24 hexadecimal characters. Another text is an id that nobody has. */
export const idParams = z.object({ id: z.string().max(24, 'must have at most 24 characters') });
