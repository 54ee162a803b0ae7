import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lwm2mFleetInput, lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { Lwm2mBench } from '../../core/testing/lwm2m-bench.ts';
import { simulatorSeams } from '../../core/testing/simulator-seams.ts';
import { until } from '../../core/testing/until.ts';
import { Fleet } from '../fleet/fleet.ts';
import { FleetRegistration } from '../fleet-registration.ts';
import { PlatformRest } from '../platform-rest.ts';

const secret = '00112233445566778899aabbccddeeff';
const quietly = { periodMs: 3_600_000, jitter: 0 };

let bench: Lwm2mBench;
const clock = new RealClock();
let fleets = 0;
let fleet: Fleet;
let deviceId = '';

beforeAll(async () => {
  bench = await Lwm2mBench.start();
  await bench.platform.call('POST', '/api/v1/deviceMgt/twin/data/rules', {
    ...{ name: 'all', type: 'PASSTHROUGH', paths: ['/'] },
  });
});
afterEach(() => fleet.stop());
afterAll(async () => {
  await bench.stop();
  expect(clock.pendingTimers()).toEqual([]);
});

/** Starts a fleet of its own for each test; resolves when all its devices are registered. */
async function start(given: Partial<Lwm2mFleetInput> = {}): Promise<Fleet> {
  fleets += 1;
  const template = lwm2mFleetTemplate.parse({
    ...{ name: `fleet ${fleets}`, connector: 'lwm2m', idPattern: `pump-${fleets}-{n}`, ...quietly },
    ...given,
  });
  const rest = new PlatformRest(
    () => bench.platform.platform.endpoints().http,
    () => bench.platform.masterKey,
  );
  const registration = new FleetRegistration(rest);
  const { signal } = new AbortController();
  const before = await registration.register(template, secret, signal);
  await registration.renewCredentials(template, before, secret, signal);
  const url = bench.url(template.bootstrap ? 'bs' : 'coaps');
  fleet = new Fleet({ template, url, key: secret }, simulatorSeams(clock));
  deviceId = `urn:lo:nsid:lwm2m:pump-${fleets}-1`;
  await fleet.start();
  await registered();
  return fleet;
}

const registered = () =>
  until(() => {
    const { connected, problem } = fleet.report();
    if (problem !== null) throw new Error(problem);
    return connected === 1;
  });
const read = async (path: string): Promise<unknown> => {
  expect(await bench.operate(deviceId, { type: 'READ', paths: [path] })).toMatchObject({ status: 'OK' });
  return bench.reported(deviceId, path);
};
const write = (path: string, value: unknown, writeMode = 'REPLACE') =>
  bench.operate(deviceId, { type: 'WRITE', writeMode, paths: [path], values: [{ path, value }] });
const execute = (path: string) => bench.operate(deviceId, { type: 'EXECUTE', paths: [path] });
const lwm2mOf = () => fleet.device(1).details().lwm2m;

describe.each(['1.0', '1.1'] as const)('a device of LwM2M %s', (version) => {
  it('registers with objects 0 to 9, and is read, written and observed', async () => {
    await start({ version, objects: [{ id: 3303, instances: 2 }] });
    expect(await bench.status(deviceId)).toBe('ONLINE');
    const { interfaces, properties } = await bench.device(deviceId);
    expect(properties).toMatchObject({ simulated: 'true' });
    expect(interfaces[0].activity.lwm2mVersion).toBe(version);
    const objects = await bench.get(`/api/v1/deviceMgt/devices/${deviceId}/twin/supported-objects`);
    expect(objects.length).toBe(10);
    expect(await read('/3/0/0')).toBe('Fleetbench');
    expect(await bench.operate(deviceId, { type: 'READ', paths: ['/3/0'] })).toMatchObject({ status: 'OK' });
    expect(await bench.reported(deviceId, '/3/0/6/1')).toBe('5');
    expect(await bench.operate(deviceId, { type: 'READ', paths: ['/3303'] })).toMatchObject({ status: 'OK' });
    expect(Number(await bench.reported(deviceId, '/3303/1/5700'))).toBe(25);
    expect(await write('/3/0/14', '+02:00')).toMatchObject({ status: 'OK' });
    expect(await read('/3/0/14')).toBe('+02:00');
    expect(await write('/3303/0/5750', 'boiler', 'UPDATE')).toMatchObject({ status: 'OK' });
    expect(await read('/3303/0/5750')).toBe('boiler');
    await bench.observe(deviceId, '/3303/0/5700');
    await until(() => lwm2mOf()?.observations === 1);
    await fleet.device(1).act({ action: 'set', path: '/3303/0/5700', value: 37.5 });
    await until(async () => (await bench.reported(deviceId, '/3303/0/5700')) === '37.5');
    await until(async () => {
      const messages = await bench.get(`/api/v0/data/streams/${deviceId}`);
      return messages.some((each: any) => each.value.temperature?.[0]?.sensorValue === 37.5);
    });
    await fleet.stop();
    expect(await bench.status(deviceId)).toBe('OFFLINE');
  });
});

describe('what a server asks', () => {
  const deviceCode = async (body: object): Promise<unknown> => {
    const { error } = await bench.operate(deviceId, body);
    // After a failure the platform leaves a device alone for a while.
    bench.platform.clock.advance(60_000);
    return error?.deviceCode?.value;
  };

  it('is done, or refused with the code that fits', async () => {
    await start();
    expect(await deviceCode({ type: 'READ', paths: ['/9/7/0'] })).toBe(404);
    expect(await deviceCode({ type: 'EXECUTE', paths: ['/5/0/2'] })).toBe(405);
    expect(await bench.operate(deviceId, { type: 'READ', paths: ['/3/0/9', '/6/0'] })).toMatchObject({
      status: 'OK',
    });
    expect(await bench.reported(deviceId, '/6/0/0')).toBe('48.853');
    expect(await execute('/3/0/12')).toMatchObject({ status: 'OK' });
    // What the registration says is told at once when a server changes it.
    const values = [{ path: '/1/0/1', value: 600 }];
    const write = { type: 'WRITE', writeMode: 'UPDATE', paths: ['/1/0'], values };
    expect(await bench.operate(deviceId, write)).toMatchObject({ status: 'OK' });
    await until(
      async () => (await bench.device(deviceId)).interfaces[0].activity.registrationLifetime === 600,
    );
  });

  it('about notifications is obeyed: thresholds and periods', async () => {
    await start({ objects: [{ id: 3303 }] });
    await bench.observe(deviceId, '/3303/0/5700');
    const change = {
      type: 'WRITE-METADATA',
      values: [
        {
          path: '/3303/0/5700',
          metadata: [
            { name: 'gt', value: 50 },
            { name: 'pmax', value: 1 },
          ],
        },
      ],
    };
    expect(await bench.operate(deviceId, change)).toMatchObject({ status: 'OK' });
    const notified = () =>
      fleet
        .device(1)
        .details()
        .frames.filter(({ topic }) => topic.includes('observe'))
        .filter(({ direction, topic }) => direction === 'sent' && topic.startsWith('CON')).length;
    const before = notified();
    await fleet.device(1).act({ action: 'set', path: '/3303/0/5700', value: 60 });
    await until(async () => (await bench.reported(deviceId, '/3303/0/5700')) === '60');
    expect(notified()).toBe(before + 1);
    await until(() => notified() >= before + 2);
  });
});

describe('what happens to a device', () => {
  const restarted = async (before: string | null | undefined): Promise<void> => {
    await until(() => {
      const now = lwm2mOf()?.registration;
      return now !== undefined && now !== null && now !== before;
    });
  };

  it('after a reboot it registers anew from another port, and is observed again', async () => {
    await start();
    await bench.observe(deviceId, '/3/0/9');
    const { registration, address } = lwm2mOf() ?? {};
    expect(await execute('/3/0/4')).toMatchObject({ status: 'OK' });
    await restarted(registration);
    expect(lwm2mOf()?.address).not.toBe(address);
    await until(() => lwm2mOf()?.observations === 1);
  });

  it('a factory reset takes back what was written', async () => {
    await start();
    expect(await write('/3/0/15', 'Europe/Paris')).toMatchObject({ status: 'OK' });
    const before = lwm2mOf()?.registration;
    expect(await execute('/3/0/5')).toMatchObject({ status: 'OK' });
    await restarted(before);
    expect(await read('/3/0/15')).toBe('Etc/UTC');
  });

  it('installs pushed firmware, and restarts with it', async () => {
    await start({ firmware: { installMs: 10 } });
    const bytes = Buffer.concat([Buffer.from('firmware pump 2.1\n'), Buffer.alloc(5000, 7)]);
    expect(await write('/5/0/0', bytes.toString('base64'))).toMatchObject({ status: 'OK' });
    expect([await read('/5/0/3'), await read('/5/0/7')]).toEqual(['2', '2.1']);
    const before = lwm2mOf()?.registration;
    expect(await execute('/5/0/2')).toMatchObject({ status: 'OK' });
    await restarted(before);
    expect([await read('/5/0/3'), await read('/5/0/5'), await read('/3/0/3')]).toEqual(['0', '1', '2.1']);
  });

  it('fetches firmware by HTTP, and says what is wrong with other URIs', async () => {
    await start();
    const ended = async (uri: string, result: string): Promise<void> => {
      expect(await write('/5/0/1', uri)).toMatchObject({ status: 'OK' });
      await until(async () => (await read('/5/0/3')) !== '1');
      expect(await read('/5/0/5')).toBe(result);
    };
    const { http } = bench.platform.platform.endpoints();
    await ended(`${http}/api/v0/nothing`, '7');
    await ended('ftp://host/image', '9');
    await ended('no uri', '7');
    // The server of the device has nothing to fetch; it answers over the session that is there.
    await ended(`${bench.url('coaps')}/image`, '7');
  });

  it('sleeps in queue mode, keeps what it has to say, and takes what waits when it wakes', async () => {
    await start({ queueMode: true, objects: [{ id: 3303 }] });
    await bench.observe(deviceId, '/3303/0/5700');
    await fleet.device(1).act({ action: 'sleep' });
    await fleet.device(1).act({ action: 'set', path: '/3303/0/5700', value: 80 });
    bench.platform.wireClock.advance(95_000);
    await until(async () => (await bench.status(deviceId)) === 'SLEEPING');
    expect(fleet.device(1).view().state).toBe('sleeping');
    const operations = `/api/v1/deviceMgt/devices/${deviceId}/twin/operations`;
    const { body } = await bench.platform.call('POST', operations, { type: 'READ', paths: ['/3/0/1'] });
    expect((await bench.get(`${operations}/${body.id}`)).status).toBe('PENDING');
    expect(await bench.reported(deviceId, '/3303/0/5700')).not.toBe('80');
    await fleet.device(1).act({ action: 'wake' });
    expect(await bench.ended(deviceId, body.id)).toMatchObject({ status: 'OK' });
    await until(async () => (await bench.reported(deviceId, '/3303/0/5700')) === '80');
    expect(await bench.status(deviceId)).toBe('ONLINE');
  });

  it('stays registered at another address, by the connection id of its session', async () => {
    await start();
    const { registration, address } = lwm2mOf() ?? {};
    await fleet.device(1).act({ action: 'changeAddress' });
    await until(async () => {
      const { remotePort } = (await bench.device(deviceId)).interfaces[0].activity;
      return `127.0.0.1:${remotePort}` === lwm2mOf()?.address;
    });
    expect(lwm2mOf()?.address).not.toBe(address);
    expect(lwm2mOf()?.registration).toBe(registration);
    expect(await read('/3/0/1')).toBe('LwM2M simulator');
  });

  it('bootstraps before it registers, and again when a server wants that', async () => {
    await start({ bootstrap: true });
    const before = lwm2mOf()?.registration;
    expect(await read('/1/0/1')).toBe('300');
    expect(await execute('/1/0/9')).toMatchObject({ status: 'OK' });
    await restarted(before);
    expect(await read('/3/0/0')).toBe('Fleetbench');
  });

  it('goes by what the bootstrap has written: name, suites, and what to do when it is refused', async () => {
    await start({ bootstrap: true });
    const configs = '/api/v1/bootstrap/lwm2m/configs';
    const [config] = (await bench.get(`${configs}?limit=1000`)).filter(
      ({ name }: any) => name === `simulator fleet ${fleets}`,
    );
    const [runServer] = config.runServers;
    const { security, server } = runServer.lwm2mDefinition;
    const changed = await bench.platform.call('PUT', `${configs}/${config.id}`, {
      name: config.name,
      runServers: [
        {
          ...runServer,
          lwm2mDefinition: {
            security: { ...security, sni: 'fleetbench.test', dtlsTlsCiphersuite: [0xd001] },
            server: {
              ...{ ...server, bootstrapOnRegistrationFailure: false, initialRegistrationDelayTimer: 1 },
              ...{ communicationRetryCount: 9, communicationRetryTimer: 1 },
            },
          },
        },
      ],
    });
    expect(changed.status, JSON.stringify(changed.body)).toBeLessThan(300);
    const before = lwm2mOf()?.registration;
    expect(await execute('/1/0/9')).toMatchObject({ status: 'OK' });
    await restarted(before);
    const { entries } = await bench.get(`/bench/v1/devices/${deviceId}/coap-log?limit=1`);
    expect(entries[0].session).toMatchObject({
      ...{ suite: 'ECDHE_PSK_WITH_AES_128_GCM_SHA256', serverName: 'fleetbench.test' },
    });
    expect(Number(await read('/1/0/12'))).toBeGreaterThan(0);

    const node = `/api/v1/deviceMgt/devices/${deviceId}/interfaces/lwm2m:pump-${fleets}-1`;
    await bench.platform.call('PATCH', node, { enabled: false });
    await until(() => fleet.device(1).view().state === 'refused');
    await bench.platform.call('PATCH', node, { enabled: true });
    await until(() => fleet.device(1).view().state === 'connected');
    // The alert unknown_psk_identity, which a bootstrap would have wiped out.
    expect(await read('/1/0/11')).toBe('115');
  });

  it('is in queue mode from when a server of LwM2M 1.0 writes that into its binding', async () => {
    await start({ version: '1.0', awakeS: 1 });
    expect(await write('/1/0/7', 'UQ')).toMatchObject({ status: 'OK' });
    await until(() => fleet.device(1).view().state === 'sleeping');
    bench.platform.wireClock.advance(95_000);
    await until(async () => (await bench.status(deviceId)) === 'SLEEPING');
  });

  it('has from the bootstrap of its fleet what the fleet says: lifetime, queue mode, and that it may send', async () => {
    await start({ bootstrap: true, version: '1.0', queueMode: true, awakeS: 1, lifetimeS: 500 });
    await until(() => fleet.device(1).view().state === 'sleeping');
    expect((await bench.device(deviceId)).interfaces[0].activity.registrationLifetime).toBe(500);
    await fleet.stop();
    await start({ bootstrap: true });
    await fleet.device(1).send({ paths: ['/3/0/0'] });
    expect(await bench.reported(deviceId, '/3/0/0')).toBe('Fleetbench');
    expect(await write('/1/0/23', true)).toMatchObject({ status: 'OK' });
    await expect(fleet.device(1).send({ paths: ['/3/0/0'] })).rejects.toThrow('may not send');
  });

  it('goes on over a network that loses and doubles datagrams', async () => {
    await start({
      network: { loss: 0.15, duplication: 0.2, delayMs: 1, spreadMs: 5 },
      objects: [{ id: 3303 }],
    });
    await bench.observe(deviceId, '/3303/0/5700');
    for (const value of [1, 2, 3]) {
      await fleet.device(1).act({ action: 'set', path: '/3303/0/5700', value });
      await until(async () => (await bench.reported(deviceId, '/3303/0/5700')) === String(value));
    }
    expect(lwm2mOf()?.observations).toBe(1);
  });
});
