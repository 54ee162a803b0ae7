/** Flags of `fleetbench serve` that the desktop program takes too, and whether a value follows. */
const flags: Readonly<Record<string, boolean>> = {
  'data-dir': true,
  ephemeral: false,
  host: true,
  'http-port': true,
  'https-port': true,
  'mqtt-port': true,
  'mqtts-port': true,
  'master-key': true,
  'log-level': true,
};

export interface DesktopArguments {
  /** What is for Fleetbench, as `readServeFlags` takes it. */
  readonly own: readonly string[];
  /** What nobody knows. Not an error: systems and Chromium add words of their own. */
  readonly others: readonly string[];
}

/** Picks our flags out of a command line that Electron, Chromium and the system use as well. */
export function pickDesktopArguments(argv: readonly string[]): DesktopArguments {
  const own: string[] = [];
  const others: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [, name = '', assigned] = /^--([\w-]+)(=.*)?$/s.exec(word) ?? [];
    const takesValue = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (takesValue === undefined) {
      others.push(word);
      continue;
    }
    own.push(word);
    const value = argv[index + 1];
    if (takesValue && assigned === undefined && value !== undefined) {
      own.push(value);
      index += 1;
    }
  }
  return { own, others };
}
