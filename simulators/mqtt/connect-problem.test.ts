import { expect, it } from 'vitest';
import { connectProblem } from './connect-problem.ts';

it.each([
  [4, 'refused', 'refused with CONNACK code 4: the API key or the user name is not valid'],
  [99, 'refused', 'refused with CONNACK code 99: as it was said'],
  ['ECONNREFUSED', 'lost', 'ECONNREFUSED: nothing listens at the address: is the platform running?'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'lost', 'as it was said'],
  [undefined, 'lost', 'as it was said'],
])('tells what %j means', (code, kind, text) => {
  expect(connectProblem(Object.assign(new Error('as it was said'), { code }))).toEqual({ kind, text });
});
