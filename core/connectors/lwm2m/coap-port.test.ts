import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { methods } from '../../protocols/coap/codes.ts';
import type { CoapEndpoint } from '../../protocols/coap/endpoint.ts';
import { CoapOnUdp } from '../../testing/coap-udp.ts';
import { FirmwareClient, TestFirmware } from '../../testing/firmware-device.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

const image = randomBytes(5000);
let bench: TestPlatform;
let udp: CoapOnUdp;
let plain: CoapEndpoint;

beforeAll(async () => {
  bench = await startTestPlatform({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0, coap: 0 },
  });
  const file = image.toString('base64');
  for (const [resourceId, secured] of [
    ['fw', 'false'],
    ['closed', 'true'],
  ] as const) {
    await bench.call('POST', '/api/v0/rm', { resourceId, metadata: { secured } });
    await bench.call('POST', `/api/v0/rm/${resourceId}/version`, { resourceVersionId: '2', file });
  }
  udp = await CoapOnUdp.open();
  plain = udp.connect(Number(new URL(bench.platform.endpoints().coap ?? '').port));
});
afterAll(async () => {
  await udp.close();
  await bench.stop();
});

async function pulling(name: string, protocols = [0]): Promise<FirmwareClient> {
  const firmware = new TestFirmware();
  firmware.delivery = 0;
  firmware.protocols = protocols;
  const device = new FirmwareClient(() => bench, name, firmware, []);
  await device.create();
  await device.register();
  return device;
}

it('serves the content of an update in blocks to a device that knows no DTLS for that', async () => {
  const device = await pulling('plain');
  const { firmware } = device;
  firmware.onUri = (uri) =>
    void plain
      .request({ method: methods.GET, path: new URL(uri).pathname })
      .then(({ payload }) => firmware.fetched(payload));
  await device.ask();
  await until(() => firmware.told.includes('update'));
  expect(firmware.uri).toMatch(/^coap:\/\/127\.0\.0\.1:\d+\/dl\/[0-9a-f]{32}$/);
  expect(Buffer.from(firmware.image ?? []).equals(image)).toBe(true);
  firmware.version = '2';
  firmware.become(0, 1);
  await device.has({ status: 'DONE' });
  const stale = await plain.request({ method: methods.GET, path: new URL(firmware.uri).pathname });
  expect(stale.codeText).toBe('4.04');
  const { entries } = (await bench.call('GET', `/bench/v1/devices/${device.deviceId}/coap-log?limit=100`))
    .body;
  const fetching = entries.filter(({ server }: any) => server === 'content').toReversed();
  const local = /^127\.0\.0\.1:\d+$/;
  expect(fetching.length).toBeGreaterThan(2 * Math.ceil(image.length / 1024) - 1);
  expect(fetching.slice(0, 2)).toMatchObject([
    { direction: 'in', protocol: 'coap', nodeId: 'plain', peer: expect.stringMatching(local) },
    { direction: 'out', nodeId: 'plain', coap: { code: '2.05 Content' } },
  ]);
  expect(fetching[0].summary).toMatch(/^CON GET \/dl\/[0-9a-f]{32}$/);
  await device.close();
});

it('does not serve what is secured', async () => {
  const device = await pulling('secured', [0, 1]);
  let uri = '';
  device.firmware.onUri = (given) => {
    uri = given;
  };
  const updates = `${device.path}/closed/updates`;
  const ask = { requestedVersion: '2', connector: 'lwm2m-updater' };
  expect((await bench.call('POST', updates, ask)).status).toBe(201);
  await until(() => uri !== '');
  expect(uri).toMatch(/^coaps:/);
  const path = new URL(uri).pathname;
  expect((await plain.request({ method: methods.GET, path })).codeText).toBe('4.04');
  const second = await device.connect();
  expect((await second.send({ method: methods.GET, path })).codeText).toBe('2.05');
  await second.close();
  await device.close();
});

it('lets nobody register, and says where', async () => {
  // From an address of which nobody knows whose it is.
  const stranger = await CoapOnUdp.open();
  const asking = stranger.connect(Number(new URL(bench.platform.endpoints().coap ?? '').port));
  const ask = async (method: number, path: string): Promise<string> => {
    const { codeText, payloadText } = await asking.request({ method, path });
    return `${codeText} ${payloadText}`;
  };
  for (const path of ['/rd', '/bs', '/dp'])
    expect(await ask(methods.POST, path)).toBe('4.01 only over DTLS with a pre-shared key: coaps');
  expect(await ask(methods.POST, '/dl/00')).toBe('4.05 only GET');
  expect(await ask(methods.GET, '/')).toBe('4.04 this port has /dl');
  expect(await ask(methods.GET, `/dl/${'0'.repeat(32)}`)).toMatch(/^4.04 /);
  const { entries } = (await bench.call('GET', '/bench/v1/coap-log')).body;
  expect(entries.slice(0, 2).map(({ server, summary }: any) => `${server} ${summary}`)).toEqual([
    `content ACK 4.04 Not Found (GET /dl/${'0'.repeat(32)})`,
    `content CON GET /dl/${'0'.repeat(32)}`,
  ]);
  await stranger.close();
});
