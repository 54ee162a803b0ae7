import type { Page } from '@playwright/test';

export interface Frames {
  /** Time between two frames. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  /** Part of the frames that came more than 50 ms after the one before. */
  readonly slowShare: number;
  readonly framesPerS: number;
  /** Memory of the page's JavaScript at the end, after a collection. */
  readonly heapMb: number;
  /** Elements and texts of the page at the end. */
  readonly nodes: number;
}

const slowMs = 50;
const megabyte = 1e6;

/** Runs in the page. With a selector, the element is scrolled all the while, as with a wheel that never rests. */
const record = `async ({ durationMs, scroll }) => {
  const element = scroll === undefined ? undefined : document.querySelector(scroll);
  const frames = [];
  let last = await new Promise(requestAnimationFrame);
  const end = last + durationMs;
  let step = 240;
  while (last < end) {
    if (element) {
      const before = element.scrollTop;
      element.scrollTop += step;
      if (element.scrollTop === before) step = -step;
    }
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  return frames;
}`;

/** The frames of a page over so long. @param scroll of the element to scroll meanwhile */
export async function recordFrames(page: Page, durationMs: number, scroll?: string): Promise<Frames> {
  const argument = JSON.stringify({ durationMs, scroll });
  const frames = await page.evaluate<number[]>(`(${record})(${argument})`);
  const sorted = [...frames].sort((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  const result = {
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    longestMs: quantile(1),
    slowShare: frames.filter((frame) => frame > slowMs).length / frames.length,
    framesPerS: (1000 * frames.length) / frames.reduce((sum, frame) => sum + frame, 0),
    heapMb: metric('JSHeapUsedSize') / megabyte,
    nodes: metric('Nodes'),
  };
  await session.detach();
  return result;
}
