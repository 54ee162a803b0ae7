import { expect, test } from 'vitest';
import { curl, curlFile, curlForm } from './curl.ts';

test('a call without a body', () => {
  expect(curl('GET', 'http://h:1/a?b=c&d=e')).toBe(
    `curl -X GET 'http://h:1/a?b=c&d=e' \\\n  -H 'X-API-Key: YOUR_API_KEY'`,
  );
});

test('a quote in the body does not end it', () => {
  expect(curl('POST', 'http://h', { a: "it's" })).toContain(`-d '{"a":"it'\\''s"}'`);
});

test('a file is sent as it is, with the key that is given', () => {
  expect(curlFile('http://h:1/a?b=c', "it's.csv", 'k')).toBe(
    `curl -T 'it'\\''s.csv' 'http://h:1/a?b=c' \\\n  -H 'X-API-Key: k'`,
  );
});

test('a file is the field of a form', () => {
  expect(curlForm('http://h:1/a?b=c', 'file', "it's.xml", 'k')).toBe(
    `curl -F 'file=@it'\\''s.xml' 'http://h:1/a?b=c' \\\n  -H 'X-API-Key: k'`,
  );
});
