import { z } from 'zod';

/** A boolean. The examples of the manual write it as text now and then (5.4.4.1, 5.5.4.2): both are taken. */
export const flag = z.preprocess(
  (given) => (given === 'true' ? true : given === 'false' ? false : given),
  z.boolean('must be true or false'),
);
