import { describe, expect, it } from 'vitest';
import { DtlsBench } from '../../testing/dtls-bench.ts';
import { dtlsCaptures } from '../../testing/dtls-captures.ts';
import fc from '../../testing/properties.ts';
import { encodeMessage } from './handshake-message.ts';
import { contentTypes, dtls12, plainRecord } from './record.ts';

const anyBytes = fc.uint8Array({ maxLength: 400 });

interface Damage {
  readonly kind: 'change' | 'cut' | 'append' | 'drop' | 'repeat';
  readonly position: number;
  readonly byte: number;
}
const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('change', 'cut', 'append', 'drop', 'repeat'),
  position: fc.nat(1000),
  byte: fc.nat(255),
});

/** What becomes of a datagram. */
function damaged(datagram: Uint8Array, { kind, position, byte }: Damage): Uint8Array[] {
  const at = position % datagram.length;
  switch (kind) {
    case 'change': {
      const changed = new Uint8Array(datagram);
      changed[at] = byte;
      return [changed];
    }
    case 'cut':
      return [datagram.slice(0, at)];
    case 'append':
      return [new Uint8Array([...datagram, ...datagram.subarray(at), byte])];
    case 'drop':
      return [];
    case 'repeat':
      return [datagram, datagram];
  }
}

/** The server still does what it is there for, at once. */
async function expectService(bench: DtlsBench): Promise<void> {
  const startMs = bench.clock.now();
  const device = await bench.connected();
  device.session().send(Buffer.from('hello'));
  await bench.pass(0);
  expect(device.received).toEqual(['hello']);
  expect(bench.clock.now() - startMs).toBeLessThan(1000);
}

/** Nothing of what was begun is there for ever. */
async function expectEnd(bench: DtlsBench): Promise<void> {
  bench.clock.advance(61_000);
  await bench.pass(0);
  expect(bench.server.handshakeCount).toBe(0);
}

describe('a server that gets', () => {
  it('anything at all', async () => {
    const bench = new DtlsBench();
    const from = bench.freeAddress();
    fc.assert(
      fc.property(anyBytes, (datagram) => bench.inject(datagram, from)),
      { numRuns: 500 },
    );
    expect(bench.server.handshakeCount).toBe(0);
    await expectService(bench);
  });

  it('anything at all in records that look like DTLS', async () => {
    const bench = new DtlsBench();
    const from = bench.freeAddress();
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 25 }), fc.nat(100), anyBytes, (type, sequence, content) =>
        bench.inject(plainRecord(type, dtls12, sequence, content), from),
      ),
      { numRuns: 500 },
    );
    expect(bench.server.handshakeCount).toBe(0);
    await expectService(bench);
  });

  it('what clients of other makers once said, damaged', async () => {
    const bench = new DtlsBench();
    const said = dtlsCaptures.flatMap(({ datagrams }) => datagrams.map(({ bytes }) => bytes));
    fc.assert(
      fc.property(fc.constantFrom(...said), fc.array(damage, { maxLength: 4 }), (datagram, damages) => {
        const from = bench.freeAddress();
        let datagrams = [datagram];
        for (const each of damages) {
          datagrams = datagrams.flatMap((part) => (part.length > 0 ? damaged(part, each) : []));
        }
        for (const part of datagrams) bench.inject(part, from);
      }),
      { numRuns: 2000 },
    );
    // None of them has a cookie of this server.
    expect(bench.server.handshakeCount).toBe(0);
    await expectService(bench);
  });

  it('messages in any order and of any form from one who has a cookie', async () => {
    const bench = new DtlsBench();
    const message = fc.record({
      type: fc.constantFrom(0, 1, 2, 3, 12, 14, 16, 20, 99),
      messageSequence: fc.integer({ min: 1, max: 5 }),
      body: fc.oneof(anyBytes, fc.constant(Uint8Array.of(0, 3, 97, 98, 99))),
      record: fc.constantFrom(contentTypes.handshake, contentTypes.alert, contentTypes.changeCipherSpec),
      epoch: fc.constantFrom(0, 0, 0, 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 12 }), async (messages) => {
        const device = bench.connect();
        while (device.sent.length < 2) await Promise.resolve();
        const { address } = device.place;
        const withCookie = device.sent[1]!;
        device.client.close();
        bench.inject(withCookie, address);
        for (const [index, { record, epoch, ...each }] of messages.entries()) {
          const content = record === contentTypes.handshake ? encodeMessage(each) : each.body;
          const datagram = plainRecord(record, dtls12, 10 + index, content);
          datagram[4] = epoch;
          bench.inject(datagram, address);
        }
      }),
      { numRuns: 200 },
    );
    await expectService(bench);
    await expectEnd(bench);
  });
});

describe('a handshake whose datagrams are damaged on the way', () => {
  it('is done or fails, on both sides, and never stalls the server', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(damage, { nil: undefined, freq: 2 }), { minLength: 10, maxLength: 10 }),
        fc.boolean(),
        async (damages, resumes) => {
          const bench = new DtlsBench();
          const before = resumes ? await bench.connected() : undefined;
          let next = 0;
          bench.tamper = (datagram) => {
            const each = damages[next++];
            return each ? damaged(datagram, each) : [datagram];
          };
          const device = bench.connect({ resume: before?.session().resumption });
          await bench.settled(device.outcome);
          // Neither side answers the other's repeats without end.
          expect(device.sent.length + bench.sentByServer.length).toBeLessThan(60);
          bench.tamper = undefined;
          await expectService(bench);
          await expectEnd(bench);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a session whose device has the key and no manners', () => {
  it('gets anything in its records, and the server lives', async () => {
    const bench = new DtlsBench();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 255 }), anyBytes, async (type, content) => {
        const device = await bench.connected();
        const { records, parts, peer } = (device.client as any).connection;
        for (const each of [type, contentTypes.handshake, contentTypes.alert]) {
          parts.transmit(records.seal(1, each, content), peer);
        }
        await bench.pass(0);
        device.client.close();
        await bench.pass(0);
      }),
      { numRuns: 150 },
    );
    await expectService(bench);
  });
});

describe('a client that gets', () => {
  it('anything at all before and after the server’s answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBytes, { maxLength: 5 }), async (noise) => {
        const bench = new DtlsBench();
        const device = bench.connect();
        for (const datagram of noise) device.client.receive(datagram);
        const outcome = await bench.settled(device.outcome);
        expect(outcome).not.toBeInstanceOf(Error);
        for (const datagram of noise) device.client.receive(datagram);
        device.session().send(Buffer.from('hello'));
        await bench.pass(0);
        expect(device.received).toEqual(['hello']);
      }),
    );
  });
});
