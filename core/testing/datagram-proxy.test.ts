import { describe, expect, it } from 'vitest';
import type { Datagrams } from '../platform/datagrams.ts';
import { MemoryDatagrams } from '../platform/memory-datagrams.ts';
import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { DatagramProxy } from './datagram-proxy.ts';
import type { LinkFaults } from './faulty-link.ts';
import { until } from './until.ts';

const host = '127.0.0.1';

/** Sends numbers to a server that sends them back, and tells which came to it and back, in their order. */
async function exchange(datagrams: Datagrams, seed: number, faults: LinkFaults, count: number) {
  const clock = new VirtualClock();
  const [atServer, atClient]: [number[], number[]] = [[], []];
  const server = await datagrams.bind({ host, port: 0 }, (datagram, from) => {
    atServer.push(datagram[0] ?? -1);
    server.send(datagram, from);
  });
  const proxy = new DatagramProxy({ datagrams, clock, seed, faults, target: server.local });
  const address = await proxy.start();
  const client = await datagrams.bind({ host, port: 0 }, (datagram) => atClient.push(datagram[0] ?? -1));
  for (let number = 0; number < count; number++) {
    client.send(Uint8Array.of(number), address);
    await until(() => proxy.counts.toServer.taken === number + 1);
  }
  clock.advance(1000);
  await until(() => proxy.counts.toClient.taken === proxy.counts.toServer.delivered);
  clock.advance(1000);
  await until(() => atClient.length === proxy.counts.toClient.delivered);
  await Promise.all([proxy.stop(), server.close(), client.close()]);
  return { atServer, atClient, counts: proxy.counts, timers: clock.pendingTimers() };
}

const all = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe.each([
  ['in memory', () => new MemoryDatagrams()],
  ['over UDP', () => nodeDatagrams],
])('a proxy %s', (_, datagrams) => {
  it('passes everything on when there are no faults', async () => {
    const { atServer, atClient } = await exchange(datagrams(), 1, {}, 20);
    expect(atServer).toEqual(all(20));
    expect(atClient).toEqual(all(20));
  });

  it('loses, doubles and reorders about as many as it is told, and tells of each', async () => {
    const faults = { loss: 0.2, duplication: 0.2, reordering: 0.2, delayMs: [10, 20] } as const;
    const { atServer, counts, timers } = await exchange(datagrams(), 7, faults, 200);
    expect(counts.toServer).toMatchObject({ taken: 200, delivered: atServer.length });
    expect(counts.toServer.delivered).toBe(200 - counts.toServer.lost + counts.toServer.duplicated);
    for (const share of [counts.toServer.lost, counts.toServer.duplicated, counts.toServer.overtaken]) {
      expect(share).toBeGreaterThan(20);
    }
    expect(atServer).not.toEqual([...atServer].sort((a, b) => a - b));
    expect(timers).toEqual([]);
  });

  it('does the same for the same seed, and something else for another', async () => {
    const faults = { loss: 0.3, duplication: 0.1 };
    const runs = [];
    for (const seed of [3, 3, 4]) runs.push((await exchange(datagrams(), seed, faults, 50)).atClient);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
  });

  it('shows the server another address after a rebind, and still finds the way back', async () => {
    const udp = datagrams();
    const [ports, answers]: [number[], number[]] = [[], []];
    const server = await udp.bind({ host, port: 0 }, (datagram, from) => {
      ports.push(from.port);
      server.send(datagram, from);
    });
    const clock = new VirtualClock();
    const proxy = new DatagramProxy({ datagrams: udp, clock, seed: 1, faults: {}, target: server.local });
    const address = await proxy.start();
    const client = await udp.bind({ host, port: 0 }, (datagram) => answers.push(datagram[0] ?? -1));
    client.send(Uint8Array.of(1), address);
    await until(() => answers.length === 1);
    await proxy.rebind();
    client.send(Uint8Array.of(2), address);
    await until(() => answers.length === 2);
    expect(answers).toEqual([1, 2]);
    expect(new Set(ports).size).toBe(2);
    await Promise.all([proxy.stop(), server.close(), client.close()]);
  });
});
