import { expect, it } from 'vitest';
import { silentLogger } from '../../platform/logger.ts';
import { MemoryFiles } from '../../platform/memory-files.ts';
import { nodeDatagrams } from '../../platform/node/node-datagrams.ts';
import { decodeFragments, messageTypes } from '../../protocols/dtls/handshake-message.ts';
import { decodeServerHello } from '../../protocols/dtls/hello.ts';
import { connectionKeys } from '../../protocols/dtls/prf.ts';
import { contentTypes, readRecords } from '../../protocols/dtls/record.ts';
import { RecordProtection } from '../../protocols/dtls/record-protection.ts';
import { cipherSuites } from '../../protocols/dtls/suites.ts';
import { TestLwm2mDevice } from '../../testing/lwm2m-device.ts';
import { startTestPlatform } from '../../testing/test-platform.ts';
import { KeyLogFile } from './key-log-file.ts';
import { pskKeyOf } from './psk-key.ts';

const ports = { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0 };

it('has the master secret of each session by its client random, so that a capture of it can be read', async () => {
  const files = new MemoryFiles();
  await files.makeFolder('/logs');
  const bench = await startTestPlatform({
    ports,
    seams: { files },
    settings: { dtlsKeyLogFile: '/logs/keys' },
  });
  const security = { mode: 'PSK', pskInfo: { identity: 'i', secret: 'aa' } };
  await bench.call('POST', '/api/v1/deviceMgt/devices', {
    id: 'urn:lo:nsid:lwm2m:keys',
    interfaces: [{ connector: 'lwm2m', definition: { endpointName: 'e', security } }],
  });
  // Between device and platform, as a capture is.
  const platform = {
    address: '127.0.0.1',
    port: Number(new URL(bench.platform.endpoints().coaps ?? '').port),
  };
  const captured: { fromDevice: boolean; datagram: Uint8Array }[] = [];
  let device: { address: string; port: number } | undefined;
  const loopback = { host: '127.0.0.1', port: 0 };
  const back = await nodeDatagrams.bind(loopback, (datagram) => {
    captured.push({ fromDevice: false, datagram });
    if (device) front.send(datagram, device);
  });
  const front = await nodeDatagrams.bind(loopback, (datagram, from) => {
    device = from;
    captured.push({ fromDevice: true, datagram });
    back.send(datagram, platform);
  });
  const client = await TestLwm2mDevice.connect({
    port: front.local.port,
    identity: 'i',
    key: pskKeyOf('aa'),
  });
  await client.register(['ep=e', 'lwm2m=1.1']);
  await client.close();
  await Promise.all([front.close(), back.close()]);
  await bench.stop();

  const text = Buffer.from((await files.read('/logs/keys')) ?? []).toString();
  const [, random = '', master = ''] = /^CLIENT_RANDOM ([0-9a-f]{64}) ([0-9a-f]{96})\n$/.exec(text) ?? [];
  const records = captured.flatMap(({ fromDevice, datagram }) =>
    readRecords(datagram, fromDevice ? 8 : 0).records.map((record) => ({ fromDevice, record })),
  );
  const hello = records
    .filter(
      ({ fromDevice, record }) => !fromDevice && record.type === contentTypes.handshake && record.epoch === 0,
    )
    .flatMap(({ record }) => decodeFragments(record.fragment))
    .find(({ type }) => type === messageTypes.serverHello);
  const { random: serverRandom, suite: id, extensions } = decodeServerHello(hello?.part ?? new Uint8Array());
  const suite = cipherSuites.find((each) => each.id === id) as (typeof cipherSuites)[number];
  const keys = connectionKeys(suite, Buffer.from(master, 'hex'), Buffer.from(random, 'hex'), serverRandom);
  const opening = new RecordProtection(suite, keys.client, extensions.connectionId ?? new Uint8Array());
  const opened = records
    .filter(({ fromDevice, record }) => fromDevice && record.epoch === 1)
    .map(({ record }) => Buffer.from(opening.open(record)?.content ?? []).toString('latin1'));
  expect(opened.some((content) => content.includes('ep=e'))).toBe(true);
});

it('stops the start when its file cannot be written', async () => {
  await expect(
    startTestPlatform({ ports, settings: { dtlsKeyLogFile: '/nowhere/at/all/keys.log' } }),
  ).rejects.toMatchObject({ code: 'platform.setting', message: expect.stringContaining('dtlsKeyLogFile') });
});

it('keeps the lines of before, and writes in order', async () => {
  const files = new MemoryFiles();
  await files.makeFolder('/logs');
  for (const lines of [['a', 'b'], ['c']]) {
    const log = new KeyLogFile(files, '/logs/keys', silentLogger);
    await log.start();
    for (const line of lines) log.write(line);
    await log.stop();
    log.write('after the end');
  }
  expect(Buffer.from((await files.read('/logs/keys')) ?? []).toString()).toBe('a\nb\nc\n');
});
