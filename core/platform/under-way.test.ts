import { expect, it } from 'vitest';
import { UnderWay } from './under-way.ts';

it('waits for what is under way, for what that begins, and past what fails', async () => {
  const underWay = new UnderWay();
  expect(await underWay.end()).toBe(false);
  const done: string[] = [];
  const begin = (name: string, then?: () => void): void =>
    underWay.add(
      new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        done.push(name);
        then?.();
      }),
    );
  begin('first', () => begin('second', () => begin('third')));
  const failing = Promise.reject(new Error('a failure is its caller’s'));
  underWay.add(failing);
  expect(await underWay.end()).toBe(true);
  expect(done).toEqual(['first', 'second', 'third']);
  await expect(failing).rejects.toThrow('its caller');
  expect(await underWay.end()).toBe(false);
});
