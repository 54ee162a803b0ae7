import { describe, expect, it } from 'vitest';
import { type BenchClient, DtlsBench } from '../../testing/dtls-bench.ts';
import { contentTypes, readRecords } from './record.ts';

const say = async (bench: DtlsBench, device: BenchClient, text: string): Promise<string | undefined> => {
  device.session().send(Buffer.from(text));
  await bench.pass(0);
  return device.received.at(-1);
};

describe('connection ids', () => {
  it('find the session of a device that has moved, and answers find the device', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    const [session] = bench.sessions;
    const moves: string[] = [];
    session?.onMove((peer, before) => moves.push(`${before.port} to ${peer.port}`));
    const { id } = session!;
    const { address: from } = device.place;
    device.place.address = bench.freeAddress();
    expect(await say(bench, device, 'elsewhere')).toBe('elsewhere');
    expect(moves).toEqual([`${from.port} to ${device.place.address.port}`]);
    expect(session).toMatchObject({ id, peer: device.place.address, closeReason: undefined });
    expect(bench.server.sessionCount).toBe(1);
    session?.send(Buffer.from('from the server'));
    await bench.pass(0);
    expect(device.received.at(-1)).toBe('from the server');
  });

  it('do not let an old record bring back an old address, nor one that is not authentic', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    const { address: home } = device.place;
    bench.change({ loss: 1 });
    device.session().send(Buffer.from('late'));
    const late = device.sent.at(-1)!;
    await bench.pass(0);
    bench.change({});
    device.place.address = bench.freeAddress();
    await say(bench, device, 'newer');
    bench.inject(late, home);
    expect(bench.received.map(({ text }) => text)).toEqual(['newer', 'late']);
    expect(bench.sessions[0]?.peer).toEqual(device.place.address);

    const forged = device.sent.at(-1)!.slice();
    forged[10]! += 1;
    bench.inject(forged, bench.freeAddress());
    expect(bench.sessions[0]).toMatchObject({ peer: device.place.address, undecryptable: 1 });
  });

  it('are in the records to the server, and in those to the client when that wants one', async () => {
    const bench = new DtlsBench({ server: { connectionIdBytes: 6 } });
    const device = await bench.connected({ connectionIdBytes: 3 });
    expect(await say(bench, device, 'both')).toBe('both');
    const up = readRecords(device.sent.at(-1)!, 6).records[0];
    const down = readRecords(bench.sentByServer.at(-1)!.datagram, 3).records[0];
    expect([up?.type, up?.connectionId?.length]).toEqual([contentTypes.connectionId, 6]);
    expect([down?.type, down?.connectionId?.length]).toEqual([contentTypes.connectionId, 3]);
  });

  it.each([
    ['the client', 8, 'off'],
    ['the server', 0, 0],
  ] as const)('are not used when %s does not want them', async (_, ofServer, connectionIdBytes) => {
    const bench = new DtlsBench({ server: { connectionIdBytes: ofServer } });
    const device = await bench.connected({ connectionIdBytes });
    expect(bench.sessions[0]?.hasConnectionId).toBe(false);
    expect(await say(bench, device, 'plain')).toBe('plain');
    expect(readRecords(device.sent.at(-1)!, 8).records[0]?.type).toBe(contentTypes.applicationData);
    // Without an id nobody can tell who it is that sends from elsewhere.
    device.place.address = bench.freeAddress();
    expect(await say(bench, device, 'lost')).toBe('plain');
    expect(bench.server.drops.unknownConnection).toBe(1);
  });

  it('keep a session that has lost its address to another device', async () => {
    const bench = new DtlsBench({ server: { pskOf: () => ({ key: new Uint8Array(16) }) } });
    const key = new Uint8Array(16);
    const first = await bench.connected({ key, pskIdentity: 'first' });
    const { address } = first.place;
    first.place.address = bench.freeAddress();
    const second = await bench.connected({ key, pskIdentity: 'second' }, address);
    expect(bench.closed).toEqual([]);
    expect(await say(bench, first, 'one')).toBe('one');
    expect(await say(bench, second, 'two')).toBe('two');
    expect(bench.received.map(({ session, text }) => [session.pskIdentity, text])).toEqual([
      ['first', 'one'],
      ['second', 'two'],
    ]);
  });

  it('leave room for a new handshake at the address that a device has left', async () => {
    const bench = new DtlsBench();
    const first = await bench.connected();
    const { address } = first.place;
    first.place.address = bench.freeAddress();
    await say(bench, first, 'moved');
    const second = await bench.connected({}, address);
    expect(await say(bench, second, 'two')).toBe('two');
    expect(await say(bench, first, 'one')).toBe('one');
    expect(bench.closed).toEqual([]);
    expect(bench.server.sessionCount).toBe(2);
    bench.server.stop();
    expect(bench.server.sessionCount).toBe(0);
  });
});
