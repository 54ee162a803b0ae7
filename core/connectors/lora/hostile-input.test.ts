import { expect, it } from 'vitest';
import { loraBench } from '../../testing/lora-bench.ts';
import fc from '../../testing/properties.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench({ settings: { loraRefusalMaxPerSecond: 1 } });

it('lives on whatever comes: noise, bent frames of a device that is there, and bent datagrams', async () => {
  await bench.activate();
  const { device, gateway } = bench;
  const whole = [
    device.joinRequest(),
    device.uplink({ port: 5, payload: '0102', confirmed: true, adr: true }, 1),
    device.uplink({ port: 0, payload: '0380ff0d' }, 2),
    device.uplink({ port: 7, commands: [{ name: 'LinkCheckReq' }] }, 3),
  ];
  const bent = fc.tuple(fc.constantFrom(...whole), fc.nat(), fc.nat(255)).map(([frame, at, byte]) => {
    const copy = Uint8Array.from(frame);
    copy[at % copy.length] = byte;
    return copy;
  });
  const frames = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 40 }), bent, fc.constantFrom(...whole)), 150);
  for (const frame of frames) await bench.hear(frame);
  for (const datagram of fc.sample(fc.uint8Array({ maxLength: 60 }), 100)) gateway.send(datagram);
  // Frames of a kind that no gateway sends, and acknowledgements of nothing.
  for (const kind of ['01', '03', '04', '05'])
    gateway.send(Buffer.from(`020001${kind}aa555a0000000101`, 'hex'));

  // It works as before.
  bench.wireClock.advance(10_000);
  await bench.hear(device.uplink({ port: 9, payload: 'beef' }, 100));
  await until(async () => (await bench.messages())[0].value.payload === 'beef');
  const { body } = await bench.call('GET', '/bench/v1/lora/drops');
  expect(body.wrongMic).toBeGreaterThan(10);
  expect(body.malformedDatagram).toBeGreaterThan(10);
  // Of all that, one a second is in the audit log, and says how many were left out.
  const audit = await bench.call('GET', '/api/v0/auditlog/messages?limit=1000');
  const told = audit.body.filter(
    ({ description }: { description: string }) => description === 'Frame dropped',
  );
  expect(
    told.some(({ content }: { content: { omittedBefore?: number } }) => (content.omittedBefore ?? 0) > 0),
  ).toBe(true);
});
