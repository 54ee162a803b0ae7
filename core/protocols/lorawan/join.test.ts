import { describe, expect, test } from 'vitest';
import { oracle as lora } from '../../testing/lora-oracle.ts';
import fc from '../../testing/properties.ts';
import { LorawanError } from './errors.ts';
import {
  decodeJoinAccept,
  decodeJoinRequest,
  encodeJoinAccept,
  encodeJoinRequest,
  isJoinOf,
  type JoinAccept,
  sessionKeys,
} from './join.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

/** The join of a device that was published with its key beside lora-packet. */
const appKey = bytes('98929b92c49edba9676d646d3b612456');
const request = bytes('0039363463336913aa05693574323831330489c65b1304');

const accept: JoinAccept = {
  appNonce: 0x376338,
  netId: 0xaabbcc,
  devAddr: 0x00012ccd,
  rx1DrOffset: 2,
  rx2DataRate: 3,
  rxDelayS: 5,
  cfList: new Uint8Array(0),
};

describe('a join-request', () => {
  test('is read, with its MIC right', () => {
    const read = decodeJoinRequest(request);
    expect(read).toMatchObject({ appEui: 'AA13693363343639', devEui: '3331383274356905', devNonce: 0x8904 });
    expect(isJoinOf(read, appKey)).toBe(true);
  });
  test('is written', () => {
    expect(hex(encodeJoinRequest(decodeJoinRequest(request), appKey))).toBe(hex(request));
  });
  test('changed in any bit it is refused, or its MIC is wrong', () => {
    for (let bit = 0; bit < request.length * 8; bit++) {
      const bent = Uint8Array.from(request);
      bent[bit >>> 3] = (bent[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verified(bent)).toBe(false);
    }
  });
  test('of any other length it is refused', () => {
    for (let length = 0; length < request.length; length++) {
      expect(() => decodeJoinRequest(request.subarray(0, length))).toThrow(LorawanError);
    }
    expect(() => decodeJoinRequest(bytes(`${hex(request)}00`))).toThrow(
      'a join-request has 23 bytes, got 24',
    );
  });
});

function verified(wire: Uint8Array): boolean {
  try {
    return isJoinOf(decodeJoinRequest(wire), appKey);
  } catch (error) {
    expect(error).toBeInstanceOf(LorawanError);
    return false;
  }
}

describe('a join-accept', () => {
  test('of all zeros is written as lora-packet publishes it', () => {
    const zeros = { appNonce: 0, netId: 0, devAddr: 0, rx1DrOffset: 0, rx2DataRate: 0 };
    const packet = lora.fromFields(
      { AppNonce: Buffer.alloc(3), NetID: Buffer.alloc(3), DevAddr: Buffer.alloc(4), RxDelay: 1 },
      undefined,
      undefined,
      Buffer.alloc(16),
    );
    const wire = encodeJoinAccept({ ...zeros, rxDelayS: 1, cfList: new Uint8Array(0) }, new Uint8Array(16));
    expect(hex(wire)).toBe(hex(packet.getPHYPayload() as Buffer));
  });
  test('published with a delay of 0 is read as one of a second', () => {
    const wire = bytes('20e3de108795f776b8037610ef7869b5b3');
    expect(decodeJoinAccept(wire, new Uint8Array(16))).toEqual({
      ...{ appNonce: 0, netId: 0, devAddr: 0, rx1DrOffset: 0, rx2DataRate: 0, rxDelayS: 1 },
      cfList: new Uint8Array(0),
    });
  });
  test('changed in any bit, or by another key, it has a wrong MIC', () => {
    const wire = encodeJoinAccept(accept, appKey);
    expect(decodeJoinAccept(wire, bytes('00'.repeat(16)))).toBeUndefined();
    for (let bit = 8; bit < wire.length * 8; bit++) {
      const bent = Uint8Array.from(wire);
      bent[bit >>> 3] = (bent[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeJoinAccept(bent, appKey)).toBeUndefined();
    }
  });
  test('cut off it is refused, or has a wrong MIC', () => {
    const wire = encodeJoinAccept({ ...accept, cfList: new Uint8Array(16).fill(7) }, appKey);
    for (let length = 0; length < wire.length; length++) {
      const cut = wire.subarray(0, length);
      if (length === 17) expect(decodeJoinAccept(cut, appKey)).toBeUndefined();
      else expect(() => decodeJoinAccept(cut, appKey)).toThrow(LorawanError);
    }
  });
});

const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
const eui = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((data) => hex(data).toUpperCase());
const anyAccept: fc.Arbitrary<JoinAccept> = fc.record({
  appNonce: fc.nat(0xff_ffff),
  netId: fc.nat(0xff_ffff),
  devAddr: fc.integer({ min: 0, max: 0xffff_ffff }),
  rx1DrOffset: fc.nat(7),
  rx2DataRate: fc.nat(15),
  rxDelayS: fc.integer({ min: 1, max: 15 }),
  cfList: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ minLength: 16, maxLength: 16 })),
});

test('joins are read as they were written, by lora-packet too', () => {
  fc.assert(
    fc.property(anyAccept, fc.nat(0xffff), eui, eui, key, (given, devNonce, appEui, devEui, by) => {
      const requested = encodeJoinRequest({ appEui, devEui, devNonce }, by);
      expect(decodeJoinRequest(requested)).toMatchObject({ appEui, devEui, devNonce });
      const appKeyBuffer = Buffer.from(by);
      expect(lora.verifyMIC(lora.fromWire(Buffer.from(requested)), undefined, appKeyBuffer)).toBe(true);

      const wire = encodeJoinAccept(given, by);
      const read = decodeJoinAccept(wire, by);
      expect({ ...read, cfList: hex(read?.cfList as Uint8Array) }).toEqual({
        ...given,
        cfList: hex(given.cfList),
      });
      const packet = lora.fromWire(lora.decryptJoinAccept(lora.fromWire(Buffer.from(wire)), appKeyBuffer));
      expect(packet.DevAddr?.readUInt32BE()).toBe(given.devAddr);
      expect(packet.getRxDelayDel()).toBe(given.rxDelayS);
      expect(lora.verifyMIC(packet, undefined, appKeyBuffer)).toBe(true);
    }),
  );
});

test('session keys are those that were published', () => {
  const { nwkSKey, appSKey } = sessionKeys(appKey, accept, 0xf18e);
  expect(hex(nwkSKey)).toBe('4e3d6e6afbcc67af2ba3c8e8ec4acf4b');
  expect(hex(appSKey)).toBe('610897aa6f1460623443b527d3ac6a9d');
});

test('session keys are those of lora-packet', () => {
  fc.assert(
    fc.property(
      key,
      fc.nat(0xff_ffff),
      fc.nat(0xff_ffff),
      fc.nat(0xffff),
      (by, appNonce, netId, devNonce) => {
        const number = (value: number, count: number): Buffer => {
          const buffer = Buffer.alloc(count);
          buffer.writeUIntBE(value, 0, count);
          return buffer;
        };
        const theirs = lora.generateSessionKeys10(
          Buffer.from(by),
          ...([number(netId, 3), number(appNonce, 3), number(devNonce, 2)] as [Buffer, Buffer, Buffer]),
        );
        const ours = sessionKeys(by, { appNonce, netId }, devNonce);
        expect([hex(ours.nwkSKey), hex(ours.appSKey)]).toEqual([hex(theirs.NwkSKey), hex(theirs.AppSKey)]);
      },
    ),
  );
});

test('what the wire has no room for is not written', () => {
  expect(() => encodeJoinAccept({ ...accept, rxDelayS: 16 }, appKey)).toThrow('rxDelayS must be');
  expect(() => encodeJoinAccept({ ...accept, cfList: new Uint8Array(15) }, appKey)).toThrow('cfList must be');
  expect(() => encodeJoinRequest({ appEui: 'x', devEui: '0'.repeat(16), devNonce: 0 }, appKey)).toThrow(
    'an EUI has 16 hexadecimal digits, got "x"',
  );
});
