import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { chunkBytes, PageFile } from './page-file.ts';

const readAll = (file: PageFile): Uint8Array => {
  const bytes = new Uint8Array(file.size);
  file.read(bytes, 0);
  return bytes;
};

describe('file of pages in memory', () => {
  it('reads zeros behind its end and says so', () => {
    const file = new PageFile();
    file.write(Uint8Array.of(1, 2, 3), 2);
    const target = new Uint8Array(6).fill(9);
    expect(file.read(target, 3)).toBe(false);
    expect([...target]).toEqual([2, 3, 0, 0, 0, 0]);
    expect(file.read(new Uint8Array(5), 0)).toBe(true);
    expect(file.read(new Uint8Array(1), 100)).toBe(false);
  });

  it('holds zeros where it was cut and written behind', () => {
    const file = new PageFile();
    file.write(new Uint8Array(chunkBytes).fill(7), 0);
    file.truncate(10);
    file.write(Uint8Array.of(1), 20);
    expect([...readAll(file)]).toEqual([...new Array(10).fill(7), ...new Array(10).fill(0), 1]);
    file.truncate(100);
    expect(file.size).toBe(21);
  });

  const edit = fc.oneof(
    fc.record({
      offset: fc.integer({ min: 0, max: chunkBytes * 3 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    }),
    fc.record({ truncate: fc.integer({ min: 0, max: chunkBytes * 3 }) }),
  );
  const apply = (
    file: PageFile,
    model: { bytes: Uint8Array },
    change: { offset: number; bytes: Uint8Array } | { truncate: number },
  ): void => {
    if ('truncate' in change) {
      file.truncate(change.truncate);
      model.bytes = model.bytes.slice(0, change.truncate);
      return;
    }
    file.write(change.bytes, change.offset);
    const end = change.offset + change.bytes.byteLength;
    const grown = new Uint8Array(Math.max(model.bytes.byteLength, end));
    grown.set(model.bytes);
    grown.set(change.bytes, change.offset);
    model.bytes = grown;
  };

  it('is what was written, and what was frozen stays as it was, whatever is written meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 8 }),
        fc.array(edit, { maxLength: 8 }),
        fc.integer({ min: 1, max: chunkBytes * 2 }),
        (before, during, partBytes) => {
          const content = new Uint8Array(chunkBytes + 100).fill(5);
          const file = new PageFile(content.slice());
          const model = { bytes: content };
          for (const change of before) apply(file, model, change);
          const expected = model.bytes.slice();
          const frozen = file.freeze();
          const seen = new Uint8Array(frozen.size);
          let position = 0;
          for (const change of during) {
            apply(file, model, change);
            position += frozen.readNext(seen.subarray(position, position + partBytes));
          }
          while (position < frozen.size) position += frozen.readNext(seen.subarray(position));
          expect(frozen.readNext(new Uint8Array(1))).toBe(0);
          file.thaw();
          expect(Buffer.compare(seen, expected)).toBe(0);
          expect(Buffer.compare(readAll(file), model.bytes)).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
