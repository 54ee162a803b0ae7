import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Lwm2mFleetInput, lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { Lwm2mBench } from '../../core/testing/lwm2m-bench.ts';
import { simulatorSeams } from '../../core/testing/simulator-seams.ts';
import { until } from '../../core/testing/until.ts';
import { Fleet } from '../fleet/fleet.ts';
import { FleetRegistration } from '../fleet-registration.ts';
import { PlatformRest } from '../platform-rest.ts';

const secret = '00112233445566778899aabbccddeeff';
const image = Buffer.concat([Buffer.from('firmware pump 2.1\n'), Buffer.alloc(20_000, 7)]);

let bench: Lwm2mBench;
let fleet: Fleet;
let fleets = 0;

beforeAll(async () => {
  bench = await Lwm2mBench.start();
  await bench.platform.call('POST', '/api/v0/rm', { resourceId: 'fw' });
  const version = { resourceVersionId: '2.1', file: image.toString('base64') };
  await bench.platform.call('POST', '/api/v0/rm/fw/version', version);
});
afterEach(() => fleet.stop());
afterAll(() => bench.stop());

/** A simulated device of its own for each test, asked for the version; resolves when its update has ended. */
async function update(given: Partial<Lwm2mFleetInput>, metadata: object = {}): Promise<any> {
  fleets += 1;
  const template = lwm2mFleetTemplate.parse({
    ...{ name: `fleet ${fleets}`, connector: 'lwm2m', idPattern: `fw-${fleets}-{n}` },
    ...{ periodMs: 3_600_000, jitter: 0, ...given },
  });
  const { http } = bench.platform.platform.endpoints();
  const rest = new PlatformRest(
    () => http,
    () => bench.platform.masterKey,
  );
  const registration = new FleetRegistration(rest);
  const { signal } = new AbortController();
  const before = await registration.register(template, secret, signal);
  await registration.renewCredentials(template, before, secret, signal);
  const seams = simulatorSeams(new RealClock());
  fleet = new Fleet({ template, url: bench.url('coaps'), key: secret }, seams);
  await fleet.start();
  await until(() => fleet.report().connected === 1);
  const resources = `/api/v1/deviceMgt/devices/urn:lo:nsid:lwm2m:fw-${fleets}-1/resources/fw`;
  const asked = { requestedVersion: '2.1', metadata };
  expect((await bench.platform.call('POST', `${resources}/updates`, asked)).status).toBe(201);
  let latest: any;
  await until(async () => {
    latest = await bench.get(`${resources}/updates/latest`);
    return ['DONE', 'FAILED'].includes(latest.status);
  });
  return { ...latest, reported: (await bench.get(resources)).reported };
}

const notes = ({ history }: any): string => history.map(({ details }: any) => details).join(' ');

it.each(['1.0', '1.1'] as const)('a simulated device of LwM2M %s takes new firmware', async (version) => {
  const done = await update({ version, firmware: { installMs: 10 } });
  expect(done, JSON.stringify(done)).toMatchObject({ status: 'DONE', progress: 100 });
  expect(done.reported.version).toBe('2.1');
  expect(notes(done)).toContain('/5/0/0');
});

it('a simulated device fetches new firmware where that is asked for', async () => {
  const done = await update({ firmware: { installMs: 10 } }, { delivery: 'pull' });
  expect(done, JSON.stringify(done)).toMatchObject({ status: 'DONE', progress: 100 });
  expect(notes(done)).toContain('To be fetched from http://127.0.0.1');
});

it('a simulated device fetches new firmware over its session where it knows coaps alone', async () => {
  const done = await update({ firmware: { installMs: 10, protocols: ['coaps'] } }, { delivery: 'pull' });
  expect(done, JSON.stringify(done)).toMatchObject({ status: 'DONE', progress: 100 });
  expect(notes(done)).toContain('To be fetched from coaps://127.0.0.1');
});

it('a simulated device says while a package is written to it that it is downloading', async () => {
  const done = await update({ firmware: { installMs: 10 } });
  expect(done.status).toBe('DONE');
  const device = `urn:lo:nsid:lwm2m:fw-${fleets}-1`;
  const { entries } = await bench.get(`/bench/v1/devices/${device}/coap-log?limit=500`);
  const notified = entries.flatMap(({ direction, coap }: any) =>
    direction === 'in' && coap?.options.some(({ name }: any) => name === 'Observe')
      ? coap.payload.values
      : [],
  );
  const states = notified.filter(({ path }: any) => path === '/5/0/3').map(({ value }: any) => value);
  expect(states.toReversed().slice(0, 4)).toEqual([0, 1, 2, 3]);
});

it.each([
  ['integrityFailure', { errorCode: 'INVALID_RESOURCE', deviceErrorCode: 'UPDATE_RESULT_5' }],
  ['updateFailed', { errorCode: 'ASSET_ORIGINATED_ERROR', deviceErrorCode: 'UPDATE_RESULT_8' }],
] as const)('a simulated device says why it does not take it: %s', async (fault, error) => {
  expect(await update({ firmware: { installMs: 10, fault } })).toMatchObject({ status: 'FAILED', ...error });
});
