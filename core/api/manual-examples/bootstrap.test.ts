import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

/**
 * The examples of manual 7.7.2, 7.7.3 and 7.7.4, request in, answer out, field by field; what only a bootstrap
 * brings about is in core/connectors/lwm2m. Ids and times that the platform makes are those of its answers and clock.
 */
const configs = '/api/v1/bootstrap/lwm2m/configs';
const entries = '/api/v1/bootstrap/lwm2m/entries';
const secret = '0123456789ABCDEF0123456789ABCDEF';

let bench: TestPlatform;
const now = (): string => isoTime(bench.clock.now());
beforeAll(async () => {
  bench = await startTestPlatform();
});
afterAll(() => bench.stop());

const anId = expect.stringMatching(/^[0-9a-f]{24}$/);

/** The body of 7.7.2.2 or 7.7.2.3. */
const liveObjectsConfig = (renewSecurityOnBootstrap: boolean) => ({
  name: 'LOBootstrapConfig',
  description: 'This is a LO bootstrap config',
  runServers: [
    {
      id: 'LOServer',
      useLiveObjects: true,
      renewSecurityOnBootstrap,
      lwm2mDefinition: {
        security: { shortServerId: 1 },
        server: { shortServerId: 1, lifetime: 300, binding: 'U' },
      },
    },
  ],
});

describe('7.7.2, bootstrap configurations', () => {
  it.each([
    [
      '7.7.2.1: of another server',
      {
        name: 'BootstrapConfig',
        description: 'This is a bootstrap config',
        runServers: [
          {
            id: 'myServer',
            useLiveObjects: false,
            lwm2mDefinition: {
              security: { shortServerId: 1, lwm2mServerUri: 'coaps://myserver:5684', securityMode: 1 },
              server: { shortServerId: 1, lifetime: 200, binding: 'S' },
            },
          },
        ],
      },
    ],
    ['7.7.2.2: of the platform', liveObjectsConfig(false)],
    ['7.7.2.3: with credentials made at each bootstrap', liveObjectsConfig(true)],
  ])('%s', async (_name, request) => {
    const made = await bench.call('POST', configs, request);
    expect(made).toEqual({ status: 201, body: { id: anId, ...request, created: now(), updated: now() } });
    expect(await bench.call('GET', `${configs}/${made.body.id}`)).toEqual({ status: 200, body: made.body });
  });
});

describe('7.7.3, bootstrap entries', () => {
  let first: string;
  let second: string;
  beforeAll(async () => {
    first = (await bench.call('POST', configs, liveObjectsConfig(false))).body.id;
    second = (await bench.call('POST', configs, liveObjectsConfig(false))).body.id;
  });

  const pskInfo = { identity: 'my_endpoint', secret };
  const shown = (bootstrapConfigId: string, created: string) => ({
    endpointName: 'my_endpoint',
    security: { mode: 'PSK', pskInfo: { identity: 'my_endpoint' } },
    definition: {
      bootstrapConfigId,
      runServers: [{ id: 'LOServer', security: { pskInfo: { identity: 'my_endpoint', secret: '***' } } }],
    },
    activity: { status: 'NEVER_REQUESTED', bootstrapRequestCount: 0, bootstrapFinishCount: 0 },
    created,
    updated: now(),
  });

  it('7.7.3.1, 7.7.3.2, 7.7.3.3: made, linked to another configuration, and read with its secrets', async () => {
    const made = await bench.call('POST', entries, {
      endpointName: 'my_endpoint',
      security: { mode: 'PSK', pskInfo },
      definition: { bootstrapConfigId: first, runServers: [{ id: 'LOServer', security: { pskInfo } }] },
    });
    const created = now();
    expect(made).toEqual({ status: 201, body: shown(first, created) });

    bench.clock.advance(65 * 60_000);
    const path = `${entries}/my_endpoint/definition/bootstrapConfigId`;
    const linked = await bench.call('PUT', path, second);
    expect(linked).toEqual({ status: 200, body: shown(second, created) });

    expect(await bench.call('GET', `${entries}/my_endpoint`)).toEqual(linked);
    const { body } = await bench.call('GET', `${entries}/my_endpoint?showSecuritySecrets=true`);
    expect(body).toEqual({
      ...linked.body,
      definition: { bootstrapConfigId: second, runServers: [{ id: 'LOServer', security: { pskInfo } }] },
    });
  });

  it('7.7.3.4: listed behind a bookmark', async () => {
    for (const number of ['0', '1', '2']) {
      const endpointName = `urn:imei:00000000000000${number}`;
      const security = { mode: 'PSK', pskInfo: { identity: endpointName, secret } };
      expect((await bench.call('POST', entries, { endpointName, security })).status).toBe(201);
    }
    const names = async (query: string) =>
      (await bench.call('GET', `${entries}?${query}`)).body.map((entry: any) => entry.endpointName);
    const imeis = ['0', '1', '2'].map((number) => `urn:imei:00000000000000${number}`);
    expect(await names('limit=10&bookmarkEndpointName=my_endpoint')).toEqual(imeis);
    expect(await names('limit=2')).toEqual(['my_endpoint', imeis[0]]);
    expect(await names(`limit=2&bookmarkEndpointName=${imeis[0]}`)).toEqual(imeis.slice(1));
    expect(await names('offset=3')).toEqual([imeis[2]]);
    expect(await names(`bookmarkEndpointName=${imeis[2]}`)).toEqual([]);
    // The place of an entry is known also when the entry is gone.
    await bench.call('DELETE', `${entries}/${imeis[1]}`);
    expect(await names(`bookmarkEndpointName=${imeis[1]}`)).toEqual([imeis[2]]);
  });
});

describe('7.7.4, the tutorial', () => {
  /** The body of 7.7.4.1.3. */
  const template = `{
        "endpointName": "{{endpointName}}",
        "security": {
            "mode": "PSK",
            "pskInfo": {
                "identity": "{{pskInfo.identity}}",
                "secret": "{{pskInfo.secret}}"
            }
        },
        "definition": {
            "bootstrapConfigId": "{{bootstrapConfigId}}",
            "runServers": [
                {
                    "id": "{{runServers.id}}",
                    "security": {
                        "pskInfo": {
                            "identity": "{{runServers.security.pskInfo.identity}}",
                            "secret": "{{runServers.security.pskInfo.secret}}"
                        }
                    }
                }
            ]
        }
    }`;
  const columns = [
    ...['endpointName', 'pskInfo.identity', 'pskInfo.secret', 'bootstrapConfigId', 'runServers.id'],
    ...['runServers.security.pskInfo.identity', 'runServers.security.pskInfo.secret'],
  ];
  const rowsOf = (config: string) =>
    ['1', '2'].map((n) => [
      ...[`my_endpointName${n}`, `pskIdentity${n}`, `secret${n}`, config, 'LOServer'],
      ...[`runServers.security.pskInfo.identity${n}`, `runServers.security.pskInfo.secret${n}`],
    ]);
  const namesOf = async () => (await bench.call('GET', entries)).body.map((entry: any) => entry.endpointName);
  const secretsOf = async (name: string) =>
    (await bench.call('GET', `${entries}/${name}?showSecuritySecrets=true`)).body.definition;

  it('imports by a call for each line, with a key that has the roles DEVICE_R and DEVICE_W', async () => {
    const key = await bench.key(['DEVICE_R', 'DEVICE_W']);
    const config = (await bench.call('POST', configs, liveObjectsConfig(false), key)).body.id;
    for (const row of rowsOf(config)) {
      const body = template.replace(/{{(.*?)}}/g, (_all, column) => row[columns.indexOf(column)] as string);
      // With the slash at the end, as the tutorial writes the path.
      expect((await bench.call('POST', `${entries}/`, JSON.parse(body), key)).status).toBe(201);
    }
    expect(await namesOf()).toEqual(expect.arrayContaining(['my_endpointName1', 'my_endpointName2']));
    const byScript = await secretsOf('my_endpointName2');
    expect(byScript.runServers).toEqual([
      {
        id: 'LOServer',
        security: {
          pskInfo: {
            identity: 'runServers.security.pskInfo.identity2',
            secret: 'runServers.security.pskInfo.secret2',
          },
        },
      },
    ]);

    // The same file in one call makes the same.
    for (const n of ['1', '2']) await bench.call('DELETE', `${entries}/my_endpointName${n}`);
    const csv = [columns, ...rowsOf(config)].map((row) => row.join(',')).join('\n');
    const response = await fetch(
      `${bench.platform.endpoints().http}/bench/v1/bootstrap/lwm2m/entries/imports`,
      { method: 'POST', headers: { 'X-API-KEY': key, 'content-type': 'text/csv' }, body: csv },
    );
    expect(await response.json()).toEqual({ dryRun: false, records: 2, created: 2, failed: 0, errors: [] });
    expect(await secretsOf('my_endpointName2')).toEqual(byScript);
  });
});
