import { expect, test } from 'vitest';
import { VirtualClock } from '../../platform/virtual-clock.ts';
import { decoded } from '../../testing/coap-kit.ts';
import { MemoryLink } from '../../testing/memory-links.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { codes } from './codes.ts';
import { CoapContext } from './context.ts';
import { DuplicateMemory, PeerMemory } from './duplicate-memory.ts';
import { messageTypes, noBytes, noOptions } from './message.ts';
import { MessageLayer } from './message-layer.ts';
import { Observer, Observers } from './observers.ts';
import { readUint } from './options.ts';
import { Representations } from './representations.ts';
import { coapDefaults, coapSettings, exchangeLifetimeMs } from './settings.ts';

const content = { code: codes.content, token: noBytes, options: noOptions, payload: noBytes };

function startLayer(): { link: MemoryLink; layer: MessageLayer } {
  const clock = new VirtualClock();
  const link = new MemoryLink('peer', clock);
  const context = new CoapContext({ clock, random: new SeededRandom(1) });
  const layer = new MessageLayer(link, context, {
    request: () => {},
    response: () => true,
    late: () => {},
    rejected: () => {},
    refused: () => {},
    closed: () => {},
  });
  layer.start();
  return { link, layer };
}

test('message ids go round, and leave out those that still wait for an acknowledgement', () => {
  const { link, layer } = startLayer();
  const delivery = { acknowledged: () => {}, failed: () => {} };
  const waiting = [layer.confirm(content, delivery), layer.confirm(content, delivery)].map(
    ({ messageId }) => messageId,
  );
  const used = new Set<number>();
  for (let count = 0; count < 2 ** 16 - 2; count++) used.add(layer.sendOnce(content));
  expect(used.size).toBe(2 ** 16 - 2);
  expect(waiting.some((messageId) => used.has(messageId))).toBe(false);
  const again = layer.sendOnce(content);
  expect([used.has(again), again]).toEqual([true, ((waiting[1] as number) + 1) & 0xffff]);
  expect(decoded(link)).toHaveLength(2 ** 16 + 1);
  layer.closed('the test is over');
});

test('a peer whose messages are forgotten takes no memory', () => {
  const clock = new VirtualClock();
  const memory = new DuplicateMemory(clock, coapSettings());
  const peers = [new PeerMemory(), new PeerMemory()] as const;
  for (const peer of peers) {
    const { fresh } = memory.meet(peer, 1, true, Uint8Array.of(1));
    if (fresh) memory.answered(fresh, Uint8Array.of(2));
  }
  memory.forget(peers[0]);
  expect([peers[0].entries, peers[1].entries?.size, memory.size]).toEqual([undefined, 1, 1]);
  clock.advance(exchangeLifetimeMs(coapDefaults));
  expect([peers[1].entries, memory.size, clock.pendingTimers()]).toEqual([undefined, 0, []]);
});

test('numbers of notifications have 24 bits', () => {
  const { layer } = startLayer();
  const observers = new Observers(layer, new Representations(layer.context, 6));
  const message = { ...content, type: messageTypes.CON, messageId: 1 };
  const observer = new Observer(
    observers,
    { opened: () => {} },
    { message, asked: noBytes, block: undefined },
    2 ** 24 - 2,
  );
  expect([1, 2, 3].map(() => readUint(observer.nextOption().value))).toEqual([2 ** 24 - 1, 0, 1]);
});
