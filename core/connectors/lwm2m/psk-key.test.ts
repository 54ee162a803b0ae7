import { expect, it } from 'vitest';
import { pskKeyOf } from './psk-key.ts';

it.each([
  ['0123456789ABCDEFabcdef', '0123456789abcdefabcdef'],
  ['00', '00'],
  ['123', '313233'],
  ['my_psk_secret', '6d795f70736b5f736563726574'],
  ['0x1234', '307831323334'],
  ['é', 'c3a9'],
])('%s is the key %s', (secret, bytes) => {
  expect(Buffer.from(pskKeyOf(secret)).toString('hex')).toBe(bytes);
});
