import { atMost, type Figure } from '../lib/figures.ts';
import type { Program } from '../lib/ipc.ts';
import type { LoadCalls } from '../load/load-process.ts';
import { clientIdPrefix } from '../peers/fleetbench.ts';
import { sleep } from '../scenarios/bench.ts';
import { type Frames, recordFrames } from './frames.ts';
import { type PortalWindow, usable } from './windows.ts';

const messagesPerS = 2000;
const publishers = 50;
const warmUpMs = 2000;
const stallGoal = atMost(50);
/** Half of the frames of a screen that shows 60 a second. */
const frameGoal = atMost(34);

interface Shown {
  readonly name: string;
  /** Undefined: no window looks. */
  readonly path: string | undefined;
  readonly scroll?: string;
}

const nobody: Shown = { name: 'no window', path: undefined };
const views: readonly Shown[] = [
  { name: 'Dashboard', path: '/' },
  { name: 'Messages', path: '/messages' },
  { name: 'Devices, scrolled', path: '/devices', scroll: '[role=grid]' },
];

/** Frames of the page and stalls of the platform's process, at rest and while messages arrive. */
export async function underLoad(
  window: PortalWindow,
  load: Program<LoadCalls>,
  durationMs: number,
  say: (line: string) => void,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const tell = (label: string, value: number, unit: string, goal?: Figure['goal']): void => {
    figures.push({ scenario: window.name, label, value, unit, goal });
  };
  await open(window, '/messages');
  tell('Messages at rest: frame p95', (await recordFrames(window.page, durationMs)).p95Ms, 'ms');
  for (const shown of [nobody, ...views]) {
    say(`${window.name}: ${shown.name}`);
    const { frames, longestStallMs, acknowledged } = await measure(window, load, shown, durationMs);
    tell(`${shown.name}: messages a second`, acknowledged, '/s');
    // Without a viewer the stall is what the platform costs by itself.
    tell(`${shown.name}: longest stall of the main process`, longestStallMs, 'ms', stallGoal);
    if (!frames) continue;
    tell(`${shown.name}: frames a second`, frames.framesPerS, '/s');
    tell(`${shown.name}: frame p50`, frames.p50Ms, 'ms');
    tell(`${shown.name}: frame p95`, frames.p95Ms, 'ms', frameGoal);
    tell(`${shown.name}: longest frame`, frames.longestMs, 'ms');
    tell(`${shown.name}: frames over 50 ms`, frames.slowShare * 100, '%');
    tell(`${shown.name}: memory of the page`, frames.heapMb, 'MB');
    tell(`${shown.name}: nodes of the page`, frames.nodes, '');
  }
  return figures;
}

async function measure(
  window: PortalWindow,
  load: Program<LoadCalls>,
  shown: Shown,
  durationMs: number,
): Promise<{ frames: Frames | undefined; longestStallMs: number; acknowledged: number }> {
  const { page } = window;
  if (shown.path === undefined) await page.goto('about:blank');
  else await open(window, shown.path);
  await load.call('start', {
    target: window.target,
    publishers,
    login: { username: 'json+device', password: window.deviceKey },
    clientIdPrefix,
    topic: 'dev/data',
    pace: { kind: 'open', messagesPerS },
  });
  await sleep(warmUpMs);
  await window.resetStalls();
  const measured = load.call('measure', { durationMs });
  const frames = shown.path === undefined ? undefined : await recordFrames(page, durationMs, shown.scroll);
  await measured;
  const longestStallMs = await window.longestStallMs();
  const result = await load.call('drain');
  return { frames, longestStallMs, acknowledged: result.window.messagesPerS };
}

async function open({ page, origin }: PortalWindow, path: string): Promise<void> {
  await page.goto(`${origin}/#${path}`);
  await usable(page);
}
