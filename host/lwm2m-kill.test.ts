import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codes, methods } from '../core/protocols/coap/codes.ts';
import type { Answer } from '../core/protocols/coap/request-server.ts';
import { TestLwm2mDevice } from '../core/testing/lwm2m-device.ts';
import { until } from '../core/testing/until.ts';
import { startRealProgram } from './testing/real-program.ts';

const deviceId = 'urn:lo:nsid:lwm2m:killed';
const device = `/api/v1/deviceMgt/devices/${deviceId}`;

let folder: string;
let client: TestLwm2mDevice | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-kill-'));
});
afterEach(async () => {
  await client?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The real program on the folder, its API, and a session with it. */
async function start() {
  const { program, endpoints, call } = await startRealProgram(folder);
  const connect = () =>
    TestLwm2mDevice.connect({
      port: Number(new URL(endpoints.coaps ?? '').port),
      identity: 'killed',
      key: Uint8Array.of(0, 0xff),
    });
  const operation = (id: string) => call('GET', `${device}/twin/operations/${id}`);
  const ask = async (more: object): Promise<string> =>
    (await call('POST', `${device}/twin/operations`, { type: 'READ', ...more })).id;
  return { program, call, connect, operation, ask };
}

it('a kill of the real program loses nothing of a registered device, and asks nothing twice that was not to be', {
  timeout: 90_000,
}, async () => {
  const before = await start();
  await using _program = before.program;
  const security = { mode: 'PSK', pskInfo: { identity: 'killed', secret: '00ff' } };
  await before.call('POST', '/api/v1/deviceMgt/devices', {
    id: deviceId,
    interfaces: [{ connector: 'lwm2m', enabled: true, definition: { endpointName: 'killed', security } }],
  });
  const first = await before.connect();
  client = first;
  first.script['GET /3/0/1'] = 'model';
  // It never answers these.
  const never = (): Promise<Answer> => new Promise(() => {});
  first.script['GET /3/0/0'] = never;
  const registered = await first.register(['ep=killed', 'lt=86400', 'lwm2m=1.1']);
  const { id: observation } = await before.call('POST', `${device}/twin/observations`, {
    paths: ['/3/0/1'],
  });
  await until(() => first.observers.length === 1);
  const again = await before.ask({ paths: ['/3/0/0'], policy: { attempts: 2 } });
  const behind = await before.ask({ paths: ['/3/0/2'] });
  await until(() => first.asked.includes('GET /3/0/0'));
  await before.program.signal('SIGKILL');
  await first.vanish();

  const after = await start();
  await using _again = after.program;
  expect((await after.operation(again)).status).toBe('SENT');
  expect((await after.operation(behind)).status).toBe('PENDING');
  const second = await after.connect();
  client = second;
  second.script['GET /3/0/0'] = 'maker';
  second.script['GET /3/0/1'] = 'model';
  second.script['GET /3/0/2'] = 'serial';
  // The registration is as good as before.
  const updated = await second.send({
    method: methods.POST,
    path: `/${registered.locationPath.join('/')}`,
  });
  expect(updated.code).toBe(codes.changed);
  await until(() => second.observers.length === 1);
  await until(async () => (await after.operation(behind)).status === 'OK');
  const [observed] = await after.call('GET', `${device}/twin/observations`);
  expect(observed).toMatchObject({ id: observation, status: 'OBSERVING' });
  // What was sent waits for the rest of its time, and only then for its other attempt.
  expect(second.asked).not.toContain('GET /3/0/0');
  expect((await after.operation(again)).status).toBe('SENT');
  await after.call('POST', '/bench/v1/clock/advance', { duration: 'PT25M' });
  await until(async () => (await after.operation(again)).status === 'OK');
  expect(second.asked.filter((each) => each === 'GET /3/0/0')).toHaveLength(1);
  expect(second.asked.filter((each) => each === 'GET /3/0/2')).toHaveLength(1);
});
