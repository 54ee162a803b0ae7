import type { ThreadReport } from '../profile/profiler.ts';
import { type Figure, isReached, scenarioTitles } from './figures.ts';

const shownFunctions = 15;
const widths = { label: 58, value: 12, unit: 7, range: 23, goal: 12 };

export interface ProfileDetail {
  /** Name of the measurement. */
  readonly profile: string;
  readonly threads: readonly ThreadReport[];
}

/**
 * The result as lines for people.
 * @param titles of the scenarios, by their short names and in their order
 */
export function formatFigures(
  figures: readonly Figure[],
  titles: Readonly<Record<string, string>> = scenarioTitles,
): string {
  const lines: string[] = [];
  for (const [id, title] of Object.entries(titles)) {
    const own = figures.filter(({ scenario }) => scenario === id);
    if (own.length === 0) continue;
    lines.push('', `(${id}) ${title}`, ...own.map(formatFigure));
  }
  return lines.join('\n');
}

/** How many goals there were, and which were missed. */
export function formatSummary(figures: readonly Figure[]): string {
  const judged = figures.filter(({ goal }) => goal);
  const missed = judged.filter((figure) => !isReached(figure));
  const names = missed.map(({ scenario, label }) => `  (${scenario}) ${label}`);
  return [
    `${judged.length} goals: ${judged.length - missed.length} reached, ${missed.length} missed`,
    ...names,
  ].join('\n');
}

/** Where the threads of the server spent their time. */
export function formatProfiles(profiles: readonly ProfileDetail[]): string {
  return profiles
    .flatMap(({ profile, threads }) =>
      threads.flatMap(({ thread, busy, functions }) => [
        '',
        `profile ${profile}, ${thread} thread: busy ${number(busy * 100)} % of the time, and of that time`,
        ...functions
          .slice(0, shownFunctions)
          .map(({ name, share }) => `  ${number(share * 100).padStart(5)} %  ${name}`),
      ]),
    )
    .join('\n');
}

function formatFigure(figure: Figure): string {
  const { label, value, unit, lowest, highest, goal } = figure;
  const range =
    lowest === undefined || highest === undefined || lowest === highest
      ? ''
      : `${number(lowest)} .. ${number(highest)}`;
  const wanted = goal ? `${goal.relation === 'at least' ? '>=' : '<='} ${number(goal.value)}` : '';
  const outcome = goal ? (isReached(figure) ? 'pass' : 'MISS') : '';
  return [
    `  ${label.padEnd(widths.label)}`,
    number(value).padStart(widths.value),
    unit.padEnd(widths.unit),
    range.padEnd(widths.range),
    wanted.padEnd(widths.goal),
    outcome,
  ]
    .join(' ')
    .trimEnd();
}

function number(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}
