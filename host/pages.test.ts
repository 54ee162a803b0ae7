import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../core/settings.ts';
import { serveHelp } from './flags.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', 'ARCHITECTURE.md', 'docs/getting-started.md', 'docs/certificates.md'];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

const dayMs = 24 * 3600 * 1000;
const units: Readonly<Record<string, number>> = { '': 1, MiB: 1024 * 1024, ms: 1, day: dayMs, days: dayMs };

describe('the pages', () => {
  it.each(pages)('of %s lead somewhere', (page) => {
    const text = read(page);
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) =>
      join(dirname(page), target ?? ''),
    );
    const files = [...text.matchAll(/`([\w-]+\/[\w/.-]*)`/g)].map(([, path]) => path ?? '');
    // Paths of the tree, and not topics, folders of a user or addresses.
    const named = files.filter((path) => /^(core|host|docs|scripts|simulators)\//.test(path));
    expect([...links, ...named].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('of the read-me show the flags as the program does', () => {
    expect(read('README.md')).toContain(`\`\`\`text\n${serveHelp}\`\`\`\n`);
  });

  it('of the read-me tell the limits as they are', () => {
    const rows = [...read('README.md').matchAll(/^\|.*\| ([\d,]+) ?(\w*) \| `(\w+)` \|$/gm)];
    const numbers = Object.entries(defaultSettings).filter(([, value]) => typeof value === 'number');
    expect(rows.map(([, , , name]) => name).sort()).toEqual(numbers.map(([name]) => name).sort());
    for (const [, number = '', unit = '', name = ''] of rows) {
      const value = Number(number.replaceAll(',', '')) * (units[unit] ?? Number.NaN);
      expect(Reflect.get(defaultSettings, name), name).toBe(value);
    }
  });
});
