import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { blockOption } from '../../protocols/coap/block.ts';
import { encodeMessage } from '../../protocols/coap/codec.ts';
import { codes, methods } from '../../protocols/coap/codes.ts';
import { messageTypes } from '../../protocols/coap/message.ts';
import { optionNumbers, uintOption } from '../../protocols/coap/options.ts';
import type { CoapResponse } from '../../protocols/coap/request.ts';
import { Lwm2mBench } from '../../testing/lwm2m-bench.ts';
import { TestLwm2mDevice } from '../../testing/lwm2m-device.ts';
import { until } from '../../testing/until.ts';
import { pskKeyOf } from './psk-key.ts';

let bench: Lwm2mBench;
const devices: TestLwm2mDevice[] = [];
beforeAll(async () => {
  bench = await Lwm2mBench.start();
});
afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
});
afterAll(() => bench.stop());

const idOf = (name: string): string => `urn:lo:nsid:lwm2m:${name}`;
const observationsOf = (name: string): string => `/bench/v1/devices/${idOf(name)}/twin/observations`;

function make(name: string, identity = name): Promise<unknown> {
  const security = { mode: 'PSK', pskInfo: { identity, secret: 'aa' } };
  return bench.platform.call('POST', '/api/v1/deviceMgt/devices', {
    id: idOf(name),
    interfaces: [{ connector: 'lwm2m', definition: { endpointName: name, security } }],
  });
}

async function connect(identity: string): Promise<TestLwm2mDevice> {
  const port = Number(new URL(bench.url('coaps')).port);
  const device = await TestLwm2mDevice.connect({ port, identity, key: pskKeyOf('aa') });
  devices.push(device);
  device.script['GET /3/0/0'] = 'maker';
  device.script['GET /3/0/9'] = '44';
  return device;
}

async function register(name: string, identity = name): Promise<TestLwm2mDevice> {
  const device = await connect(identity);
  const { codeText } = await device.register([`ep=${name}`, 'lt=300', 'lwm2m=1.1', 'b=U']);
  expect(codeText).toBe('2.01');
  return device;
}

const send = (device: TestLwm2mDevice, level: number): Promise<CoapResponse> => {
  const payload = Buffer.from(`[{"n":"/3/0/9","v":${level}}]`);
  return device.send({ method: methods.POST, path: '/dp', contentFormat: 110, payload });
};
const remotePort = async (name: string): Promise<number> =>
  (await bench.device(idOf(name))).interfaces[0].activity.remotePort;

it('lets a device send over a new session without a word before, and asks again for what was observed', async () => {
  await make('back');
  const before = await register('back');
  await bench.observe(idOf('back'), '/3/0/0');
  const port = await remotePort('back');
  await before.vanish();
  const again = await connect('back');
  expect((await send(again, 71)).codeText).toBe('2.04');
  expect(await bench.reported(idOf('back'), '/3/0/9')).toBe('71');
  expect(await remotePort('back')).not.toBe(port);
  await until(() => again.observers.length === 1);
  expect(again.requests[0]?.observe).toBe('register');
  const { status } = await bench.operate(idOf('back'), { type: 'READ', paths: ['/3/0/0'] });
  expect(status).toBe('OK');
});

it('asks again for what was observed when a device tells of it over a new session', async () => {
  await make('tells');
  const rules = '/api/v1/deviceMgt/twin/data/rules';
  await bench.platform.call('POST', rules, { name: 'all', type: 'PASSTHROUGH', paths: ['/'] });
  const messages = () => bench.get(`/api/v0/data/streams/${idOf('tells')}`);
  const before = await register('tells');
  await bench.observe(idOf('tells'), '/3/0/0');
  await before.vanish();
  const again = await connect('tells');
  again.sendMessage(
    encodeMessage({
      ...{ type: messageTypes.CON, code: codes.content, messageId: 1, token: Uint8Array.of(1, 2, 3) },
      options: [uintOption(optionNumbers.observe, 9), uintOption(optionNumbers.contentFormat, 0)],
      payload: Buffer.from('changed'),
    }),
  );
  await until(() => again.observers.length === 1);
  expect(again.asked).toEqual(['GET /3/0/0']);
  await until(async () => (await bench.get(observationsOf('tells')))[0].status === 'OBSERVING');
  // The answer to the new request is a read, and what comes after it is of the device's own accord.
  expect(await bench.reported(idOf('tells'), '/3/0/0')).toBe('maker');
  expect(await messages()).toEqual([]);
  await again.observers[0]?.notify(
    { code: codes.content, contentFormat: 0, payload: Buffer.from('later') },
    { confirmable: true },
  );
  expect(await messages()).toMatchObject([{ value: { device: { 0: { manufacturer: 'later' } } } }]);
});

it('keeps to its session when a device changes its address, and sends to the new one', async () => {
  await make('moves');
  const device = await register('moves');
  await device.rebind();
  expect((await send(device, 12)).codeText).toBe('2.04');
  device.script['GET /3/0/0'] = 'elsewhere';
  const { status } = await bench.operate(idOf('moves'), { type: 'READ', paths: ['/3/0/0'] });
  expect(status).toBe('OK');
  expect(await bench.reported(idOf('moves'), '/3/0/0')).toBe('elsewhere');
});

it('cannot tell devices with one identity apart by a new session alone', async () => {
  await make('twin-a', 'shared');
  await make('twin-b', 'shared');
  const before = await register('twin-a', 'shared');
  await before.vanish();
  const again = await connect('shared');
  expect((await send(again, 1)).codeText).toBe('4.04');
  expect((await again.register(['ep=twin-a', 'lwm2m=1.1'])).codeText).toBe('2.01');
  expect((await send(again, 2)).codeText).toBe('2.04');
});

it('tells the twin that a device has ended an observation, and why', async () => {
  await make('ends');
  const device = await register('ends');
  const of = async (path: string) =>
    (await bench.get(observationsOf('ends'))).find((each: any) => each.paths[0] === path);
  await bench.observe(idOf('ends'), '/3/0/0');
  await bench.observe(idOf('ends'), '/3/0/9');
  await until(() => device.observers.length === 2);
  const [maker, level] = device.observers;
  await maker?.notify({ code: codes.notFound, payload: Buffer.from('the instance is gone') });
  await until(async () => (await of('/3/0/0')).status === 'FAILED');
  expect((await of('/3/0/0')).reason).toBe('4.04 the instance is gone');
  expect((await of('/3/0/9')).status).toBe('OBSERVING');
  // What cannot be read does not end it, and is told.
  await level?.notify(
    { code: codes.content, contentFormat: 0, payload: Buffer.from('a lot') },
    { confirmable: true },
  );
  const { body } = await bench.platform.call('GET', '/api/v0/auditlog/messages?limit=1');
  expect(body[0]).toMatchObject({
    description: 'A notification of /3/0/9 cannot be read',
    source: { deviceId: idOf('ends') },
  });
  expect((await of('/3/0/9')).status).toBe('OBSERVING');
});

it('takes a notification in blocks, and tells of one that does not become whole', async () => {
  await make('long');
  const device = await register('long');
  await bench.observe(idOf('long'), '/3/0/0');
  await until(() => device.observers.length === 1);
  const payload = Buffer.alloc(3000, 'a');
  void device.observers[0]?.notify({ code: codes.content, contentFormat: 0, payload });
  await until(async () => (await bench.reported(idOf('long'), '/3/0/0'))?.length === 3000);
  // The first block of another, of which the device has nothing more.
  device.script['GET /3/0/0'] = { code: codes.serviceUnavailable };
  const first = { number: 0, more: true, sizeExponent: 2 };
  device.sendMessage(
    encodeMessage({
      ...{ type: messageTypes.NON, code: codes.content, messageId: 1 },
      token: device.requests[0]?.message.token ?? Uint8Array.of(),
      options: [
        uintOption(optionNumbers.observe, 900),
        uintOption(optionNumbers.contentFormat, 0),
        blockOption(optionNumbers.block2, first),
      ],
      payload: Buffer.alloc(64, 'b'),
    }),
  );
  let audited: any;
  await until(async () => {
    audited = (await bench.get('/api/v0/auditlog/messages?limit=1'))[0];
    return audited.source?.deviceId === idOf('long');
  });
  expect(audited.description).toBe('A notification of /3/0/0 is lost');
  expect(audited.detailedDescription).toContain('5.03');
  expect((await bench.get(observationsOf('long')))[0].status).toBe('OBSERVING');
});
