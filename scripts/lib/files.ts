import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const skipped = new Set(['node_modules', 'dist', 'coverage', 'fixtures']);
const source = /\.(ts|tsx|mts|mjs)$/;

/** Source files below a folder, as sorted paths with forward slashes. Hidden folders are left out. */
export function sourceFiles(base: string, folder = base): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && !skipped.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourceFiles(base, path);
      return source.test(entry.name) ? [relative(base, path).split(sep).join('/')] : [];
    })
    .sort();
}
