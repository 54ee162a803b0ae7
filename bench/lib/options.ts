import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { type ScenarioId, scenarioTitles } from './figures.ts';

export interface BenchOptions {
  readonly scenarios: ReadonlySet<ScenarioId>;
  readonly quick: boolean;
  /** Where data folders are made. */
  readonly dir: string;
  readonly jsonFile: string | undefined;
  /** Where CPU profiles are written; undefined takes none. */
  readonly profileDir: string | undefined;
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export const benchHelp = `npm run bench -- [flags]

  --only LIST      scenarios to run, for example a,d (default: all)
${Object.entries(scenarioTitles)
  .map(([id, title]) => `                   ${id}  ${title}`)
  .join('\n')}
  --quick          short runs and one round: to see that all works, not to judge
  --rounds N       rounds of the full load (default 3)
  --seconds N      length of one measurement (default 10)
  --dir DIR        where to make the data folders (default: the system's folder for temporary files)
  --json FILE      write all figures to a file too
  --profile DIR    write CPU profiles of the server's threads (full load, fixed rates, LwM2M); slows the server down
`;

/** @throws Error with a text for people. */
export function readOptions(argv: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      dir: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const quick = values.quick ?? false;
  return {
    scenarios: readScenarios(values.only),
    quick,
    dir: values.dir ?? tmpdir(),
    jsonFile: values.json,
    profileDir: values.profile,
    rounds: readNumber('--rounds', values.rounds, quick ? 1 : 3),
    warmUpMs: quick ? 1000 : 3000,
    measureMs: readNumber('--seconds', values.seconds, quick ? 3 : 10) * 1000,
  };
}

function readScenarios(list: string | undefined): ReadonlySet<ScenarioId> {
  const known = Object.keys(scenarioTitles) as ScenarioId[];
  if (list === undefined) return new Set(known);
  const wanted = list.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !known.some((id) => id === name));
  if (unknown.length > 0) throw new Error(`--only knows ${known.join(', ')}, not ${unknown.join(', ')}`);
  return new Set(known.filter((id) => wanted.includes(id)));
}

function readNumber(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${flag} must be a number above 0, got ${text}`);
  return value;
}
