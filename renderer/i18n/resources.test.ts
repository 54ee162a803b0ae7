import { expect, test } from 'vitest';
import { resources } from './resources.ts';

const places = (text: string): string[] => [...text.matchAll(/\{\{\w+\}\}/g)].map(([place]) => place).sort();

test('every text has the same places to fill in both languages, and is there in both', () => {
  const wrong: string[] = [];
  for (const [area, texts] of Object.entries(resources.en)) {
    const french: Readonly<Record<string, string>> = resources.fr[area as keyof typeof resources.fr];
    for (const [key, text] of Object.entries(texts as Readonly<Record<string, string>>)) {
      const other = french[key] ?? '';
      // A text about one thing may leave its number out.
      const same = key.endsWith('_one') || places(text).join() === places(other).join();
      if (!same || (text.trim() === '') !== (other.trim() === '')) wrong.push(`${area}.${key}`);
    }
  }
  expect(wrong).toEqual([]);
});
