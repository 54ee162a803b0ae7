import { expect, test } from 'vitest';
import fc from '../../testing/properties.ts';
import { SmppError } from './errors.ts';
import { PduFramer } from './framer.ts';
import { type Command, layouts } from './layouts.ts';
import { decodePdu, encodePdu, type PduToSend } from './pdu.ts';
import { commandStatus, statusName } from './status.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

const vectors: readonly [string, string, PduToSend][] = [
  [
    'the sample PDU of SMPP 3.4, 3.2.3',
    `0000002F 00000002 00000000 00000001 53 4D 50 50 33 54 45 53 54 00 73 65 63 72 65 74 30 38 00
     53 55 42 4D 49 54 31 00 00 01 01 00`,
    {
      command: 'bind_transmitter',
      sequence: 1,
      body: {
        ...{ systemId: 'SMPP3TEST', password: 'secret08', systemType: 'SUBMIT1' },
        ...{ interfaceVersion: 0, addrTon: 1, addrNpi: 1, addressRange: '' },
      },
    },
  ],
  [
    'a refusal without body, 4.1.2',
    '00000010 80000009 0000000E 00000002',
    { command: 'bind_transceiver_resp', status: commandStatus.ESME_RINVPASWD, sequence: 2 },
  ],
  [
    'enquire_link, 4.11',
    '00000010 00000015 00000000 7fffffff',
    { command: 'enquire_link', sequence: 0x7fff_ffff },
  ],
  [
    'submit_sm, 4.4.1, with user_message_reference, 5.3.2.17',
    `0000003A 00000004 00000000 00000005 00 00 00 ${ascii('20259')} 00 01 01 ${ascii('33600000001')} 00
     00 00 00 00 00 01 00 00 00 03 ${ascii('Hi!')} 0204 0002 1234`,
    {
      command: 'submit_sm',
      sequence: 5,
      body: {
        ...{ serviceType: '', sourceAddrTon: 0, sourceAddrNpi: 0, sourceAddr: '20259' },
        ...{ destAddrTon: 1, destAddrNpi: 1, destinationAddr: '33600000001', registeredDelivery: 1 },
        shortMessage: bytes(ascii('Hi!')),
      },
      options: new Map([[0x0204, bytes('1234')]]),
    },
  ],
];

test.each(vectors)('%s', (_, text, pdu) => {
  const wire = bytes(text);
  expect(hex(encodePdu(pdu))).toBe(hex(wire));
  expect(decodePdu(wire)).toMatchObject({ status: 0, options: new Map(), ...pdu });
  for (let length = 0; length < wire.length; length++) {
    expect(() => decodePdu(wire.subarray(0, length))).toThrow(SmppError);
  }
});

test.each([
  ['0000000f 00000015 00000000 000001', 'ESME_RINVCMDLEN', 'a PDU has at least 16 bytes, got 15'],
  [
    '00000011 00000015 00000000 00000001',
    'ESME_RINVCMDLEN',
    'command_length is 17 where the PDU has 16 bytes',
  ],
  ['00000010 00000021 00000000 00000001', 'ESME_RINVCMDID', 'command_id 0x00000021 is not known'],
  ['00000011 00000015 00000000 00000001 00', 'ESME_RINVOPTPARSTREAM', 'enquire_link has 1 bytes behind'],
  [
    '00000016 00000015 00000000 00000001 0424 0003 0102',
    'ESME_RINVOPTPARSTREAM',
    'optional parameter 0x0424 of enquire_link ends behind the PDU',
  ],
  [
    `00000026 0000000b 00000000 00000001 ${ascii('0123456789012345')} 00 00 0000 0000`,
    'ESME_RINVPARLEN',
    'systemId of outbind has 16 characters, of 15 at most',
  ],
  ['00000013 0000000b 00000000 00000001 616263', 'ESME_RINVCMDLEN', 'systemId of outbind does not end'],
  [
    `00000022 00000004 00000000 00000001 00 0000 00 0000 00 00 00 00 00 00 00 00 00 00 04 61`,
    'ESME_RINVMSGLEN',
    'sm_length is 4 where shortMessage of submit_sm has 1 bytes and may have 254',
  ],
])('%s is refused with %s', (wire, status, message) => {
  const caught = (() => {
    try {
      return decodePdu(bytes(wire));
    } catch (error) {
      return error as SmppError;
    }
  })();
  expect(caught).toMatchObject({ code: 'smpp.malformed', message: expect.stringContaining(message) });
  expect(statusName((caught as SmppError).status)).toBe(status);
});

test.each<[string, PduToSend]>([
  [
    'systemId of outbind must have at most 15 characters',
    { command: 'outbind', sequence: 1, body: { systemId: 'x'.repeat(16) } },
  ],
  [
    'password of outbind must have at most 8',
    { command: 'outbind', sequence: 1, body: { password: 'a\0b' } },
  ],
  ['sourceAddr of deliver_sm must have', { command: 'deliver_sm', sequence: 1, body: { sourceAddr: '€' } }],
  ['esmClass of submit_sm must be a whole', { command: 'submit_sm', sequence: 1, body: { esmClass: 256 } }],
  [
    'length of shortMessage of submit_sm must be',
    { command: 'submit_sm', sequence: 1, body: { shortMessage: new Uint8Array(255) } },
  ],
  ['sequence must be a whole number', { command: 'enquire_link', sequence: -1 }],
  [
    'tag of an optional parameter must be',
    { command: 'unbind', sequence: 1, options: new Map([[65_536, new Uint8Array(0)]]) },
  ],
])('%s is not sent', (message, pdu) => expect(() => encodePdu(pdu)).toThrow(message));

const octets = (maxLength: number) => fc.uint8Array({ maxLength });
const pdus = fc.constantFrom(...(Object.keys(layouts) as Command[])).chain((command) => {
  const fields = Object.entries(layouts[command].body).map(([name, field]) => {
    const empty: unknown = field.empty;
    if (typeof empty === 'number') return [name, fc.integer({ min: 0, max: 255 })] as const;
    if (typeof empty === 'string') return [name, fc.stringMatching(/^[ -~]{0,5}$/)] as const;
    return [name, octets(254)] as const;
  });
  return fc.record({
    command: fc.constant(command),
    status: fc.constant(0),
    sequence: fc.integer({ min: 1, max: 0x7fff_ffff }),
    body: fc.record(Object.fromEntries(fields)),
    options: fc
      .array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), octets(300)), { maxLength: 4 })
      .map((all) => new Map(all)),
  });
});

test('what is written is read as it was, in whatever pieces it comes', () => {
  fc.assert(
    fc.property(
      fc.array(pdus, { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 40 })),
      (all, cuts) => {
        const stream = Buffer.concat(all.map((pdu) => encodePdu(pdu as PduToSend)));
        const framer = new PduFramer(65_536);
        const read: unknown[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          for (const one of framer.push(new Uint8Array(stream.subarray(at, at + cut))))
            read.push(decodePdu(one));
          at = Math.min(at + cut, stream.length);
        }
        expect(read).toEqual(all);
      },
    ),
  );
});

test('bytes of any kind, and PDUs with a bit turned, are read or refused, and nothing else', () => {
  const refusedOrRead = (wire: Uint8Array): void => {
    try {
      decodePdu(wire);
    } catch (error) {
      expect(error).toBeInstanceOf(SmppError);
    }
  };
  fc.assert(fc.property(octets(80), refusedOrRead), { numRuns: 500 });
  fc.assert(
    fc.property(pdus, fc.nat(), fc.integer({ min: 0, max: 7 }), (pdu, place, bit) => {
      const wire = encodePdu(pdu as PduToSend);
      const at = place % wire.length;
      wire[at] = (wire[at] ?? 0) ^ (1 << bit);
      refusedOrRead(wire);
    }),
    { numRuns: 500 },
  );
});

test.each([['00000009'], ['00010001']])(
  'a length of %s ends the framing, and what came before is read',
  (length) => {
    const framer = new PduFramer(65_536);
    const good = encodePdu({ command: 'unbind', sequence: 1 });
    const stream = framer.push(
      new Uint8Array(Buffer.concat([good, bytes(`${length} 00000015 00000000 00000001`)])),
    );
    expect(stream.next().value).toEqual(good);
    expect(() => stream.next()).toThrow('a PDU has from 16 to 65536 bytes');
  },
);
