import { expect, it } from 'vitest';
import { checkPolicy } from './policy-draft.ts';

it('leaves to the platform what is empty', () => {
  expect(checkPolicy({ numbers: {} })).toEqual({ policy: undefined, problems: {} });
  expect(checkPolicy({ numbers: { attempts: '' } })).toEqual({ policy: undefined, problems: {} });
});

it('reads the numbers', () => {
  const numbers = { ackTimeoutInSeconds: '10', expirationInSeconds: ' 2592000', attempts: '5' };
  expect(checkPolicy({ ackMode: 'NETWORK', numbers })).toEqual({
    policy: { ackMode: 'NETWORK', ackTimeoutInSeconds: 10, expirationInSeconds: 2_592_000, attempts: 5 },
    problems: {},
  });
});

it.each(['-', '0', '6', '1.5', '1e0', 'two'])('tells that %s is no number of attempts', (attempts) => {
  expect(checkPolicy({ numbers: { attempts } }).problems).toEqual({ attempts: 'range' });
});

it('tells that nothing is waited for with NONE', () => {
  const numbers = { ackTimeoutInSeconds: '30' };
  expect(checkPolicy({ ackMode: 'NONE', numbers }).problems).toEqual({ ackTimeoutInSeconds: 'notWithNone' });
});
