import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of the built portal beside the program, or undefined when it was built without one. */
export function portalFolder(): string | undefined {
  const here = import.meta.url;
  const folder = fileURLToPath(new URL(here.endsWith('.ts') ? '../dist/portal' : './portal', here));
  return existsSync(`${folder}/index.html`) ? folder : undefined;
}
