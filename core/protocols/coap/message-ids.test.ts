import { expect, test } from 'vitest';
import { VirtualClock } from '../../platform/virtual-clock.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { decodeMessage } from './codec.ts';
import { CoapContext } from './context.ts';
import { emptyMessage, messageTypes } from './message.ts';
import { MessageIds } from './message-ids.ts';
import { MessageLayer } from './message-layer.ts';
import { coapDefaults, exchangeLifetimeMs } from './settings.ts';

const lifetimeMs = exchangeLifetimeMs(coapDefaults);

test('all 65,536 ids are given out, and none again within its lifetime', () => {
  const ids = new MessageIds(65_000, lifetimeMs);
  const takenMs = new Map<number, number>();
  let nowMs = 0;
  let refused = 0;
  let tooEarly = 0;
  // A thousand a second, about four times what there are ids for.
  for (let step = 0; step < 400_000; step++, nowMs++) {
    const id = ids.take(nowMs);
    if (id === undefined) {
      refused++;
      continue;
    }
    if (nowMs - (takenMs.get(id) ?? Number.NEGATIVE_INFINITY) < lifetimeMs) tooEarly++;
    takenMs.set(id, nowMs);
  }
  expect(tooEarly).toBe(0);
  expect(takenMs.size).toBe(65_536);
  expect(400_000 - refused).toBeGreaterThan(65_536 * 1.5);
});

test('a peer that gets less than 265 messages a second never waits', () => {
  const ids = new MessageIds(0, lifetimeMs);
  let other = 0;
  for (let step = 0; step < 200_000; step++) if (ids.take(step * 3.8) !== step % 65_536) other++;
  expect(other).toBe(0);
});

test('what has no id waits for its turn, what cannot wait is lost or fails, and all goes on when ids are free', () => {
  const clock = new VirtualClock();
  const sent: Uint8Array[] = [];
  const link = {
    peer: 'peer',
    closed: false,
    receiver: undefined,
    send: (bytes: Uint8Array) => void sent.push(bytes),
  };
  const context = new CoapContext({ clock, random: new SeededRandom(1) });
  const nothing = { request: () => {}, response: () => true, late: () => {}, rejected: () => {} };
  const layer = new MessageLayer(link, context, { ...nothing, refused: () => {}, closed: () => {} });
  const content = { ...emptyMessage(messageTypes.NON, 0), code: 1 };
  for (let count = 0; count < 65_536; count++) layer.sendOnce(content);
  expect(new Set(sent.map((datagram) => decodeMessage(datagram).messageId)).size).toBe(65_536);
  expect(layer.sendOnce(content)).toBeUndefined();
  const failures: string[] = [];
  layer.confirm(content, { acknowledged: () => {}, failed: ({ code }) => void failures.push(code) });
  expect(failures).toEqual(['coap.noMessageId']);
  let started = 0;
  const slot = layer.gate.enter(() => started++);
  layer.gate.enter(() => started++);
  expect(started).toBe(0);
  clock.advance(lifetimeMs - 1);
  expect(started).toBe(0);
  clock.advance(1);
  expect(started).toBe(1);
  slot.leave();
  expect(started).toBe(2);
  expect(sent).toHaveLength(65_536);
  layer.sendOnce(content);
  expect(sent).toHaveLength(65_537);
});
