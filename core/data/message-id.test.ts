import { describe, expect, it } from 'vitest';
import { MessageIds } from './message-id.ts';

describe('MessageIds', () => {
  const ids = new MessageIds('a1b2');

  it('writes the second, the installation and the sequence number', () => {
    expect(ids.format(0x1234, Date.UTC(2030, 0, 1, 0, 0, 1, 999))).toBe('70dbd881a1b2000000001234');
  });

  it('sorts like time and sequence', () => {
    const made = [ids.format(1, 1000), ids.format(2, 1999), ids.format(3, 2000), ids.format(300, 2_000_000)];
    expect([...made].sort()).toEqual(made);
  });

  it.each([1, 255, 2 ** 32, 2 ** 47])('gives back the sequence number %d', (seq) => {
    expect(MessageIds.sequenceOf(ids.format(seq, 0))).toBe(seq);
  });

  it.each(['', 'x', '70DBD881a1b2000000001234', '70dbd881a1b20000000012345', 'refused-1-2'])(
    'knows that %j is none',
    (text) => {
      expect(MessageIds.sequenceOf(text)).toBeUndefined();
    },
  );

  it('wants four hexadecimal digits', () => {
    expect(() => new MessageIds('xyz')).toThrow(RangeError);
  });
});
