import { serveOptions } from '../host/flags.ts';

const options: Readonly<Record<string, { readonly type: string }>> = serveOptions;

export interface DesktopArguments {
  /** What is for Fleetbench, as `readServeFlags` takes it. */
  readonly own: readonly string[];
  /** What nobody knows. Not an error: systems and Chromium add words of their own. */
  readonly others: readonly string[];
}

/** Picks the flags of `fleetbench serve` out of a command line that Electron, Chromium and the system use as well. */
export function pickDesktopArguments(argv: readonly string[]): DesktopArguments {
  const own: string[] = [];
  const others: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [, name = '', assigned] = /^--([\w-]+)(=.*)?$/s.exec(word) ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) {
      others.push(word);
      continue;
    }
    own.push(word);
    const value = argv[index + 1];
    if (option.type === 'string' && assigned === undefined && value !== undefined) {
      own.push(value);
      index += 1;
    }
  }
  return { own, others };
}
