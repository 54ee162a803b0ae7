import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../scripts/lib/prepare.mjs';

export const portalFolder = join(root, 'dist/portal');

/** Kilobytes, with gzip, of the JavaScript that the page needs before it shows anything. */
export function entryKilobytes(): number {
  const page = readFileSync(join(portalFolder, 'index.html'), 'utf8');
  const scripts = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)].map(([, path = '']) => path);
  if (scripts.length === 0) throw new Error('the page of the portal names no script');
  const sizes = scripts.map((path) => gzipSync(readFileSync(join(portalFolder, path))).byteLength);
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}
