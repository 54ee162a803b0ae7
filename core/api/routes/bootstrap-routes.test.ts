import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../platform/memory-files.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

const configs = '/api/v1/bootstrap/lwm2m/configs';
const entries = '/api/v1/bootstrap/lwm2m/entries';
const imports = '/bench/v1/bootstrap/lwm2m/entries/imports';

const settings = {
  bootstrapConfigMaxPerTenant: 4,
  bootstrapConfigMaxRunServers: 3,
  bootstrapEntryMaxPerTenant: 5,
  importMaxErrors: 3,
  importMaxBytes: 4000,
};
const files = new MemoryFiles();
let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform({ dataDir: '/data', seams: { files }, settings });
});
afterAll(() => bench.stop());
beforeEach(() => bench.platform.reset());

const ok = async (line: string, body?: unknown, status = 200) => {
  const [method = '', url = ''] = line.split(' ');
  const answer = await bench.call(method, url, body);
  expect(answer.status, `${line} ${JSON.stringify(answer.body)}`).toBe(status);
  return answer.body;
};
const refused = async (line: string, body: unknown, status = 400) => {
  const { code, details } = await ok(line, body, status);
  return `${code}: ${details}`;
};

type Fields = Record<string, unknown>;
const definition = (security: Fields = {}, server: Fields = {}) => ({
  security: { shortServerId: 1, ...security },
  server: { shortServerId: 1, ...server },
});
const own = (id: string, security?: Fields, server?: Fields) => ({
  id,
  useLiveObjects: true,
  lwm2mDefinition: definition(security, server),
});
const other = (id: string, security: Fields = {}, server?: Fields) => ({
  id,
  lwm2mDefinition: definition({ lwm2mServerUri: 'coaps://a:5684', securityMode: 0, ...security }, server),
});
const config = (...runServers: object[]) => ({ name: 'c', runServers });
const psk = (identity: string, secret = 'secret') => ({ identity, secret });
const entry = (endpointName: string, more: Fields = {}) => ({
  endpointName,
  security: { mode: 'PSK', pskInfo: psk(endpointName) },
  ...more,
});
const credentials = (id: string, pskInfo: object = psk('run', 'run-secret')) => ({
  id,
  security: { pskInfo },
});

describe('a bootstrap configuration', () => {
  it('keeps all that the manual lets one say (7.7.1.1)', async () => {
    const security = {
      ...{ settings: { objectInstanceId: 3 }, lwm2mServerUri: 'coaps://[::1]:5684', securityMode: 2 },
      ...{
        serverPublicKey: 'AAEC',
        smsSecurityMode: 3,
        lwm2mServerSmsNumber: '33612345678',
        shortServerId: 7,
      },
      ...{ clientHoldOffTime: 1, bootstrapServerAccountTimeout: 2, matchingType: 1, sni: 'meters.example' },
      ...{ certificateUsage: 3, dtlsTlsCiphersuite: [49320, 168] },
    };
    const server = {
      ...{ settings: { objectInstanceId: 4 }, shortServerId: 7, lifetime: 3600, defaultMinimumPeriod: 0 },
      ...{ defaultMaximumPeriod: 500, disableTimeout: 0, notificationStoringWhenDisabledOrOffline: false },
      ...{ binding: 'UQS', apnLink: 1, registrationPriorityOrder: 1, initialRegistrationDelayTimer: 2 },
      ...{ registrationFailureBlock: true, bootstrapOnRegistrationFailure: true, communicationRetryCount: 3 },
      ...{
        communicationRetryTimer: 4,
        communicationSequenceDelayTimer: 5,
        communicationSequenceRetryCount: 6,
      },
      ...{ trigger: true, preferredTransport: 'U', muteSend: false },
    };
    const whole = { ...config({ id: 's', useLiveObjects: false, lwm2mDefinition: { security, server } }) };
    const made = await ok(`POST ${configs}`, { ...whole, description: 'd' }, 201);
    expect(made).toMatchObject({ ...whole, description: 'd' });
    expect(await ok(`GET ${configs}/${made.id}`)).toEqual(made);
    expect(await ok(`PUT ${configs}/${made.id}`, made)).toEqual(made);
  });

  it.each<[string, object, string]>([
    ['no name', { name: '', runServers: [own('a')] }, 'body.name: must not be empty'],
    ['no run servers', config(), 'body.runServers: must not be empty'],
    ['too many', config(...['1', '2', '3', '4'].map((id) => other(id))), 'runServers.1.'],
    ['an id of its own', { id: 'x', ...config(own('a')) }, 'body.id: must not be given'],
    [
      'a URI beside useLiveObjects',
      config(own('a', { lwm2mServerUri: 'coaps://a:1' })),
      'lwm2mServerUri: must not',
    ],
    ['a mode beside it', config(own('a', { securityMode: 0 })), 'security.securityMode: must not be set'],
    ['a public key beside it', config(own('a', { serverPublicKey: 'AA==' })), 'serverPublicKey: must not'],
    ['a usage beside it', config(own('a', { certificateUsage: 3 })), 'certificateUsage: must not be set'],
    ['no URI', config(other('a', { lwm2mServerUri: undefined })), 'security.lwm2mServerUri: is needed'],
    ['no mode', config(other('a', { securityMode: undefined })), 'security.securityMode: is needed'],
    [
      'a mode that is none',
      config(other('a', { securityMode: 5 })),
      'securityMode: must be a whole number from 0',
    ],
    [
      'a URI that is none',
      config(other('a', { lwm2mServerUri: 'http://a' })),
      'must be as coaps://host:port',
    ],
    [
      'new keys for another server',
      config({ ...other('a'), renewSecurityOnBootstrap: true }),
      'renewSecurityOnBootstrap',
    ],
    [
      'two short ids',
      config(own('a', { shortServerId: 2 })),
      'server.shortServerId: must be that of the security, 2',
    ],
    ['short id 0', config(own('a', { shortServerId: 0 }, { shortServerId: 0 })), 'from 1 to 65534'],
    [
      'the same short id twice',
      config(own('a'), other('b')),
      'runServers.1.lwm2mDefinition.security.shortServerId: must differ',
    ],
    [
      'the same id twice',
      config(own('a'), other('a', { shortServerId: 2 }, { shortServerId: 2 })),
      'runServers.1.id: must differ',
    ],
    [
      'the platform twice',
      config(own('a'), own('b', { shortServerId: 2 }, { shortServerId: 2 })),
      'runServers.1.useLiveObjects: may be true for one run server only',
    ],
    [
      'the same instance twice',
      config(
        own('a', { settings: { objectInstanceId: 1 } }),
        other('b', { shortServerId: 2, settings: { objectInstanceId: 1 } }, { shortServerId: 2 }),
      ),
      'security.settings.objectInstanceId: must differ',
    ],
    [
      'queue mode at the end of USQ',
      config(own('a', {}, { binding: 'USQ' })),
      'binding: must be of U, T, S, N',
    ],
    ['a transport twice', config(own('a', {}, { binding: 'UU' })), 'binding: must be of U, T, S, N'],
    ['a field that is none', config(own('a', {}, { lifeTime: 5 })), 'must not hold "lifeTime"'],
  ])('is refused with %s', async (_what, body, why) => {
    expect(await refused(`POST ${configs}`, body)).toContain(why);
    expect(await ok(`GET ${configs}`)).toEqual([]);
  });

  it('has as many run servers as the setting says', async () => {
    const four = ['1', '2', '3', '4'].map((id) =>
      other(id, { shortServerId: Number(id) }, { shortServerId: Number(id) }),
    );
    expect(await refused(`POST ${configs}`, config(...four))).toContain(
      'setting bootstrapConfigMaxRunServers',
    );
    await ok(`POST ${configs}`, config(...four.slice(1)), 201);
  });

  it('is one of as many as the setting says, and listed by pages', async () => {
    const made = [];
    for (const name of ['1', '2', '3', '4']) {
      made.push(await ok(`POST ${configs}`, { ...config(own('a')), name }, 201));
    }
    const said = await refused(`POST ${configs}`, config(own('a')), 403);
    expect(said).toMatch(/^BOOTSTRAP_LIMIT_REACHED: 4 \(setting bootstrapConfigMaxPerTenant\)/);
    expect(await ok(`GET ${configs}`)).toEqual(made);
    expect(await ok(`GET ${configs}?limit=2&offset=1`)).toEqual(made.slice(1, 3));
  });

  it('does not go while an entry names it, nor a run server of it for which an entry has credentials', async () => {
    const { id } = await ok(`POST ${configs}`, config(own('a')), 201);
    const names = ['e1', 'e2'];
    for (const name of names) {
      const of = { definition: { bootstrapConfigId: id, runServers: [credentials('a')] } };
      await ok(`POST ${entries}`, entry(name, of), 201);
    }
    expect(await refused(`DELETE ${configs}/${id}`, undefined, 409)).toMatch(
      /^BOOTSTRAP_CONFIG_IN_USE: e1, e2;/,
    );
    expect(await refused(`PUT ${configs}/${id}`, config(own('b')), 409)).toContain('e1, e2');
    await ok(`PUT ${configs}/${id}`, config(own('a', {}, { lifetime: 60 })));
    for (const name of names) await ok(`DELETE ${entries}/${name}`, undefined, 204);
    await ok(`DELETE ${configs}/${id}`, undefined, 204);
    expect(await refused(`GET ${configs}/${id}`, undefined, 404)).toMatch(/^BOOTSTRAP_CONFIG_NOT_FOUND/);
    expect(await refused(`DELETE ${configs}/${id}`, undefined, 404)).toMatch(/^BOOTSTRAP_CONFIG_NOT_FOUND/);
  });

  it('keeps its id when it is replaced', async () => {
    const { id } = await ok(`POST ${configs}`, config(own('a')), 201);
    expect(await refused(`PUT ${configs}/${id}`, { id: 'x', ...config(own('a')) })).toContain(
      'body.id: is x',
    );
  });
});

describe('a bootstrap entry', () => {
  let configId: string;
  beforeEach(async () => {
    const two = [own('a'), other('b', { shortServerId: 2 }, { shortServerId: 2 })];
    configId = (await ok(`POST ${configs}`, config(...two), 201)).id;
  });

  it.each<[string, object, number, string]>([
    ['white space in its name', entry('a b'), 400, 'endpointName: must not hold white space'],
    ['no security', { endpointName: 'e' }, 400, 'body.security: is needed'],
    [
      'no secret',
      { ...entry('e'), security: { mode: 'PSK', pskInfo: { identity: 'e' } } },
      400,
      'secret: is needed',
    ],
    [
      'another mode',
      { ...entry('e'), security: { mode: 'RPK', pskInfo: psk('e') } },
      400,
      'mode: must be PSK',
    ],
    [
      'a mask for a secret',
      { ...entry('e'), security: { mode: 'PSK', pskInfo: psk('e', '***') } },
      400,
      'give the secret itself',
    ],
    [
      'a configuration that is none',
      entry('e', { definition: { bootstrapConfigId: 'x' } }),
      404,
      'BOOTSTRAP_CONFIG_NOT_FOUND: x',
    ],
    [
      'run servers of no configuration',
      entry('e', { definition: { runServers: [credentials('a')] } }),
      400,
      'bootstrapConfigId: is needed',
    ],
  ])('is refused with %s', async (_what, body, status, why) => {
    expect(await refused(`POST ${entries}`, body, status)).toContain(why);
    expect(await ok(`GET ${entries}`)).toEqual([]);
  });

  it('names run servers of its configuration, each once', async () => {
    const of = (...ids: string[]) =>
      entry('e', {
        definition: { bootstrapConfigId: configId, runServers: ids.map((id) => credentials(id)) },
      });
    expect(await refused(`POST ${entries}`, of('a', 'c'))).toContain(
      'definition.runServers.1.id: bootstrap configuration',
    );
    expect(await refused(`POST ${entries}`, of('a', 'c'))).toContain('has no run server c; it has a, b');
    expect(await refused(`POST ${entries}`, of('a', 'a'))).toContain(
      'runServers.1.id: must not be there twice',
    );
    await ok(`POST ${entries}`, of('a', 'b'), 201);
    const single = (await ok(`POST ${configs}`, config(own('a')), 201)).id;
    const path = `PUT ${entries}/e/definition/bootstrapConfigId`;
    expect(await refused(path, single)).toContain('has no run server b; it has a');
    expect(await refused(path, 'f'.repeat(24), 404)).toMatch(/^BOOTSTRAP_CONFIG_NOT_FOUND/);
  });

  it('has a name and an identity of its own', async () => {
    await ok(`POST ${entries}`, entry('e'), 201);
    expect(await refused(`POST ${entries}`, entry('e'), 409)).toMatch(/^BOOTSTRAP_ENTRY_DUPLICATE: e/);
    const thief = { endpointName: 'f', security: { mode: 'PSK', pskInfo: psk('e') } };
    expect(await refused(`POST ${entries}`, thief, 409)).toMatch(/^BOOTSTRAP_PSK_IDENTITY_DUPLICATE: e;/);
    await ok(`POST ${entries}`, entry('f'), 201);
    expect(await refused(`PUT ${entries}/f`, thief, 409)).toMatch(/^BOOTSTRAP_PSK_IDENTITY_DUPLICATE/);
    const outcomes = await Promise.all(
      ['g', 'g', 'g'].map((name) => bench.call('POST', entries, entry(name))),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('has an identity that no entry of another tenant has: the handshake knows no tenant', async () => {
    await ok(`POST ${entries}`, entry('e'), 201);
    const { masterKey } = await ok('POST /bench/v1/tenants', { name: `other ${bench.clock.now()}` }, 201);
    const { status, body } = await bench.call('POST', entries, entry('e'), masterKey);
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'BOOTSTRAP_PSK_IDENTITY_DUPLICATE' });
    const own = { ...entry('e'), security: { mode: 'PSK', pskInfo: psk('of the other') } };
    expect((await bench.call('POST', entries, own, masterKey)).status).toBe(201);
    await bench.call('DELETE', `${entries}/e`, undefined, masterKey);
    expect((await ok(`GET ${entries}`)).length).toBe(1);
  });

  it('is replaced by what was read of it, with the secrets that were not shown', async () => {
    const of = {
      definition: { bootstrapConfigId: configId, runServers: [credentials('a'), credentials('b')] },
    };
    const made = await ok(`POST ${entries}`, entry('e', of), 201);
    expect(await ok(`PUT ${entries}/e`, made)).toEqual(made);
    const secrets = async () => (await ok(`GET ${entries}/e?showSecuritySecrets=true`)).definition.runServers;
    expect(await secrets()).toEqual([credentials('a'), credentials('b')]);
    const changed = [credentials('b', { secret: 'new' }), credentials('a', { secret: '***' })];
    await ok(`PUT ${entries}/e`, {
      ...made,
      definition: { bootstrapConfigId: configId, runServers: changed },
    });
    expect(await secrets()).toEqual([changed[0], credentials('a', { secret: 'run-secret' })]);

    await ok(`PUT ${entries}/e`, { ...made, definition: { bootstrapConfigId: configId } });
    expect((await ok(`GET ${entries}/e`)).definition).toEqual({ bootstrapConfigId: configId });
    expect(await refused(`PUT ${entries}/e`, made)).toContain(
      'runServers.0.security.pskInfo.secret: *** stands for',
    );
    const { definition: _gone, ...bare } = made;
    expect(await ok(`PUT ${entries}/e`, bare)).not.toHaveProperty('definition');
    expect(await refused(`PUT ${entries}/e`, { ...bare, endpointName: 'f' })).toContain(
      'body.endpointName: is f',
    );
    expect(await refused(`PUT ${entries}/f`, { ...bare, endpointName: 'f' }, 404)).toMatch(
      /^BOOTSTRAP_ENTRY_NOT_FOUND/,
    );
    // What authenticates to the bootstrap server is never shown, nor is anything in lists that were not asked for it.
    expect(JSON.stringify(await ok(`GET ${entries}?showSecuritySecrets=true`))).not.toContain('"secret"');
  });

  it('is one of as many as the setting says', async () => {
    for (const name of ['1', '2', '3', '4', '5']) await ok(`POST ${entries}`, entry(name), 201);
    expect(await refused(`POST ${entries}`, entry('6'), 403)).toContain(
      '5 (setting bootstrapEntryMaxPerTenant)',
    );
  });

  it('is there after a start of the program, as its configuration is', async () => {
    const of = { definition: { bootstrapConfigId: configId, runServers: [credentials('a')] } };
    await ok(`POST ${entries}`, entry('e', of), 201);
    const before = await Promise.all([ok(`GET ${entries}?showSecuritySecrets=true`), ok(`GET ${configs}`)]);
    await bench.stop();
    bench = await startTestPlatform({ dataDir: '/data', seams: { files }, settings });
    expect(await Promise.all([ok(`GET ${entries}?showSecuritySecrets=true`), ok(`GET ${configs}`)])).toEqual(
      before,
    );
    expect(await refused(`POST ${entries}`, entry('e'), 409)).toMatch(/^BOOTSTRAP_ENTRY_DUPLICATE/);
  });
});

describe('a CSV file of bootstrap entries', () => {
  const header =
    'endpointName,pskInfo.identity,pskInfo.secret,bootstrapConfigId,runServers.id,runServers.security.pskInfo.identity,runServers.security.pskInfo.secret';
  const send = async (lines: readonly string[], query = '') => {
    const response = await fetch(`${bench.platform.endpoints().http}${imports}${query}`, {
      method: 'POST',
      headers: { 'X-API-KEY': bench.masterKey, 'content-type': 'text/csv' },
      body: lines.join('\n'),
    });
    return { status: response.status, body: (await response.json()) as any };
  };

  it('makes what can be made, and says of each other line why not; a dry run says the same and makes nothing', async () => {
    const { id } = await ok(`POST ${configs}`, config(own('a')), 201);
    await ok(`POST ${entries}`, entry('there'), 201);
    const lines = [
      header,
      `new,i1,s1,${id},a,r1,rs1`,
      'bare,i2,s2,,,,',
      'there,i3,s3,,,,',
      `new,i4,s4,${id},,,`,
      `wrong,i5,s5,${id},b,,rs5`,
    ];
    const error = (line: number, endpointName: string, code: string) => ({
      ...{ line, endpointName, code, message: expect.any(String), details: expect.any(String) },
    });
    const outcome = {
      ...{ records: 5, created: 2, failed: 3 },
      errors: [
        error(4, 'there', 'BOOTSTRAP_ENTRY_DUPLICATE'),
        error(5, 'new', 'BOOTSTRAP_ENTRY_DUPLICATE'),
        error(6, 'wrong', 'GENERIC_INVALID_PARAMETER_ERROR'),
      ],
    };
    expect(await send(lines, '?dryRun=true')).toEqual({ status: 200, body: { dryRun: true, ...outcome } });
    expect((await ok(`GET ${entries}`)).length).toBe(1);
    expect(await send(lines)).toEqual({ status: 200, body: { dryRun: false, ...outcome } });
    const made = await ok(`GET ${entries}?showSecuritySecrets=true`);
    expect(
      made.map((each: any) => [each.endpointName, each.security.pskInfo.identity, each.definition]),
    ).toEqual([
      ['bare', 'i2', undefined],
      ['new', 'i1', { bootstrapConfigId: id, runServers: [credentials('a', psk('r1', 'rs1'))] }],
      ['there', 'there', undefined],
    ]);
  });

  it('keeps the first errors, as many as the setting says', async () => {
    const { body } = await send([header, ...Array(5).fill(',i,s')]);
    expect({ ...body, errors: body.errors.length }).toEqual({
      ...{ dryRun: false, records: 5, created: 0, failed: 5, errors: 3 },
    });
    expect(body.errors[0]).toMatchObject({
      line: 2,
      details: expect.stringContaining('endpointName: is needed'),
    });
  });

  it('ends where it cannot be read, and what was made stays', async () => {
    const why = async (lines: readonly string[]) => {
      const { status, body } = await send(lines);
      expect(status).toBe(400);
      return body.details;
    };
    expect(await why(['endpointName,pskinfo.identity'])).toMatch(
      /line 1, column 2: "pskinfo.identity" is no column .* 0 entries were made/,
    );
    expect(await why(['endpointName,endpointName'])).toContain('endpointName is there twice');
    expect(await why(['endpointName'])).toContain(
      'line 1: missing columns: pskInfo.identity, pskInfo.secret',
    );
    expect(await why([''])).toContain('the file is empty');
    expect(await why([header, 'new,i,s', '"open'])).toMatch(/line 3: .*; 1 entries were made before that/);
    expect((await ok(`GET ${entries}`)).length).toBe(1);
    const long = await send([header, ...Array(200).fill('a,b,cccccccccccccccccccc')]);
    expect(long).toMatchObject({
      status: 413,
      body: { details: expect.stringContaining('setting importMaxBytes') },
    });
  });
});
