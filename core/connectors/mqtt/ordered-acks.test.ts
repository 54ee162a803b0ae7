import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { OrderedAcks } from './ordered-acks.ts';

describe('OrderedAcks', () => {
  it('lets none leave before an earlier one', () => {
    const written: string[] = [];
    const acks = new OrderedAcks((bytes) => void written.push(bytes.toString()));
    const [a, b, c] = ['a', 'b', 'c'].map((text) => acks.add(Buffer.from(text)));
    acks.settle(c!);
    acks.settle(b!);
    expect([written, acks.size]).toEqual([[], 3]);
    acks.settle(a!);
    expect([written, acks.size]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('writes all in the order of adding, whatever the order of settling', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 });
    fc.assert(
      fc.property(order, (settling) => {
        const written: number[] = [];
        const acks = new OrderedAcks((bytes) => void written.push(bytes[0]!));
        const slots = settling.map((_, index) => acks.add(Buffer.from([index])));
        for (const index of settling) acks.settle(slots[index]!);
        expect(written).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      }),
    );
  });
});
