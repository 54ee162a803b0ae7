import { fileURLToPath } from 'node:url';
import { nodeFiles } from '../core/platform/node/node-files.ts';

/** Folder of the built portal beside the program, or undefined when it was built without one. */
export async function portalFolder(): Promise<string | undefined> {
  const here = import.meta.url;
  const folder = fileURLToPath(new URL(here.endsWith('.ts') ? '../dist/portal' : './portal', here));
  return (await nodeFiles.list(folder)).includes('index.html') ? folder : undefined;
}
