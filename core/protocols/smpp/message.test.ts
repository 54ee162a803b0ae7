import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../platform/virtual-clock.ts';
import fc from '../../testing/properties.ts';
import { alphabetOf, decodeText } from './data-coding.ts';
import { SmppError } from './errors.ts';
import { readContent } from './incoming-message.ts';
import { type MessagePart, messageOfOctets, messageOfText } from './outgoing-message.ts';
import { decodePdu, encodePdu, type Pdu } from './pdu.ts';
import { type GivenUp, Reassembly } from './reassembly.ts';
import { readReceipt, writeReceipt } from './receipt.ts';
import { type LongMessageForm, longMessageForms } from './segments.ts';
import { readTime, relativeTime } from './time.ts';
import { tag } from './tlv.ts';
import { readUserDataHeader } from './user-data-header.ts';

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const form = (longMessages: LongMessageForm) =>
  ({ longMessages, defaultAlphabet: 'GSM7', reference: 0x1234 }) as const;

const overTheWire = ({ body, options }: MessagePart) =>
  decodePdu(encodePdu({ command: 'deliver_sm', sequence: 1, body, options })) as Pdu<'deliver_sm'>;

function together(parts: MessagePart[]): Uint8Array {
  const reassembly = new Reassembly<Uint8Array>(
    new VirtualClock(),
    { waitMs: 1000, maxMessages: 10 },
    () => {},
  );
  let whole: Uint8Array[] | string = 'none';
  for (const part of [...parts].reverse()) {
    const { content, part: of } = readContent(overTheWire(part));
    whole = of ? reassembly.take('x', of, content) : [content];
  }
  expect(whole).toBeInstanceOf(Array);
  expect(reassembly.size).toBe(0);
  return new Uint8Array(Buffer.concat(whole as Uint8Array[]));
}

test.each<[LongMessageForm, number, number, number, number]>([
  // characters that fit: one message of the alphabet, its parts; one of UCS-2, its parts
  ['UDH8', 160, 153, 70, 67],
  ['UDH16', 160, 152, 70, 66],
  ['SAR', 160, 152, 70, 66],
])('%s: parts as long as the air allows', (longMessages, whole, part, wide, widePart) => {
  const count = (text: string): number => messageOfText(text, form(longMessages)).length;
  expect(['a'.repeat(whole), 'a'.repeat(whole + 1)].map(count)).toEqual([1, 2]);
  expect(['a'.repeat(part * 2), 'a'.repeat(part * 2 + 1)].map(count)).toEqual([2, 3]);
  expect(['Ж'.repeat(wide), 'Ж'.repeat(wide + 1)].map(count)).toEqual([1, 2]);
  expect(['Ж'.repeat(widePart * 2), 'Ж'.repeat(widePart * 2 + 1)].map(count)).toEqual([2, 3]);
});

test('neither an escape nor a pair is torn apart', () => {
  const escapes = messageOfText(`${'a'.repeat(152)}€${'b'.repeat(20)}`, form('UDH8'));
  expect(hex(escapes[0]?.body.shortMessage ?? bytes('')).slice(0, 12)).toBe('050003340201');
  expect(escapes[0]?.body.shortMessage).toHaveLength(6 + 152);
  const pairs = messageOfText(`${'Ж'.repeat(66)}😀${'Ж'.repeat(20)}`, form('UDH8'));
  expect(pairs[0]?.body.shortMessage).toHaveLength(6 + 132);
});

test('a text of any length comes out as it went in, in each form and alphabet', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.stringMatching(/^[ -_a-~]{0,500}$/),
  );
  for (const defaultAlphabet of ['GSM7', 'GSM7_PACKED', 'LATIN1', 'ASCII'] as const) {
    for (const longMessages of longMessageForms) {
      fc.assert(
        fc.property(texts, (text) => {
          fc.pre(!text.endsWith('\r'));
          const parts = messageOfText(text, { longMessages, defaultAlphabet, reference: 7 });
          const alphabet = alphabetOf(parts[0]?.body.dataCoding ?? 0, defaultAlphabet) ?? 'OCTETS';
          // Packed septets begin anew in each part, so their bytes cannot be put together before they are read.
          const read =
            alphabet === 'GSM7_PACKED'
              ? parts
                  .map((part) => {
                    const { content, headerBytes } = readContent(overTheWire(part));
                    return decodeText(content, alphabet, headerBytes);
                  })
                  .join('')
              : decodeText(together(parts), alphabet);
          expect(read).toBe(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
        }),
        { numRuns: 30 },
      );
    }
  }
});

test.each(longMessageForms)('bytes in the form %s come out as they went in', (longMessages) => {
  const octets = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
  expect(together(messageOfOctets(octets, form(longMessages)))).toEqual(octets);
  expect(() => messageOfOctets(new Uint8Array(40_000), form('UDH8'))).toThrow('number of parts must be');
});

describe('user data header: 3GPP 23.040, 9.2.3.24', () => {
  test.each([
    ['05 00 03 42 02 01 6869', { reference: 0x42, total: 2, number: 1 }],
    ['06 08 04 0142 02 02 6869', { reference: 0x142, total: 2, number: 2 }],
    ['0b 05 04 0b84 23f0 00 03 42 02 01 6869', { reference: 0x42, total: 2, number: 1 }],
    ['06 05 04 0b84 23f0 6869', undefined],
    ['05 00 03 42 00 01 6869', undefined],
    ['05 00 03 42 02 03 6869', undefined],
    ['00 6869', undefined],
  ])('%s', (wire, part) => {
    expect(readUserDataHeader(bytes(wire))).toMatchObject({ content: bytes('6869'), part });
  });

  test.each(['', '05 00 03 42', '03 00 03 42', '01 00'])('«%s» ends too early', (wire) => {
    expect(() => readUserDataHeader(bytes(wire))).toThrow(SmppError);
  });

  test('any bytes are a header or are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (any) => {
        try {
          readUserDataHeader(any);
        } catch (error) {
          expect(error).toBeInstanceOf(SmppError);
        }
      }),
    );
  });
});

test('a message has one content only', () => {
  const pdu = overTheWire({
    body: { esmClass: 0, dataCoding: 0, shortMessage: bytes('61') },
    options: new Map([[tag.messagePayload, bytes('62')]]),
  });
  expect(() => readContent(pdu)).toThrow('both a short_message and a message_payload');
});

describe('reassembly', () => {
  const setUp = (maxMessages = 2) => {
    const clock = new VirtualClock();
    const lost: [string[], number, GivenUp][] = [];
    const reassembly = new Reassembly<string>(clock, { waitMs: 60_000, maxMessages }, (...all) =>
      lost.push(all),
    );
    return { clock, lost, reassembly };
  };
  const of = (number: number, reference = 1, total = 2) => ({ reference, total, number });

  test('parts that come twice, of several senders, in any order', () => {
    const { reassembly, lost } = setUp();
    expect(reassembly.take('a', of(2), 'a2')).toBe('waiting');
    expect(reassembly.take('b', of(2), 'b2')).toBe('waiting');
    expect(reassembly.take('a', of(2), 'again')).toBe('repeated');
    expect(reassembly.take('a', of(1), 'a1')).toEqual(['a1', 'a2']);
    expect(reassembly.take('a', of(1, 9, 1), 'alone')).toEqual(['alone']);
    expect(reassembly.size).toBe(1);
    expect(lost).toEqual([]);
  });

  test('a message that stays in parts is given up', async () => {
    const { reassembly, lost, clock } = setUp();
    reassembly.take('a', of(2), 'a2');
    await clock.advance(59_999);
    expect(lost).toEqual([]);
    await clock.advance(1);
    expect(lost).toEqual([[['a2'], 2, 'timeout']]);
  });

  test('the oldest gives way', () => {
    const { reassembly, lost } = setUp();
    for (const sender of ['a', 'b', 'c']) reassembly.take(sender, of(1), sender);
    expect(lost).toEqual([[['a'], 2, 'overload']]);
    reassembly.clear();
    expect(reassembly.size).toBe(0);
  });
});

describe('delivery receipts', () => {
  test.each([
    // SMPP 3.4, appendix B
    [
      'id:0123456789 sub:001 dlvrd:001 submit date:0611231530 done date:0611231531 stat:DELIVRD err:000 text:Hi',
      { messageId: '0123456789', state: 'DELIVERED', error: '000' },
    ],
    ['ID:ab-1 Stat:undeliv Err:27', { messageId: 'ab-1', state: 'UNDELIVERABLE', error: '27' }],
    ['id: 7 stat: ENROUTE', { messageId: '7', state: 'ENROUTE', error: '000' }],
    ['id:7 stat:NONSENSE', undefined],
    ['stat:DELIVRD', undefined],
    ['hello', undefined],
  ])('%s', (text, receipt) => expect(readReceipt(text, new Map())).toEqual(receipt));

  test('options count more than the text, and a receipt that is written is read', () => {
    const { body, options } = writeReceipt(
      { messageId: 'abc', state: 'EXPIRED', error: '001' },
      { submittedMs: Date.UTC(2026, 10, 23, 15, 30), doneMs: Date.UTC(2026, 10, 23, 15, 31), text: 'Grüße' },
    );
    const text = Buffer.from(body.shortMessage).toString('latin1');
    expect(text).toBe(
      'id:abc sub:001 dlvrd:000 submit date:2611231530 done date:2611231531 stat:EXPIRED err:001 text:Gr??e',
    );
    expect(readReceipt(text, new Map())).toEqual({ messageId: 'abc', state: 'EXPIRED', error: '001' });
    expect(readReceipt('id:other stat:DELIVRD', options)).toMatchObject({
      messageId: 'abc',
      state: 'EXPIRED',
    });
    const network = new Map([[tag.networkErrorCode, bytes('03 0021')], ...options]);
    expect(readReceipt('', network)?.error).toBe('033');
  });
});

describe('times: SMPP 3.4, 7.1.1', () => {
  const now = Date.UTC(2026, 0, 1);
  test.each([
    [5000, '000000000005000R'],
    [24 * 3_600_000, '000001000000000R'],
    [1, '000000000001000R'],
    [(365 + 31) * 86_400_000, '010101000000000R'],
  ])('%s ms', (span, text) => {
    expect(relativeTime(span)).toBe(text);
    expect(readTime(text, now)).toBe(now + Math.ceil(span / 1000) * 1000);
  });
  test.each([
    ['260102030405600+', Date.UTC(2026, 0, 2, 3, 4, 5, 600)],
    ['260102030405604-', Date.UTC(2026, 0, 2, 4, 4, 5, 600)],
    ['260231000000000+', undefined],
    ['', undefined],
    ['260102030405600', undefined],
  ])('«%s»', (text, time) => expect(readTime(text, now)).toBe(time));
  test('no span below', () => expect(() => relativeTime(0)).toThrow(SmppError));
});
