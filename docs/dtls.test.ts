import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultDtlsLimits } from '../core/protocols/dtls/limits.ts';
import { cipherSuites } from '../core/protocols/dtls/suites.ts';

const page = readFileSync(new URL('dtls.md', import.meta.url), 'utf8');

test('the page names every cipher suite with its number, and no other', () => {
  const named = [...page.matchAll(/^\| `(\w+)` \| (0x[0-9A-F]{4}) \|$/gm)].map(([, name, id]) => [
    name,
    Number(id),
  ]);
  expect(named).toEqual(cipherSuites.map(({ name, id }) => [name, id]));
});

test('the page names every limit with its default, and no other', () => {
  const named = [...page.matchAll(/^\| `(\w+)` \| ([\d,]+) \| /gm)].map(([, name = '', value = '']) => [
    name,
    Number(value.replaceAll(',', '')),
  ]);
  expect(named).toEqual(Object.entries(defaultDtlsLimits));
});
