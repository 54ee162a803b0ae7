import { describe, expect, test } from 'vitest';
import { oracle as lora } from '../../testing/lora-oracle.ts';
import fc from '../../testing/properties.ts';
import {
  cryptPayload,
  type DataFrameDraft,
  decodeDataFrame,
  encodeDataFrame,
  isFrom,
  type ReceivedDataFrame,
  type SessionKeys,
} from './data-frame.ts';
import { LorawanError } from './errors.ts';
import { type DataType, isUplink } from './frame-type.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

const keys: SessionKeys = {
  nwkSKey: bytes('44024241ed4ce9a68c6a8bc055233fd3'),
  appSKey: bytes('ec925802ae430ca77fd3dd73cb2cc588'),
};

interface Vector {
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly draft: DataFrameDraft;
}

const draft = (fields: Partial<DataFrameDraft> = {}): DataFrameDraft => ({
  type: 'UNCONFIRMED_DATA_UP',
  devAddr: 0x49be7df1,
  adr: false,
  adrAckReq: false,
  ack: false,
  fPending: false,
  fCnt: 2,
  fOpts: new Uint8Array(0),
  fPort: undefined,
  payload: new Uint8Array(0),
  ...fields,
});

/** Frames that were on the air, published with their keys beside lora-packet and in the tests of other network servers. */
const vectors: readonly Vector[] = [
  {
    source: 'an uplink with the payload "test"',
    bytes: bytes('40 f17dbe49 00 0200 01 95437876 2b11ff0d'),
    draft: draft({ fPort: 1, payload: new Uint8Array(Buffer.from('test')) }),
  },
  {
    source: 'an uplink with a port and no payload',
    bytes: bytes('40 f17dbe49 00 0300 01 2a3518af'),
    draft: draft({ fCnt: 3, fPort: 1 }),
  },
  {
    source: 'a downlink that acknowledges',
    bytes: bytes('60 f17dbe49 20 0200 01 f9d65d27'),
    draft: draft({ type: 'UNCONFIRMED_DATA_DOWN', ack: true, fPort: 1 }),
  },
];

describe.each(vectors)('$source', ({ bytes: wire, draft: expected }) => {
  test('is read, with its MIC right', () => {
    const frame = decodeDataFrame(wire);
    expect(isFrom(frame, keys.nwkSKey, expected.fCnt)).toBe(true);
    expect(readable(frame, expected.fCnt)).toEqual({
      ...expected,
      fOpts: '',
      payload: hex(expected.payload),
    });
  });
  test('is written', () => expect(hex(encodeDataFrame(expected, keys))).toBe(hex(wire)));
  test('changed in any bit it is refused, or its MIC is wrong', () => {
    for (let bit = 0; bit < wire.length * 8; bit++) {
      const bent = Uint8Array.from(wire);
      bent[bit >>> 3] = (bent[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      const frame = attempt(bent);
      if (frame) expect(isFrom(frame, keys.nwkSKey, expected.fCnt)).toBe(false);
    }
  });
  test('cut off anywhere it is refused, or its MIC is wrong', () => {
    for (let length = 0; length < wire.length; length++) {
      const frame = attempt(wire.subarray(0, length));
      expect(frame === undefined).toBe(length < 12);
      if (frame) expect(isFrom(frame, keys.nwkSKey, expected.fCnt)).toBe(false);
    }
  });
  test('is of another counter, or by another key, to no MIC', () => {
    const frame = decodeDataFrame(wire);
    expect(isFrom(frame, keys.nwkSKey, expected.fCnt + 65_536)).toBe(false);
    expect(isFrom(frame, keys.appSKey, expected.fCnt)).toBe(false);
  });
});

function attempt(wire: Uint8Array): ReceivedDataFrame | undefined {
  try {
    return decodeDataFrame(wire);
  } catch (error) {
    if (error instanceof LorawanError && error.code === 'lorawan.malformed') return undefined;
    throw error;
  }
}

function readable(frame: ReceivedDataFrame, fCnt: number, by = keys) {
  const { bytes: _bytes, mic: _mic, ...fields } = frame;
  return { ...fields, fCnt, fOpts: hex(frame.fOpts), payload: hex(cryptPayload(frame, by, fCnt)) };
}

const types: readonly DataType[] = [
  'UNCONFIRMED_DATA_UP',
  'UNCONFIRMED_DATA_DOWN',
  'CONFIRMED_DATA_UP',
  'CONFIRMED_DATA_DOWN',
];
const anyDraft: fc.Arbitrary<DataFrameDraft> = fc
  .record({
    type: fc.constantFrom(...types),
    devAddr: fc.integer({ min: 0, max: 0xffff_ffff }),
    adr: fc.boolean(),
    adrAckReq: fc.boolean(),
    ack: fc.boolean(),
    fPending: fc.boolean(),
    fCnt: fc.integer({ min: 0, max: 0xffff_ffff }),
    fOpts: fc.uint8Array({ maxLength: 15 }),
    fPort: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
    payload: fc.uint8Array({ maxLength: 222 }),
  })
  .map((given) => ({
    ...given,
    adrAckReq: given.adrAckReq && isUplink(given.type),
    fPending: given.fPending && !isUplink(given.type),
    fOpts: given.fPort === 0 ? new Uint8Array(0) : given.fOpts,
    payload: given.fPort === undefined ? new Uint8Array(0) : given.payload,
  }));
const anyKeys: fc.Arbitrary<SessionKeys> = fc.record({
  nwkSKey: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  appSKey: fc.uint8Array({ minLength: 16, maxLength: 16 }),
});

test('what is written is read as it was', () => {
  fc.assert(
    fc.property(anyDraft, anyKeys, (given, by) => {
      const frame = decodeDataFrame(encodeDataFrame(given, by));
      expect(isFrom(frame, by.nwkSKey, given.fCnt)).toBe(true);
      expect(readable(frame, given.fCnt, by)).toEqual({
        ...given,
        fOpts: hex(given.fOpts),
        payload: hex(given.payload),
      });
    }),
  );
});

test('lora-packet reads what is written here, and writes the same', () => {
  fc.assert(
    fc.property(anyDraft, anyKeys, (given, by) => {
      const wire = encodeDataFrame(given, by);
      const packet = lora.fromWire(Buffer.from(wire));
      const high = Buffer.alloc(2);
      high.writeUInt16LE(given.fCnt >>> 16);
      const [nwkSKey, appSKey] = [Buffer.from(by.nwkSKey), Buffer.from(by.appSKey)];
      expect(lora.verifyMIC(packet, nwkSKey, undefined, high)).toBe(true);
      expect(packet.getFCnt()).toBe(given.fCnt % 65_536);
      expect(hex(packet.FOpts ?? new Uint8Array(0))).toBe(hex(given.fOpts));
      if (given.payload.length > 0)
        expect(hex(lora.decrypt(packet, appSKey, nwkSKey, high))).toBe(hex(given.payload));
    }),
  );
});

test('noise is refused, or read; never anything else', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => void attempt(noise)));
});

describe('what no data frame may be', () => {
  test.each([
    ['', 'a frame of no bytes'],
    ['41 f17dbe49 00 0200 2b11ff0d', 'major version 1 is not LoRaWAN R1'],
    ['00 f17dbe49 00 0200 2b11ff0d', 'a JOIN_REQUEST frame is no data frame'],
    ['40 f17dbe49 00 0200 2b11ff', 'a data frame has at least 12 bytes, got 11'],
    ['40 f17dbe49 03 0200 0202 2b11ff0d', 'FOptsLen is 3, and only 2 bytes are left before the MIC'],
    ['40 f17dbe49 01 0200 02 00 02 2b11ff0d', 'MAC commands both in FOpts and on port 0'],
    [`40 f17dbe49 00 0200 01 ${'00'.repeat(243)} 2b11ff0d`, 'a frame has at most 255 bytes, got 256'],
  ])('%s', (wire, message) => {
    expect(() => decodeDataFrame(bytes(wire))).toThrow(new LorawanError('lorawan.malformed', message));
  });
  test.each<[Partial<DataFrameDraft>, string]>([
    [{ fCnt: 2 ** 32 }, 'fCnt must be'],
    [{ devAddr: -1 }, 'devAddr must be'],
    [{ fPort: 256 }, 'fPort must be'],
    [{ fOpts: new Uint8Array(16) }, 'length of fOpts must be'],
    [{ fPort: 0, fOpts: new Uint8Array(1) }, 'length of fOpts must be'],
    [{ payload: new Uint8Array(1) }, 'length of a payload without port'],
    [{ fPort: 1, payload: new Uint8Array(243) }, 'length of the frame must be'],
  ])('%o is not written', (fields, message) => {
    expect(() => encodeDataFrame(draft(fields), keys)).toThrow(message);
  });
});
