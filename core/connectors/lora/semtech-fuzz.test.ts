import { beforeEach, describe, expect, it } from 'vitest';
import { loraBench } from '../../testing/lora-bench.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench({
  settings: { loraMaxFramesPerDatagram: 20, loraMaxOpenFramesPerGateway: 5, loraGatewayMaxPerTenant: 3 },
});

const eui = 'aa555a0000000101';
const datagram = (header: string, body: string | Uint8Array = ''): Uint8Array =>
  Buffer.concat([Buffer.from(header, 'hex'), Buffer.from(body as string)]);
const push = (json: string): Uint8Array => datagram(`02000100${eui}`, json);
const frame = {
  ...{ tmst: 1, freq: 868.1, modu: 'LORA', datr: 'SF9BW125', codr: '4/5' },
  ...{ rssi: -97, lsnr: 7.5, size: 4, data: '4AAAAA==' },
};
const deep = '['.repeat(30_000) + ']'.repeat(30_000);

const drops = async (): Promise<Record<string, number>> =>
  (await bench.call('GET', '/bench/v1/lora/drops')).body;
let before: Record<string, number>;
beforeEach(async () => {
  // Nothing of the test before is open any more, and the audit log takes as much as in any second.
  bench.wireClock.advance(2000);
  before = await drops();
});
const more = async (reason: string): Promise<number> =>
  ((await drops())[reason] ?? 0) - (before[reason] ?? 0);
/** What was sent before is dealt with when this is acknowledged: the network works on. */
const settled = () => bench.gateway.pull();

describe('datagrams on the port of packet forwarders', () => {
  it('may have any value in each byte of their header', async () => {
    const whole = push(JSON.stringify({ rxpk: [frame] }));
    for (const at of [0, 1, 2, 3]) {
      for (let value = 0; value < 256; value++) {
        const bent = Uint8Array.from(whole);
        bent[at] = value;
        bench.gateway.send(bent);
        // No more at a time than the buffer of the socket holds.
        if (value % 32 === 31) await settled();
      }
    }
    // Versions and kinds that there are not; and of the others, what is too long, or not for the network.
    await until(async () => (await more('malformedDatagram')) === 254 + 250 + 5);
  });

  it.each<[what: string, json: string, dropped: number]>([
    ['cut off', JSON.stringify({ rxpk: [frame] }).slice(0, -5), 1],
    ['empty', '', 1],
    ['no UTF-8', '\ud800', 1],
    ['a list in lists, 30,000 deep', deep, 1],
    ['an object in objects, 5,000 deep', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 1],
    ['rxpk that is so deep', `{"rxpk":${deep}}`, 1],
    ['a packet that is so deep', `{"rxpk":[{"tmst":${deep}}]}`, 1],
    ['a status that is so deep', `{"stat":${deep}}`, 1],
    ['a field of a status that is so deep', `{"stat":{"lati":${deep}}}`, 1],
    ['rxpk that is an object', '{"rxpk":{"length":5}}', 1],
    ['a key of all objects', '{"__proto__":{"rxpk":[]},"constructor":1}', 1],
    ['NaN', '{"rxpk":[{"tmst":NaN}]}', 1],
    ['a number beyond all', `{"rxpk":[{"tmst":1e999}]}`, 1],
    ['wrong Base64', JSON.stringify({ rxpk: [{ ...frame, data: '####' }] }), 1],
    ['another size than the data have', JSON.stringify({ rxpk: [{ ...frame, size: 5 }] }), 1],
    ['a text for a number', JSON.stringify({ rxpk: [{ ...frame, rssi: '-97' }] }), 1],
    ['null for all', JSON.stringify({ rxpk: [null], stat: null }), 2],
    ['far too many packets', JSON.stringify({ rxpk: Array.from({ length: 3000 }, () => 0) }), 21],
  ])('may hold JSON that is %s', async (_what, json, dropped) => {
    bench.gateway.send(push(json));
    await settled();
    await until(async () => (await more('malformedDatagram')) === dropped);
  });

  it('are as many of one gateway as it may have open, and leave room for others', async () => {
    const other = await bench.openGateway('AA555A0000000102');
    const frames = Array.from({ length: 12 }, (_, index) => ({
      ...frame,
      data: Buffer.from([0xe0, 0, 1, index]).toString('base64'),
    }));
    bench.gateway.send(push(JSON.stringify({ rxpk: frames })));
    await settled();
    await until(async () => (await more('overload')) === 7);
    other.send(datagram('02000100aa555a0000000102', JSON.stringify({ rxpk: [frame] })));
    await other.pull();
    bench.wireClock.advance(200);
    await until(async () => (await more('unexpectedFrame')) === 6);
    expect(await more('overload')).toBe(7);
  });

  it('of more gateways than there may be are dropped, counted, and told of', async () => {
    const tokens = Array.from({ length: 50 }, (_, index) => index);
    for (const index of tokens)
      bench.gateway.send(datagram(`02000102bb555a00000002${index.toString(16).padStart(2, '0')}`));
    await settled();
    await until(async () => (await more('unknownGateway')) === 48);
    const { body } = await bench.call('GET', '/api/v1/deviceMgt/connectors/lora/gateways');
    expect(body.totalCount).toBe(3);
    const audit = (await bench.call('GET', '/api/v0/auditlog/messages')).body;
    const told = audit.find(({ description }: { description: string }) => description === 'Datagram dropped');
    expect(told).toMatchObject({
      content: { reason: 'unknownGateway', remoteAddress: '127.0.0.1' },
      detailedDescription: expect.stringContaining('loraGatewayMaxPerTenant'),
    });
  });
});
