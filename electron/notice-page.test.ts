import { expect, it } from 'vitest';
import { noticePage } from './notice-page.ts';

it('shows text as text', () => {
  const html = decodeURIComponent(noticePage('<img src=x onerror="1">', 'a & b'));
  expect(html).toContain('&lt;img src=x onerror=&quot;1&quot;&gt;');
  expect(html).toContain('a &amp; b');
  expect(html).toContain("default-src 'none'");
});
