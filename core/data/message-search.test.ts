import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FilteredMessage, type MessageFilter, messageMatcher } from '../contract/message-filter.ts';
import fc from '../testing/properties.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

type Message = FilteredMessage & { readonly value: { readonly n: number } };

describe('MessageSearch', () => {
  let bench: TestPlatform;
  beforeAll(async () => {
    bench = await startTestPlatform({
      settings: { dataSearchMaxMessages: 25_000, dataPageMaxBytes: 100_000 },
    });
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const store = async (messages: readonly object[]): Promise<void> => {
    const { status } = await bench.call('POST', '/api/v0/data/bulk', messages);
    expect(status).toBe(202);
  };
  const find = (filter: MessageFilter, more: { limit?: number; bookmarkId?: string } = {}) =>
    bench.platform.search.find(bench.tenantId, { filter, limit: 100, ...more });
  const numbers = (page: { messages: object[] }): number[] =>
    (page.messages as Message[]).map(({ value }) => value.n);

  it('finds by every field, whatever the case, and by what a list shows of a value', async () => {
    await store([
      { streamId: 'Pump-1', model: 'pump_v1', value: { n: 1, state: 'Open' }, tags: ['lab', 'north'] },
      {
        streamId: 'pump-2',
        model: 'pump_v2',
        value: { n: 2, nested: { deep: 'Trésor "caché"' } },
        tags: ['lab'],
      },
      { streamId: 'valve', value: { n: 3, temp: 21.5 }, tags: ['la'] },
    ]);
    const found = async (filter: MessageFilter) => numbers(await find(filter));
    expect(await found({})).toEqual([3, 2, 1]);
    expect(await found({ stream: 'PUMP' })).toEqual([2, 1]);
    expect(await found({ model: 'Pump_V' })).toEqual([2, 1]);
    expect(await found({ model: 'pump_v2' })).toEqual([2]);
    expect(await found({ tag: 'lab' })).toEqual([2, 1]);
    expect(await found({ tag: 'la' })).toEqual([3]);
    expect(await found({ connector: 'http' })).toEqual([3, 2, 1]);
    expect(await found({ connector: 'mqtt' })).toEqual([]);
    expect(await found({ text: 'open' })).toEqual([1]);
    expect(await found({ text: 'temp 21.5' })).toEqual([3]);
    expect(await found({ text: '"temp":21' })).toEqual([3]);
    expect(await found({ text: 'TRÉSOR \\"cach' })).toEqual([2]);
    expect(await found({ text: 'lab' })).toEqual([]);
    expect(await found({ text: '%' })).toEqual([]);
    expect(await found({ text: 'pump', tag: 'north' })).toEqual([1]);
  });

  it('looks at a bounded number at a time, says how far it came, and goes on from there', async () => {
    const needle = { streamId: 's', value: { n: 1, mark: 'needle' } };
    const hay = (length: number) => Array.from({ length }, (_, n) => ({ streamId: 's', value: { n } }));
    await store([needle, ...hay(9999)]);
    for (let part = 0; part < 3; part++) await store(hay(10_000));
    const first = await find({ text: 'needle' });
    expect(first).toMatchObject({ messages: [], more: true });
    const second = await find({ text: 'needle' }, { bookmarkId: first.lookedBackTo?.id as string });
    expect(numbers(second)).toEqual([1]);
    expect(second.more).toBe(false);
    // A filter that fits many is answered from the newest on.
    expect(numbers(await find({ text: '99' }, { limit: 3 }))).toEqual([9999, 9998, 9997]);
  }, 60_000);

  it('leaves none out where a stream has few, however many others there are', async () => {
    await store([{ streamId: 'rare', value: { n: 1 } }]);
    for (let part = 0; part < 3; part++) {
      await store(Array.from({ length: 10_000 }, (_, n) => ({ streamId: 'common', value: { n } })));
    }
    const page = await find({ stream: 'rare' });
    expect(numbers(page)).toEqual([1]);
    expect(page.more).toBe(false);
  }, 60_000);

  it('gives a shorter page where messages are long, and never an empty one', async () => {
    const long = (n: number) => ({ streamId: 's', value: { n, text: 'x'.repeat(40_000) } });
    await store([1, 2, 3, 4].map(long));
    const first = await find({});
    expect(numbers(first)).toEqual([4, 3]);
    expect(first.more).toBe(true);
    expect(numbers(await find({}, { bookmarkId: first.lookedBackTo?.id as string }))).toEqual([2, 1]);
  });

  it('means the same by a filter as a window that has the messages at hand', async () => {
    const word = fc.constantFrom(
      'a',
      'B',
      'é',
      'É',
      '_',
      '%',
      '"',
      '\\',
      ':',
      ' ',
      '\n',
      '21.5',
      ',',
      '…',
      '/',
    );
    const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    const value = fc.dictionary(
      words,
      fc.oneof(words, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
    );
    const message = fc.record(
      {
        streamId: fc.constantFrom('one', 'Two', 'one-two'),
        model: words,
        value,
        tags: fc.array(words, { maxLength: 3 }),
      },
      { requiredKeys: ['streamId'] },
    );
    const filter = fc.record(
      { text: words, stream: fc.constantFrom('one', 'TWO', '-'), model: words, tag: words },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 12 }),
        fc.array(filter, { maxLength: 6 }),
        async (given, filters) => {
          await bench.platform.reset();
          const { status } = await bench.call('POST', '/api/v0/data/bulk', given);
          fc.pre(status === 202);
          const all = (await find({})).messages as unknown as Message[];
          for (const each of filters) {
            const { messages } = await find(each as MessageFilter);
            expect(messages).toEqual(all.filter(messageMatcher(each as MessageFilter)));
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});
