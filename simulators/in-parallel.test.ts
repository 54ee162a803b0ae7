import { describe, expect, it } from 'vitest';
import { inParallel } from './in-parallel.ts';

describe('inParallel', () => {
  it('does everything once, and no more at a time than asked', async () => {
    const done: number[] = [];
    let under = 0;
    let most = 0;
    await inParallel([...Array(20).keys()], 3, undefined, async (item) => {
      most = Math.max(most, ++under);
      await Promise.resolve();
      under -= 1;
      done.push(item);
    });
    expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
    expect(most).toBe(3);
    await inParallel([], 3, undefined, async () => expect.unreachable());
  });

  it('begins nothing more after a failure, or when it shall end', async () => {
    let begun = 0;
    const failing = inParallel([1, 2, 3, 4, 5], 2, undefined, async () => {
      begun += 1;
      throw new Error('planted');
    });
    await expect(failing).rejects.toThrow('planted');
    expect(begun).toBeLessThanOrEqual(2);
    const end = new AbortController();
    const ended = inParallel([1, 2, 3], 1, end.signal, async () => end.abort(new Error('enough')));
    await expect(ended).rejects.toThrow('enough');
  });
});
