import { afterEach, describe, expect, it } from 'vitest';
import type { DatagramOptions, DatagramSocket, Datagrams, UdpAddress } from '../platform/datagrams.ts';
import { until } from './until.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (datagram: Uint8Array): string => new TextDecoder().decode(datagram);

/** What every implementation of UDP must do. */
export function describeDatagrams(name: string, makeDatagrams: () => Datagrams): void {
  describe(name, () => {
    const sockets: DatagramSocket[] = [];

    async function bind(datagrams: Datagrams, options?: DatagramOptions & { port?: number }) {
      const received: { content: string; from: UdpAddress }[] = [];
      const take = (datagram: Uint8Array, from: UdpAddress): void => {
        received.push({ content: text(datagram), from });
      };
      const address = { host: '127.0.0.1', port: options?.port ?? 0 };
      const socket = await datagrams.bind(address, take, options);
      sockets.push(socket);
      return { socket, received };
    }

    afterEach(async () => {
      await Promise.all(sockets.splice(0).map((socket) => socket.close()));
    });

    it('carries datagrams both ways, empty ones too, with the address of who sent them', async () => {
      const datagrams = makeDatagrams();
      const [left, right] = [await bind(datagrams), await bind(datagrams)];
      expect(left.socket.local.port).not.toBe(right.socket.local.port);
      left.socket.send(bytes('ping'), right.socket.local);
      await until(() => right.received.length === 1);
      right.socket.send(bytes(''), right.received[0]!.from);
      await until(() => left.received.length === 1);
      expect(right.received).toEqual([{ content: 'ping', from: left.socket.local }]);
      expect(left.received).toEqual([{ content: '', from: right.socket.local }]);
    });

    it('refuses a port that is taken, and frees it on closing', async () => {
      const datagrams = makeDatagrams();
      const first = await bind(datagrams);
      const { port } = first.socket.local;
      await expect(bind(datagrams, { port })).rejects.toMatchObject({ code: 'platform.listen' });
      await first.socket.close();
      await first.socket.close();
      expect((await bind(datagrams, { port })).socket.local.port).toBe(port);
    });

    it('sends and receives nothing once it is closed', async () => {
      const datagrams = makeDatagrams();
      const [left, right, third] = [await bind(datagrams), await bind(datagrams), await bind(datagrams)];
      const gone = right.socket.close();
      left.socket.send(bytes('lost'), right.socket.local);
      await gone;
      right.socket.send(bytes('lost'), left.socket.local);
      third.socket.send(bytes('last'), left.socket.local);
      await until(() => left.received.length > 0);
      expect(left.received).toEqual([{ content: 'last', from: third.socket.local }]);
      expect(right.received).toEqual([]);
    });

    it('grants a receive buffer of the size asked for, or says what it grants', async () => {
      const datagrams = makeDatagrams();
      const usual = await bind(datagrams);
      const large = await bind(datagrams, { receiveBufferBytes: usual.socket.receiveBufferBytes });
      expect(usual.socket.receiveBufferBytes).toBeGreaterThan(1000);
      expect(large.socket.receiveBufferBytes).toBeGreaterThanOrEqual(usual.socket.receiveBufferBytes);
    });

    it('tells what the machine refused to send, until it sends again', async () => {
      const datagrams = makeDatagrams();
      const [left, right] = [await bind(datagrams), await bind(datagrams)];
      left.socket.send(bytes('x'), { address: '127.0.0.1', port: 0 });
      await until(() => left.socket.failure() !== undefined);
      left.socket.send(bytes('y'), right.socket.local);
      await until(() => right.received.length === 1);
      await until(() => left.socket.failure() === undefined);
    });
  });
}
