import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadLocalTls } from '../../accounts/local-ca.ts';
import { nodeRandom } from '../../platform/node/node-random.ts';
import { RealClock } from '../../platform/node/real-clock.ts';
import { PduFramer } from '../../protocols/smpp/framer.ts';
import { layouts } from '../../protocols/smpp/layouts.ts';
import { encodePdu, readHeader } from '../../protocols/smpp/pdu.ts';
import { commandStatus } from '../../protocols/smpp/status.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { TestSmsc } from '../../testing/test-smsc.ts';
import { until } from '../../testing/until.ts';

const device = 'urn:lo:nsid:sensor:temp002';
const started: TestPlatform[] = [];
const centres: TestSmsc[] = [];
afterEach(async () => {
  for (const platform of started.splice(0)) await platform.stop();
  for (const centre of centres.splice(0)) await centre.stop();
});

async function setUp(settings: object = {}) {
  const centre = new TestSmsc();
  centres.push(centre);
  await centre.start();
  const { port } = centre;
  const platform = await startTestPlatform({
    settings: { smppHost: '127.0.0.1', smppPort: port, ...settings },
  });
  started.push(platform);
  const view = () => platform.platform.sms.view();
  return { centre, port, platform, view, becomes: (state: string) => until(() => view().state === state) };
}

async function command(platform: TestPlatform, policy: object = {}): Promise<string> {
  const url = `/api/v1/deviceMgt/devices/${device}`;
  if ((await platform.call('GET', url)).status === 404) {
    const interfaces = [{ connector: 'sms', definition: { msisdn: '33600000001' } }];
    await platform.call('POST', '/api/v1/deviceMgt/devices', { id: device, interfaces });
  }
  const request = { connector: 'sms', value: { type: 'TEXT', payload: 'hello' } };
  const { body } = await platform.call('POST', `${url}/commands`, { request, policy });
  return body.id;
}
const commandOf = async (platform: TestPlatform, id: string) =>
  (await platform.call('GET', `/api/v1/deviceMgt/commands/${id}`)).body;

describe('without a centre', () => {
  it('the state says so, and commands wait and expire by their policy', async () => {
    const platform = await startTestPlatform();
    started.push(platform);
    const { body } = await platform.call('GET', '/bench/v1/sms/centre');
    expect(body).toMatchObject({
      state: 'OFF',
      reason: expect.stringMatching(/smppHost/),
      systemId: 'fleetbench',
    });
    expect(JSON.stringify(body)).not.toContain('password');
    expect((await platform.call('GET', '/bench/v1/health')).body.sms).toMatchObject({ state: 'OFF' });
    const id = await command(platform, { expirationInSeconds: 60 });
    expect(await commandOf(platform, id)).toMatchObject({ status: 'PENDING' });
    await platform.clock.advance(60_000);
    await until(async () => (await commandOf(platform, id)).status === 'EXPIRED');
  });

  it('it is tried again, later each time, and what waits goes out when it is there', async () => {
    const { centre, port, platform, view, becomes } = await setUp();
    await becomes('BOUND');
    await centre.stop();
    await becomes('WAITING');
    expect(view().reason).toMatch(/^127\.0\.0\.1:\d+: /);
    const id = await command(platform);
    expect(await commandOf(platform, id)).toMatchObject({ status: 'PENDING' });
    for (const delayMs of [1000, 2000, 4000]) {
      await platform.wireClock.advance(delayMs - 1);
      expect(view().state).toBe('WAITING');
      await platform.wireClock.advance(1);
      await becomes('WAITING');
      expect(view().reason).toMatch(/ECONNREFUSED/);
    }
    await centre.start(port);
    await platform.wireClock.advance(8000);
    await becomes('BOUND');
    await until(async () => (await commandOf(platform, id)).status === 'PROCESSED');
    expect(centre.submitted).toHaveLength(1);
  });
});

describe('the session', () => {
  it('that is refused says why, and never tells the password', async () => {
    const centre = new TestSmsc();
    centres.push(centre);
    centre.bindStatus = commandStatus.ESME_RINVPASWD;
    await centre.start();
    const settings = { smppHost: '127.0.0.1', smppPort: centre.port, smppPassword: 'secret99' };
    const platform = await startTestPlatform({ settings });
    started.push(platform);
    await until(() => platform.platform.sms.view().state === 'WAITING');
    const { body } = await platform.call('GET', '/bench/v1/sms/centre');
    expect(body.reason).toContain('bind_transceiver was refused with ESME_RINVPASWD');
    expect(JSON.stringify(body)).not.toContain('secret99');
    expect(centre.binds).toMatchObject([{ password: 'secret99' }]);
  });

  it('is watched: a centre that does not answer enquire_link is left', async () => {
    const { centre, platform, view, becomes } = await setUp();
    await becomes('BOUND');
    centre.socket?.removeAllListeners('data');
    // The first silence may still have the bind in it.
    await platform.wireClock.advance(60_000);
    await platform.wireClock.advance(10_000);
    await becomes('WAITING');
    expect(view().reason).toContain('does not answer enquire_link');
  });

  it('that the centre ends by unbind is begun anew', async () => {
    const { centre, platform, becomes } = await setUp();
    await becomes('BOUND');
    await centre.session?.request('unbind');
    await becomes('WAITING');
    await platform.wireClock.advance(1000);
    await becomes('BOUND');
    expect(centre.binds).toHaveLength(2);
  });

  it('that ends with messages under way ends their attempts', async () => {
    const { centre, platform, becomes } = await setUp();
    await becomes('BOUND');
    centre.onSubmit = () => 'silent';
    const id = await command(platform);
    await until(() => centre.submitted.length === 1);
    centre.socket?.destroy();
    await until(async () => (await commandOf(platform, id)).status === 'ERROR');
    expect(await commandOf(platform, id)).toMatchObject({ errorCode: 'SMSC_NO_ANSWER' });
  });

  it('takes what comes in one piece with the answer to the bind, and refuses what comes before', async () => {
    const answers: [number, number][] = [];
    const deliver = (sequence: number) =>
      encodePdu({
        ...{ command: 'deliver_sm', sequence },
        body: { sourceAddr: '33600000009', destinationAddr: '20259' },
      });
    const server = createServer((socket) => {
      const framer = new PduFramer(1000);
      let bound: Uint8Array = new Uint8Array(0);
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        for (const pdu of framer.push(chunk)) {
          const { id, sequence, status } = readHeader(pdu);
          if (id === layouts.deliver_sm_resp.id) answers.push([sequence, status]);
          if (id === layouts.bind_transceiver.id) {
            bound = encodePdu({ command: 'bind_transceiver_resp', sequence, body: { systemId: 'x' } });
            socket.write(deliver(7));
          } else if (sequence === 7) socket.write(Buffer.concat([bound, deliver(8)]));
        }
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const smppPort = (server.address() as AddressInfo).port;
    const platform = await startTestPlatform({ settings: { smppHost: '127.0.0.1', smppPort } });
    await until(() => answers.length === 2);
    await platform.stop();
    server.close();
    expect(answers).toEqual([
      [7, commandStatus.ESME_RINVBNDSTS],
      [8, commandStatus.ESME_RX_R_APPN],
    ]);
  });

  it.each(['submit_sm', 'query_sm', 'cancel_sm', 'replace_sm', 'bind_receiver'] as const)(
    'answers a centre that asks %s of it',
    async (command) => {
      const { centre, becomes } = await setUp();
      await becomes('BOUND');
      await expect(centre.session?.request(command)).rejects.toMatchObject({
        ...{ code: 'smpp.refused', status: commandStatus.ESME_RINVCMDID },
      });
    },
  );

  it('that gets what no PDU can be ends, and comes again', async () => {
    const { centre, platform, becomes } = await setUp();
    await becomes('BOUND');
    centre.socket?.write(Buffer.alloc(16, 0xff));
    await becomes('WAITING');
    expect((await platform.call('GET', '/bench/v1/sms/drops')).body).toMatchObject({ malformedPdu: 1 });
    await platform.wireClock.advance(1000);
    await becomes('BOUND');
  });
});

describe('over TLS', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  it('the centre is known by its authority, and one that nobody trusts is not bound to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleetbench-smsc-'));
    folders.push(folder);
    const { caCertificatePem, server } = await loadLocalTls({
      ...{ hosts: ['127.0.0.1'], clock: new RealClock(), random: nodeRandom, storage: undefined },
    });
    const smppTlsCaFile = join(folder, 'authority.pem');
    await writeFile(smppTlsCaFile, caCertificatePem);
    const centre = new TestSmsc();
    centres.push(centre);
    await centre.start(0, { cert: server.certificatePem, key: server.privateKeyPem });
    const begin = async (more: object) => {
      const settings = { smppHost: '127.0.0.1', smppPort: centre.port, smppTls: true, ...more };
      const platform = await startTestPlatform({ settings });
      started.push(platform);
      return platform.platform.sms;
    };
    const trusting = await begin({ smppTlsCaFile });
    await until(() => trusting.view().state === 'BOUND');
    expect(trusting.view()).toMatchObject({ tls: true });
    const careful = await begin({});
    await until(() => careful.view().state === 'WAITING');
    expect(careful.view().reason).toMatch(/certificate/);
    const misled = await begin({ smppTlsCaFile: join(folder, 'none.pem') });
    await until(() => misled.view().state === 'WAITING');
    expect(misled.view().reason).toMatch(/there is no file .*none\.pem \(setting smppTlsCaFile\)/);
    expect(centre.binds).toHaveLength(1);
  });
});
