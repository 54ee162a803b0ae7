import { describe, expect, it } from 'vitest';
import { describeDatagrams } from '../../testing/datagrams-contract.ts';
import { until } from '../../testing/until.ts';
import type { UdpAddress } from '../datagrams.ts';
import { nodeDatagrams } from './node-datagrams.ts';

describeDatagrams('datagrams of the machine', () => nodeDatagrams);

const ignore = (): void => {};

describe('binding', () => {
  it('says what to do when the port is in use or the address is not here', async () => {
    const first = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, ignore);
    const { port } = first.local;
    await expect(nodeDatagrams.bind({ host: '127.0.0.1', port }, ignore)).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use by another program.`,
    );
    await first.close();
    for (const host of ['192.0.2.1', 'nowhere.invalid']) {
      await expect(nodeDatagrams.bind({ host, port: 0 }, ignore)).rejects.toThrow(
        `This machine has no address ${host}.`,
      );
    }
  });

  it('speaks IPv4 on an address for both, and shows it as IPv4', async () => {
    const seen: UdpAddress[] = [];
    const both = await nodeDatagrams.bind({ host: '::', port: 0 }, (_, from) => seen.push(from));
    const heard: UdpAddress[] = [];
    const client = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, (_, from) => heard.push(from));
    client.send(new Uint8Array(1), { address: '127.0.0.1', port: both.local.port });
    await until(() => seen.length === 1);
    both.send(new Uint8Array(1), seen[0] ?? expect.fail());
    await until(() => heard.length === 1);
    expect(seen).toEqual([client.local]);
    expect(heard).toEqual([{ address: '127.0.0.1', port: both.local.port }]);
    await Promise.all([both.close(), client.close()]);
  });

  it('tells of a datagram that is too long', async () => {
    const socket = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, ignore);
    socket.send(new Uint8Array(70_000), socket.local);
    await until(() => socket.failure() !== undefined);
    expect(socket.failure()).toMatch(/EMSGSIZE/);
    await socket.close();
  });
});
