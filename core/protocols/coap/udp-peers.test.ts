import { expect, test } from 'vitest';
import { VirtualClock } from '../../platform/virtual-clock.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { encodeMessage } from './codec.ts';
import { codes, methods } from './codes.ts';
import { CoapContext } from './context.ts';
import { CoapEndpoint } from './endpoint.ts';
import type { DatagramLink } from './link.ts';
import { messageTypes, noBytes } from './message.ts';
import { coapDefaults, exchangeLifetimeMs } from './settings.ts';
import { type UdpAddress, UdpPeers } from './udp-peers.ts';

const at = (port: number, address = '192.0.2.1'): UdpAddress => ({ address, port });

function start(maxPeers = 100): { peers: UdpPeers; sent: string[]; heard: string[]; links: DatagramLink[] } {
  const sent: string[] = [];
  const heard: string[] = [];
  const links: DatagramLink[] = [];
  const port = {
    send: (datagram: Uint8Array, to: UdpAddress) =>
      void sent.push(`${to.address}/${to.port} ${Buffer.from(datagram)}`),
  };
  const peers: UdpPeers = new UdpPeers(port, {
    maxPeers,
    accept: (link, from) => {
      if (from.port === 9) return;
      links.push(link);
      link.receiver = {
        datagram: (bytes) => void heard.push(`${link.peer} ${Buffer.from(bytes)}`),
        refused: () => {},
        closed: (reason) => void heard.push(`${link.peer} closed: ${reason}`),
      };
    },
  });
  return { peers, sent, heard, links };
}

test('each address is a link, and what it sends goes there', () => {
  const { peers, sent, heard, links } = start();
  peers.receive(Buffer.from('a'), at(1));
  peers.receive(Buffer.from('b'), at(2));
  peers.receive(Buffer.from('c'), at(1));
  peers.receive(Buffer.from('d'), at(1, '2001:db8::1'));
  expect(heard).toEqual(['192.0.2.1:1 a', '192.0.2.1:2 b', '192.0.2.1:1 c', '[2001:db8::1]:1 d']);
  expect(links).toHaveLength(3);
  links[1]?.send(Buffer.from('x'));
  expect(sent).toEqual(['192.0.2.1/2 x']);
  expect(peers.connect(at(2))).toBe(links[1]);
});

test('this side may speak first', () => {
  const { peers, sent, links } = start();
  const link = peers.connect(at(5));
  link.send(Buffer.from('hello'));
  const answers: string[] = [];
  link.receiver = {
    datagram: (bytes) => void answers.push(Buffer.from(bytes).toString()),
    refused: () => {},
    closed: () => {},
  };
  peers.receive(Buffer.from('hi'), at(5));
  expect([sent, answers, links]).toEqual([['192.0.2.1/5 hello'], ['hi'], []]);
});

test('who is not accepted takes no room', () => {
  const { peers } = start();
  peers.receive(Buffer.from('a'), at(9));
  expect(peers.size).toBe(0);
});

test('above maxPeers one that was silent gives way', () => {
  const { peers, heard } = start(3);
  for (const port of [1, 2, 3]) peers.receive(Buffer.from('a'), at(port));
  peers.receive(Buffer.from('b'), at(1));
  heard.length = 0;
  peers.receive(Buffer.from('c'), at(4));
  expect(heard).toEqual(['192.0.2.1:2 closed: another peer took its place (maxPeers, 3)', '192.0.2.1:4 c']);
  peers.receive(Buffer.from('d'), at(5));
  expect(heard[2]).toBe('192.0.2.1:3 closed: another peer took its place (maxPeers, 3)');
  expect(peers.size).toBe(3);
});

test('when all were heard lately the one that was looked at first gives way', () => {
  const { peers, heard } = start(2);
  for (const port of [1, 2, 1, 2]) peers.receive(Buffer.from('a'), at(port));
  heard.length = 0;
  peers.receive(Buffer.from('b'), at(3));
  expect(heard).toEqual(['192.0.2.1:1 closed: another peer took its place (maxPeers, 2)', '192.0.2.1:3 b']);
});

test('a link that was forgotten sends nothing, and its peer comes as a new one', () => {
  const { peers, sent, heard, links } = start();
  peers.receive(Buffer.from('a'), at(1));
  peers.forget(links[0] as DatagramLink, 'it left');
  links[0]?.send(Buffer.from('x'));
  peers.receive(Buffer.from('b'), at(1));
  expect(sent).toEqual([]);
  expect(links).toHaveLength(2);
  peers.stop('the end');
  expect(heard).toEqual([
    '192.0.2.1:1 a',
    '192.0.2.1:1 closed: it left',
    '192.0.2.1:1 b',
    '192.0.2.1:1 closed: the end',
  ]);
  expect(peers.size).toBe(0);
});

test('a thousand peers that were heard have one timer between them, and later none', () => {
  const clock = new VirtualClock();
  const context = new CoapContext({ clock, random: new SeededRandom(1) });
  const answers: Uint8Array[] = [];
  const peers: UdpPeers = new UdpPeers(
    { send: (datagram) => void answers.push(datagram) },
    {
      maxPeers: 1000,
      accept: (link) => new CoapEndpoint(link, context, () => ({ code: codes.changed })).start(),
    },
  );
  const request = { type: messageTypes.CON, messageId: 1, code: methods.POST, token: noBytes };
  const datagram = encodeMessage({ ...request, options: [], payload: noBytes });
  for (let port = 1; port <= 1000; port++) peers.receive(datagram, at(port));
  expect([answers.length, context.duplicates.size]).toEqual([1000, 1000]);
  expect(clock.pendingTimers()).toEqual(['coap duplicates']);
  clock.advance(exchangeLifetimeMs(coapDefaults));
  expect([peers.size, context.duplicates.size, clock.pendingTimers()]).toEqual([1000, 0, []]);
});
