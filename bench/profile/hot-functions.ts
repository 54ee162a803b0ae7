import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** Counted from 0, as is the column. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The parts of a `.cpuprofile` that are used here. */
export interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

export interface HotFunction {
  readonly name: string;
  /** Time in the function itself, as a share of the time in which the thread was not idle. */
  readonly share: number;
}

export interface HotFunctions {
  /** Share of the profiled time in which the thread did something. */
  readonly busy: number;
  readonly functions: readonly HotFunction[];
}

/** The functions in which most time was spent, without the functions that they call. */
export function hotFunctions(profile: Profile, count: number): HotFunctions {
  const places = new Places();
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, places.nameOf(callFrame)]));
  const selfUs = new Map<string, number>();
  let totalUs = 0;
  for (const [index, node] of (profile.samples ?? []).entries()) {
    // The time up to the next sample belongs to this one.
    const us = Math.max(0, profile.timeDeltas?.[index + 1] ?? 0);
    const name = names.get(node) ?? '(unknown)';
    totalUs += us;
    selfUs.set(name, (selfUs.get(name) ?? 0) + us);
  }
  const busyUs = totalUs - (selfUs.get('(idle)') ?? 0);
  selfUs.delete('(idle)');
  const functions = [...selfUs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, us]) => ({ name, share: us / busyUs }));
  return { busy: totalUs === 0 ? 0 : busyUs / totalUs, functions };
}

/** Finds the place in the sources for a place in a bundle. */
class Places {
  private readonly maps = new Map<string, SourceMap | undefined>();

  nameOf({ functionName, url, lineNumber, columnNumber }: CallFrame): string {
    const name = functionName || '(anonymous)';
    if (url === '') return name;
    if (!url.startsWith('file:'))
      return url.startsWith('wasm:') ? name : `${name} (${url}:${lineNumber + 1})`;
    const file = fileURLToPath(url);
    const entry = this.mapOf(file)?.findEntry(lineNumber, columnNumber);
    if (entry && 'originalSource' in entry) {
      return `${name} (${shorten(resolve(file, '..', entry.originalSource))}:${entry.originalLine + 1})`;
    }
    // Without a map it may be minified, with many functions in a line.
    return `${name} (${shorten(file)}:${lineNumber + 1}:${columnNumber + 1})`;
  }

  private mapOf(file: string): SourceMap | undefined {
    const known = this.maps.get(file);
    if (known || this.maps.has(file)) return known;
    const mapFile = `${file}.map`;
    const map = existsSync(mapFile) ? new SourceMap(JSON.parse(readFileSync(mapFile, 'utf8'))) : undefined;
    this.maps.set(file, map);
    return map;
  }
}

function shorten(file: string): string {
  return relative(process.cwd(), file).replace(/^.*node_modules\//, '');
}
