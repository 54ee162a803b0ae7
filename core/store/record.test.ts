import { describe, expect, it } from 'vitest';
import { findRecord, readRecord, recordHeaderBytes, sealRecord } from './record.ts';

function record(sequence: number, payload: string): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(recordHeaderBytes), Buffer.from(payload)]);
  sealRecord(bytes, sequence);
  return bytes;
}

describe('journal record', () => {
  it('has the documented bytes', () => {
    // 'FBj1', crc32 of the rest, length 2, sequence 258, 'hi'
    expect(record(258, 'hi').toString('hex')).toBe(
      '46426a31' + '474111ba' + '02000000' + '0201000000000000' + '6869',
    );
  });

  it('is read where it starts', () => {
    const bytes = Buffer.concat([record(1, 'one'), record(2, '')]);
    const first = readRecord(bytes, 0);
    expect(first).toEqual({ sequence: 1, payloadOffset: 20, payloadLength: 3, end: 23 });
    expect(readRecord(bytes, 23)).toEqual({ sequence: 2, payloadOffset: 43, payloadLength: 0, end: 43 });
    expect(readRecord(bytes, 43)).toBeUndefined();
  });

  it('is not read when any bit is wrong or any byte is missing', () => {
    const whole = record(7, 'payload');
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(readRecord(bytes, 0), `bit ${bit}`).toBeUndefined();
    }
    for (let length = 0; length < whole.length; length++) {
      expect(readRecord(whole.subarray(0, length), 0), `length ${length}`).toBeUndefined();
    }
  });

  it('is found behind rubbish, even rubbish that looks like a record', () => {
    const bytes = Buffer.concat([Buffer.from('FBj1FBj1 no record'), record(9, 'x')]);
    expect(findRecord(bytes, 0)).toMatchObject({ start: 18, record: { sequence: 9 } });
    expect(findRecord(bytes, 19)).toBeUndefined();
  });
});
