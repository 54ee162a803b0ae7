import { expect, test } from 'vitest';
import { takeCode } from './link-code.ts';

test.each([
  ['http://h:1/?code=abc', 'abc', 'http://h:1/'],
  ['http://h:1/#/login?code=abc', 'abc', 'http://h:1/'],
  ['http://h:1/?code=abc#/devices?name=a', 'abc', 'http://h:1/#/devices?name=a'],
  ['http://h:1/#/messages?text=x', undefined, 'http://h:1/#/messages?text=x'],
  ['http://h:1/', undefined, 'http://h:1/'],
])('%s', (href, code, cleaned) => {
  expect(takeCode(href)).toEqual({ code, cleaned });
});
