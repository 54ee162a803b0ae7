import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineRoute } from '../core/api/route.ts';
import { MemoryFiles } from '../core/platform/memory-files.ts';
import { createPinoLogger } from '../core/platform/node/pino-logger.ts';
import { RawMqttClient } from '../core/testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../core/testing/test-platform.ts';
import { until } from '../core/testing/until.ts';

const psk = 'aa11bb22cc33dd44ee55ff6600778899';
const appKey = '99887700665544FF33EE22DD11CC00BB';
const passwords = ['Chosen-1-password', 'Changed-2-password', 'Wrong-3-password'];
const lines: string[] = [];
/** What must not be in the log, by what it is. */
const secrets = new Map<string, string>();
const files = new MemoryFiles();
let bench: TestPlatform;

const keep = (what: string, secret: string | undefined): string => {
  if (!secret) throw new Error(`there is no ${what}`);
  secrets.set(what, secret);
  return secret;
};

/** The secrets that a text holds, in any letter case, or as bytes in one of the usual forms. */
function secretsIn(text: string): string[] {
  const low = text.toLowerCase();
  return [...secrets].flatMap(([what, secret]) => {
    const bytes = Buffer.from(secret);
    const forms = [secret.toLowerCase(), bytes.toString('hex'), [...bytes].join(',')];
    const plain = forms.some((form) => low.includes(form));
    return plain || text.includes(bytes.toString('base64').replace(/=+$/, '')) ? [what] : [];
  });
}

const failing = defineRoute({
  method: 'POST',
  url: '/bench/v1/failing',
  role: 'any-key',
  tag: 'Test',
  summary: 'Fails',
  body: z.object({ password: z.string() }),
  handler: () => {
    throw new Error('out of order');
  },
});

/** Signs in, makes and changes all that is secret, well and badly. */
async function useThemAll(): Promise<void> {
  const { call } = bench;
  keep('master key', bench.masterKey);
  const key = (
    await call('POST', '/api/v0/apiKeys', { label: 'all', roles: ['DEVICE_ACCESS', 'BUS_R', 'DATA_R'] })
  ).body;
  keep('API key', key.value);
  const renewed = (await call('POST', `/api/v0/apiKeys/${key.id}`, { regenerateValue: true })).body;
  const value = keep('renewed API key', renewed.value);
  for (const password of passwords) keep(`password ${password.slice(0, 8)}`, password);
  const [chosen, changed, wrong] = passwords;
  const user = (await call('POST', '/api/v0/users', { login: 'ada', profile: 'USER', password: chosen }))
    .body;
  keep(
    'made password',
    (await call('POST', '/api/v0/users', { login: 'bob', profile: 'USER' })).body.password,
  );
  const session = (await call('POST', '/api/v0/auth', { login: 'ada', password: chosen })).body.apiKey.value;
  keep('session key', session);
  await call(
    'POST',
    `/api/v0/users/${user.id}/password`,
    { oldPassword: chosen, newPassword: changed },
    session,
  );
  for (const _ of Array(6)) await call('POST', '/api/v0/auth', { login: 'ada', password: wrong });
  const tenant = (await call('POST', '/bench/v1/tenants', { name: 'other' })).body;
  keep('master key of another tenant', tenant.masterKey);
  keep('password of its administrator', tenant.admin.password);
  const code = keep('portal code', (await call('POST', '/bench/v1/sessions/codes')).body.code);
  keep('portal session', (await call('POST', '/bench/v1/sessions', { code })).body.key);
  await call('POST', '/bench/v1/sessions', { code });
  keep('PSK', psk);
  keep('appKey', appKey);
  const security = { mode: 'PSK', pskInfo: { identity: 'meter', secret: psk } };
  const lora = {
    devEUI: '0011223344556677',
    appEUI: '0011223344556677',
    appKey,
    profile: 'p',
    connectivityPlan: 'c',
  };
  const device = (id: string, more: object = {}) => ({
    id: `urn:lo:nsid:secret:${id}`,
    interfaces: [
      { connector: 'lwm2m', enabled: true, definition: { endpointName: id, security, ...more } },
      { connector: 'lora', enabled: true, definition: { ...lora, ...more } },
    ],
  });
  expect((await call('POST', '/api/v1/deviceMgt/devices', device('one'))).status).toBe(200);
  expect((await call('POST', '/api/v1/deviceMgt/devices', device('two'))).status).toBe(409);
  expect((await call('POST', '/api/v1/deviceMgt/devices', device('three', { devEUI: 5 }))).status).toBe(400);

  const [bootstrapPsk, runPsk] = ['5a4b3c2d1e0f', 'run-secret-of-an-entry'];
  keep('bootstrap PSK', bootstrapPsk);
  keep('run PSK', runPsk);
  const entry = (bootstrapConfigId: unknown) => ({
    endpointName: 'meter',
    security: { mode: 'PSK', pskInfo: { identity: 'meter', secret: bootstrapPsk } },
    definition: { bootstrapConfigId, runServers: [{ id: 'a', security: { pskInfo: { secret: runPsk } } }] },
  });
  const lwm2mDefinition = { security: { shortServerId: 1 }, server: { shortServerId: 1 } };
  const runServers = [{ id: 'a', useLiveObjects: true, lwm2mDefinition }];
  const entries = '/api/v1/bootstrap/lwm2m/entries';
  const config = (await call('POST', '/api/v1/bootstrap/lwm2m/configs', { name: 'c', runServers })).body.id;
  expect((await call('POST', entries, entry(5))).status).toBe(400);
  expect((await call('POST', entries, entry(config))).status).toBe(201);
  expect((await call('POST', entries, entry(config))).status).toBe(409);
  expect((await call('PUT', `${entries}/meter`, entry(config))).status).toBe(200);

  // Over MQTT: right, wrong, and with the key in the wrong place.
  const mqtt = async (username: string, password: string, clientId: string): Promise<number> => {
    const { client, code: answer } = await RawMqttClient.connect(bench.mqttPort, {
      username,
      password,
      clientId,
    });
    if (answer === 0) client.publish('dev/data', '{"v":{"n":1}}');
    await client.drop();
    return answer;
  };
  expect(await mqtt('json+device', value, 'c1')).toBe(0);
  expect(await mqtt('application', value, 'c2')).toBe(0);
  expect(await mqtt('json+device', key.value, 'c3')).toBe(4);
  expect(await mqtt(value, value, 'c4')).toBe(4);
  expect(await mqtt(value, 'json+device', 'c5')).toBe(4);

  // Failures inside, which are logged with all that is known: of a route, and of the disk.
  const query = `?apiKey=${value}&code=${code}`;
  expect((await call('POST', `/bench/v1/failing${query}`, { password: changed })).status).toBe(500);
  files.intercept = ({ kind }) => (kind === 'append' || kind === 'sync' ? { code: 'EIO' } : undefined);
  const unstored = { label: 'unstored', roles: [] };
  expect((await call('POST', '/api/v0/apiKeys', unstored)).status).toBeGreaterThanOrEqual(500);
  const late = { login: 'eve', profile: 'USER', password: wrong };
  expect((await call('POST', '/api/v0/users', late)).status).toBeGreaterThanOrEqual(500);
  expect((await call('POST', '/api/v1/deviceMgt/devices', device('late'))).status).toBeGreaterThanOrEqual(
    400,
  );
  bench.clock.advance(60_000);
  await until(() => lines.some((line) => line.includes('times of last use')));
  files.intercept = undefined;
}

beforeAll(async () => {
  const logger = createPinoLogger('debug', { write: (line) => void lines.push(line) });
  bench = await startTestPlatform({
    dataDir: '/data',
    seams: { files, logger },
    extraRoutes: [[failing]],
    settings: { loginMaxFailures: 5 },
  });
  await useThemAll();
  await bench.stop();
}, 60_000);
afterAll(() => bench.stop());

describe('the log at its most talkative', () => {
  it('has something to say of what went well and badly', () => {
    const said = lines.map((line) => JSON.parse(line).msg);
    for (const message of [
      'the store is open',
      'MQTT connection refused',
      'MQTT connection ended',
      'request failed',
    ]) {
      expect(said).toContain(message);
    }
    // An error is written with what it says, or the log is of no use.
    expect(lines.some((line) => line.includes('out of order'))).toBe(true);
    expect(new Set(lines.map((line) => JSON.parse(line).level)).size).toBe(4);
    expect(secrets.size).toBeGreaterThanOrEqual(14);
  });

  it('has no secret in it', () => {
    const problems = lines.flatMap((line) => secretsIn(line).map((what) => `${what}: ${line}`));
    expect(problems).toEqual([]);
  });

  it.each(['plain', 'base64', 'hex'] as const)('would be found out by a secret in it, %s', (form) => {
    for (const [what, secret] of secrets) {
      const text = form === 'plain' ? secret.toUpperCase() : Buffer.from(secret).toString(form);
      expect(secretsIn(JSON.stringify({ level: 30, msg: `with ${text}` })), what).toContain(what);
    }
  });
});
