import { expect, it } from 'vitest';
import { PacketIds } from './packet-ids.ts';

it('gives every id from 1 to 65535 once, and then none until one is free', () => {
  const ids = new PacketIds();
  expect(Array.from({ length: 0xffff }, () => ids.take())).toEqual(
    Array.from({ length: 0xffff }, (_, index) => index + 1),
  );
  expect(() => ids.take()).toThrow('all packet ids are in use');
  expect([ids.release(300), ids.release(300), ids.release(0)]).toEqual([true, false, false]);
  expect(ids.take()).toBe(300);
});

it('goes round, so that an id that has just come free is not taken again at once', () => {
  const ids = new PacketIds();
  for (let count = 0; count < 0xfffe; count++) ids.release(ids.take());
  expect([ids.take(), ids.take(), ids.take()]).toEqual([0xffff, 1, 2]);
});
