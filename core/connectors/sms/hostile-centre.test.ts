import { expect, it } from 'vitest';
import { encodePdu } from '../../protocols/smpp/pdu.ts';
import { commandStatus } from '../../protocols/smpp/status.ts';
import fc from '../../testing/properties.ts';
import { smsBench, smsNumber } from '../../testing/sms-bench.ts';
import { until } from '../../testing/until.ts';

const bench = smsBench({ smsRefusalMaxPerSecond: 1 });

/** A request of a centre, whatever it says of itself. */
const valid = fc.constantFrom(
  encodePdu({
    ...{ command: 'deliver_sm', sequence: 7 },
    body: { sourceAddr: smsNumber, destinationAddr: '20259', shortMessage: Buffer.from('x') },
  }),
  encodePdu({
    ...{ command: 'deliver_sm', sequence: 8 },
    body: {
      ...{ sourceAddr: smsNumber, destinationAddr: '20259', esmClass: 0x40 },
      shortMessage: Uint8Array.of(5, 0, 3, 1, 2, 1, 65),
    },
  }),
  encodePdu({
    ...{ command: 'deliver_sm', sequence: 9 },
    body: { esmClass: 4, shortMessage: Buffer.from('id:m1 stat:DELIVRD err:000 text:') },
  }),
  encodePdu({ command: 'data_sm', sequence: 10, body: { sourceAddr: smsNumber, destinationAddr: '20259' } }),
  encodePdu({ command: 'submit_sm_resp', sequence: 11, body: { messageId: 'nothing' } }),
  encodePdu({ command: 'generic_nack', sequence: 12, status: 3 }),
  encodePdu({ command: 'alert_notification', sequence: 13 }),
  encodePdu({ command: 'enquire_link', sequence: 14 }),
);
/** Bytes of it are others, but not those of its length, so that what follows is still read. */
const bent = fc
  .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
  .map(([bytes, changes]) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, value] of changes) copy[4 + (at % (copy.length - 4))] = value;
    return copy;
  });
/** A length that is right, and anything behind it. */
const noise = fc.uint8Array({ minLength: 12, maxLength: 60 }).map((bytes) => {
  const pdu = new Uint8Array(bytes.length + 4);
  new DataView(pdu.buffer).setUint32(0, pdu.length);
  pdu.set(bytes, 4);
  return pdu;
});

it('lives on whatever a centre sends, counts it, and tells of it', async () => {
  await bench.register();
  // Bent bytes may be an unbind by chance: what came behind it is lost, and the next session gets a storm of its own.
  let stormed: unknown;
  await until(async () => {
    const { socket } = bench.centre;
    if (bench.platform.platform.sms.view().state !== 'BOUND') bench.platform.wireClock.advance(1000);
    else if (socket !== stormed) {
      for (const bytes of fc.sample(fc.oneof(valid, bent, noise), 400)) socket?.write(bytes);
      stormed = socket;
    }
    return (await bench.dropped()).malformedPdu > 50;
  });
  bench.platform.wireClock.advance(10_000);
  await until(async () => {
    bench.platform.wireClock.advance(1000);
    return bench.platform.platform.sms.view().state === 'BOUND';
  });
  await bench.bound();
  expect(await bench.send('still here')).toBe(commandStatus.ESME_ROK);
  expect((await bench.messages())[0].value).toEqual({ payload: 'still here' });
  const audit = await bench.audit();
  const told = audit.filter(({ type }: { type: string }) => type === 'sms_network');
  expect(told.length).toBeGreaterThan(0);
  for (const { content } of told) expect(content.reason).toMatch(/^[a-z][A-Za-z]+$/);
  // One a second was told, and how many were not.
  expect(
    told.some(({ content }: { content: { omittedBefore?: number } }) => (content.omittedBefore ?? 0) > 0),
  ).toBe(true);
});

it('ends a session whose lengths cannot be, and binds again', async () => {
  const lengths = [0, 1, 15, 70_001, 0x7fff_ffff, 0xffff_ffff];
  for (const length of lengths) {
    const binds = bench.centre.binds.length;
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(length);
    bench.centre.socket?.write(bytes);
    await until(() => bench.platform.platform.sms.view().state === 'WAITING');
    await until(() => {
      bench.platform.wireClock.advance(1000);
      return bench.centre.binds.length > binds;
    });
    await bench.bound();
  }
});
