import { describe, expect, it } from 'vitest';
import { Serial } from './serial.ts';

describe('work in series', () => {
  it('starts each piece when the one before has ended, in the order of asking', async () => {
    const serial = new Serial();
    const log: string[] = [];
    const releases: (() => void)[] = [];
    const work = (name: string) => () => {
      log.push(`${name} begins`);
      return new Promise<string>((resolve) => {
        releases.push(() => {
          log.push(`${name} ends`);
          resolve(name);
        });
      });
    };
    const results = ['a', 'b', 'c'].map((name) => serial.run(work(name)));
    for (const [index, result] of results.entries()) {
      // The piece has begun, and no later one.
      while (releases.length <= index) await Promise.resolve();
      expect(releases).toHaveLength(index + 1);
      releases[index]?.();
      await result;
    }
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
  });

  it('goes on after a failure, which is for its caller alone', async () => {
    const serial = new Serial();
    const failing = serial.run(async () => {
      throw new Error('this one');
    });
    const thrown = serial.run(() => {
      throw new Error('at once');
    });
    const next = serial.run(async () => 'fine');
    await expect(failing).rejects.toThrow('this one');
    await expect(thrown).rejects.toThrow('at once');
    expect(await next).toBe('fine');
  });
});
