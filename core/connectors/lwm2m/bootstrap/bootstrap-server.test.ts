import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isoTime } from '../../../platform/clock.ts';
import { codes, methods } from '../../../protocols/coap/codes.ts';
import { BootstrapBench } from '../../../testing/bootstrap-bench.ts';
import { until } from '../../../testing/until.ts';

const runSecret = '0123456789ABCDEF0123456789ABCDEF';
const runPsk = { identity: 'run-identity', secret: runSecret };

/** A run server that is not the platform, by its short server id. */
const other = (id: string, shortServerId: number, more: { security?: object; server?: object } = {}) => ({
  id,
  lwm2mDefinition: {
    security: { shortServerId, lwm2mServerUri: `coaps://${id}:5684`, securityMode: 0, ...more.security },
    server: { shortServerId, lifetime: 3600, ...more.server },
  },
});
const credentials = (id: string, pskInfo: object = runPsk) => ({ id, security: { pskInfo } });
const instance = (objectInstanceId: number) => ({ settings: { objectInstanceId } });
const hex = (text: string): string => Buffer.from(text).toString('hex');

let bench: BootstrapBench;
beforeEach(async () => {
  bench = await BootstrapBench.start({ coapsMaxFailures: 3 });
});
afterEach(() => bench[Symbol.asyncDispose]());

const statusOf = async (name: string): Promise<string> => (await bench.read(name)).activity.status;
const ended = (name: string) => until(async () => ['FINISHED', 'FAILED'].includes(await statusOf(name)));

/** An entry that is told of one other server. */
async function simple(name = 'dev', pskInfo: object = runPsk): Promise<void> {
  const { id } = await bench.config(other('a', 1));
  await bench.entry(name, { bootstrapConfigId: id, runServers: [credentials('a', pskInfo)] });
}

describe('the bootstrap sequence', () => {
  it('asks what is there, deletes, writes Security and Server, and finishes', async () => {
    await simple();
    const client = await bench.client('dev');
    const requestedMs = bench.services.clock.now();
    expect((await client.request('ep=dev')).codeText).toBe('2.04');
    await ended('dev');
    expect(client.asked).toEqual([
      'GET /',
      'DELETE /0',
      'DELETE /1',
      'DELETE /21',
      'PUT /0/1 TLV',
      'PUT /1/0 TLV',
      'POST /bs',
    ]);
    expect(client.instances).toEqual(['/0/0', '/0/1', '/1/0']);
    expect(client.objects.get('/0/1')).toEqual({
      ...{ 0: 'coaps://a:5684', 1: false, 2: 0, 3: hex('run-identity'), 4: '', 10: 1 },
      5: runSecret.toLowerCase(),
    });
    expect(client.objects.get('/1/0')).toEqual({ 0: 1, 1: 3600, 6: true, 7: 'U' });
    const sent = {
      security: {
        ...{ shortServerId: 1, lwm2mServerUri: 'coaps://a:5684', securityMode: 0 },
        ...{ publicKeyOrIdentity: 'run-identity', secretKey: runSecret },
      },
      server: {
        shortServerId: 1,
        lifetime: 3600,
        notificationStoringWhenDisabledOrOffline: true,
        binding: 'U',
      },
    };
    const { activity } = await bench.read('dev');
    expect(activity).toEqual({
      ...{ status: 'FINISHED', endpointBootstrapConfig: { runServers: [sent] } },
      ...{ bootstrapRequestCount: 1, lastBootstrapRequestDate: isoTime(requestedMs) },
      ...{ bootstrapFinishCount: 1, lastBootstrapFinishDate: isoTime(requestedMs) },
    });
    const masked = (await bench.ok('GET /api/v1/bootstrap/lwm2m/entries'))[0].activity;
    expect(masked.endpointBootstrapConfig.runServers[0].security.secretKey).toBe('***');
    expect(bench.said).toEqual(['LwM2M bootstrap finished: run servers: a']);
    expect(bench.audited[0]).toMatchObject({
      tenantId: bench.services.tenantId,
      entry: {
        level: 'info',
        subcategory: 'lwm2m',
        type: 'lwm2m_bootstrap_entry_log',
        source: { nodeId: 'dev' },
      },
    });
    expect(JSON.stringify(bench.audited).toLowerCase()).not.toContain(runSecret.toLowerCase());
  });

  it('leaves the instance of the bootstrap server alone, wherever the client keeps it', async () => {
    await simple();
    const client = await bench.client('dev', { bootstrapInstance: 1 });
    await client.request('ep=dev');
    await ended('dev');
    expect(client.instances).toEqual(['/0/0', '/0/1', '/1/0']);
    // Once more: what was written last time goes.
    await client.request('ep=dev');
    await until(async () => (await bench.read('dev')).activity.bootstrapFinishCount === 2);
    expect(client.instances).toEqual(['/0/0', '/0/1', '/1/0']);
  });

  it('does without Discover where the configuration names the instances', async () => {
    const { id } = await bench.config(
      other('a', 1, { security: instance(7), server: instance(5) }),
      other('b', 2, { security: instance(2) }),
    );
    const of = ['a', 'b'].map((server) => credentials(server));
    await bench.entry('dev', { bootstrapConfigId: id, runServers: of });
    const client = await bench.client('dev');
    await client.request('ep=dev');
    await ended('dev');
    expect(client.asked).not.toContain('GET /');
    expect(client.instances).toEqual(['/0/0', '/0/2', '/0/7', '/1/0', '/1/5']);
  });

  it.each([
    ['11542', 'TLV'],
    ['110', 'SENML_JSON'],
    ['112', 'SENML_CBOR'],
  ])('writes in the format that the client prefers, pct=%s', async (pct, format) => {
    await simple();
    const client = await bench.client('dev');
    await client.request('ep=dev', `pct=${pct}`);
    await ended('dev');
    expect(client.asked.filter((line) => line.startsWith('PUT'))).toEqual([
      `PUT /0/1 ${format}`,
      `PUT /1/0 ${format}`,
    ]);
    expect(client.objects.get('/0/1')).toMatchObject({
      1: false,
      3: hex('run-identity'),
      5: runSecret.toLowerCase(),
    });
    expect(client.objects.get('/1/0')).toEqual({ 0: 1, 1: 3600, 6: true, 7: 'U' });
  });

  it('goes over to a format that a client takes which prefers none', async () => {
    await simple();
    const client = await bench.client('dev', { formats: ['SENML_JSON'] });
    await client.request('ep=dev');
    await ended('dev');
    expect(client.asked.filter((line) => line.startsWith('PUT'))).toEqual([
      ...['PUT /0/1 TLV', 'PUT /0/1 SENML_CBOR', 'PUT /0/1 SENML_JSON', 'PUT /1/0 SENML_JSON'],
    ]);
  });

  it('writes all that a configuration may say, in every format', async () => {
    const server = {
      ...{ defaultMinimumPeriod: 0, defaultMaximumPeriod: 500, disableTimeout: 9, binding: 'UQ', apnLink: 3 },
      ...{ notificationStoringWhenDisabledOrOffline: false, registrationPriorityOrder: 1 },
      ...{ initialRegistrationDelayTimer: 2, registrationFailureBlock: true, muteSend: false, trigger: true },
      ...{ bootstrapOnRegistrationFailure: true, communicationRetryCount: 3, communicationRetryTimer: 4 },
      ...{ communicationSequenceDelayTimer: 4294967295, communicationSequenceRetryCount: 6 },
      ...{ preferredTransport: 'U' },
    };
    const security = {
      ...{
        securityMode: 2,
        serverPublicKey: 'AAEC',
        smsSecurityMode: 3,
        lwm2mServerSmsNumber: '33612345678',
      },
      ...{ clientHoldOffTime: 1, bootstrapServerAccountTimeout: 2, matchingType: 1, sni: 'meters.example' },
      ...{ certificateUsage: 3, dtlsTlsCiphersuite: [49320, 168] },
    };
    const { id } = await bench.config(other('a', 7, { security, server }));
    await bench.entry('dev', { bootstrapConfigId: id });
    const client = await bench.client('dev');
    for (const [index, pct] of ['11542', '110', '112'].entries()) {
      await client.request('ep=dev', `pct=${pct}`);
      await until(async () => (await bench.read('dev')).activity.bootstrapFinishCount === index + 1);
      expect(client.objects.get('/0/1')).toEqual({
        ...{ 0: 'coaps://a:5684', 1: false, 2: 2, 3: '', 4: '000102', 5: '', 6: 3, 9: '33612345678', 10: 7 },
        ...{ 11: 1, 12: 2, 13: 1, 14: 'meters.example', 15: 3, '16/0': 49320, '16/1': 168 },
      });
      expect(client.objects.get('/1/0')).toEqual({
        ...{
          0: 7,
          1: 3600,
          2: 0,
          3: 500,
          5: 9,
          6: false,
          7: 'UQ',
          10: '11:3',
          13: 1,
          14: 2,
          15: true,
          16: true,
        },
        ...{ 17: 3, 18: 4, 19: 4294967295, 20: 6, 21: true, 22: 'U', 23: false },
      });
    }
  });

  it('takes the identity for the bootstrap server where an entry gives none for a run server', async () => {
    await simple('dev', { secret: 'not hexadecimal' });
    const client = await bench.client('dev');
    await client.request('ep=dev');
    await ended('dev');
    expect(client.objects.get('/0/1')).toMatchObject({ 3: hex('dev'), 5: hex('not hexadecimal') });
  });

  it('knows a client by its key alone when it says no name (LwM2M 1.1)', async () => {
    await simple();
    const client = await bench.client('dev');
    expect((await client.request()).codeText).toBe('2.04');
    await ended('dev');
    expect(await statusOf('dev')).toBe('FINISHED');
  });

  it('is IN_PROGRESS meanwhile, begins anew when the client asks again, and counts both', async () => {
    await simple();
    let silent = true;
    const never = new Promise<never>(() => {});
    const answers = { 'DELETE /1': () => (silent ? never : { code: codes.deleted }) };
    const client = await bench.client('dev', { answers });
    await client.request('ep=dev');
    await until(() => client.asked.includes('DELETE /1'));
    expect(await statusOf('dev')).toBe('IN_PROGRESS');
    silent = false;
    const again = await bench.client('dev');
    await again.request('ep=dev');
    await until(async () => (await statusOf('dev')) === 'FINISHED');
    const { activity } = await bench.read('dev');
    expect(activity).toMatchObject({ bootstrapRequestCount: 2, bootstrapFinishCount: 1 });
    expect(bench.said).toEqual([
      expect.stringMatching(/^LwM2M bootstrap failed: the client has asked again/),
      'LwM2M bootstrap finished: run servers: a',
    ]);
  });
});

describe('a bootstrap fails', () => {
  const failing = async (answers: object, why: string | RegExp): Promise<void> => {
    await simple();
    const client = await bench.client('dev', { answers: answers as never });
    await client.request('ep=dev');
    await ended('dev');
    expect(await statusOf('dev')).toBe('FAILED');
    expect(bench.said).toEqual([expect.stringMatching(why)]);
  };

  it('where the client cannot be asked what is there', () =>
    failing(
      { 'GET /': { code: codes.methodNotAllowed } },
      /answered Bootstrap-Discover with 4.05; give settings.objectInstanceId/,
    ));
  it('where it answers with what is no list of links', () =>
    failing(
      { 'GET /': { code: codes.content, payload: Buffer.from('<broken') } },
      /Bootstrap-Discover cannot be read/,
    ));
  it('where it does not delete', () =>
    failing({ 'DELETE /1': { code: codes.forbidden } }, 'answered Bootstrap-Delete of /1 with 4.03'));
  it('where it does not take what is written', () =>
    failing(
      { 'PUT /1/0': { code: codes.badRequest, payload: Buffer.from('no') } },
      'Bootstrap-Write of /1/0 with 4.00 \\("no"\\)',
    ));
  it('where it knows no format', () =>
    failing(
      { 'PUT /0/1': { code: codes.unsupportedContentFormat } },
      'takes none of TLV, SENML_CBOR, SENML_JSON',
    ));
  it('where it is not content in the end', async () => {
    await failing({ 'POST /bs': { code: codes.notAcceptable } }, 'answered Bootstrap-Finish with 4.06');
    // What was written is told all the same.
    const { activity } = await bench.read('dev');
    expect(activity.endpointBootstrapConfig.runServers).toHaveLength(1);
    expect(activity.bootstrapFinishCount).toBe(0);
  });
  it('where it would write over the bootstrap server', async () => {
    const { id } = await bench.config(other('a', 1, { security: instance(0) }), other('b', 2));
    await bench.entry('dev', { bootstrapConfigId: id, runServers: [credentials('a'), credentials('b')] });
    const client = await bench.client('dev');
    await client.request('ep=dev');
    await ended('dev');
    expect(client.asked).toEqual(['GET /']);
    expect(bench.said[0]).toContain('keeps its bootstrap server in /0/0');
  });

  it('when it takes too long, or the client goes', async () => {
    await simple();
    const answers = { 'DELETE /0': () => new Promise<never>(() => {}) };
    const client = await bench.client('dev', { answers });
    await client.request('ep=dev');
    await until(() => client.asked.includes('DELETE /0'));
    bench.services.wireClock.advance(120_000);
    await ended('dev');
    expect(bench.said[0]).toMatch(/took longer than 120000 ms \(setting bootstrapTimeoutMs\)/);
    await client.request('ep=dev');
    await until(() => client.asked.filter((line) => line === 'DELETE /0').length === 2);
    await client.close();
    await until(async () => (await statusOf('dev')) === 'FAILED');
    expect(bench.said[1]).toContain('the DTLS session is over: peerClosed');
  });

  it('when the server stops', async () => {
    await simple();
    const answers = { 'DELETE /0': () => new Promise<never>(() => {}) };
    const client = await bench.client('dev', { answers });
    await client.request('ep=dev');
    await until(() => client.asked.includes('DELETE /0'));
    await bench.server.stop();
    expect(await statusOf('dev')).toBe('FAILED');
    expect(bench.server.sessionCount).toBe(0);
  });
});

describe('a request is refused', () => {
  const refusedWith = async (query: readonly string[]): Promise<string> => {
    const client = await bench.client('dev');
    const response = await client.request(...query);
    expect(client.asked).toEqual([]);
    return `${response.codeText} ${response.payloadText}`;
  };

  it('with another endpoint name than that of the entry, which is not counted', async () => {
    await simple();
    expect(await refusedWith(['ep=other'])).toMatch(/^4.00 the endpoint name "other"/);
    expect((await bench.read('dev')).activity).toEqual({
      ...{ status: 'NEVER_REQUESTED', bootstrapRequestCount: 0, bootstrapFinishCount: 0 },
    });
    expect(bench.said).toEqual([
      expect.stringContaining('the endpoint name "other" is not that of its entry'),
    ]);
  });

  it('with a format that cannot be written', async () => {
    await simple();
    expect(await refusedWith(['ep=dev', 'pct=0'])).toMatch(/^4.15 pct=0 is none of 11542/);
  });

  it('without a configuration, and without a key that a run server needs', async () => {
    await bench.entry('dev');
    expect(await refusedWith(['ep=dev'])).toBe(
      '4.00 the entry names no bootstrap configuration (definition.bootstrapConfigId)',
    );
    const { id } = await bench.config(other('a', 1));
    await bench.ok('PUT /api/v1/bootstrap/lwm2m/entries/dev/definition/bootstrapConfigId', `"${id}"`);
    expect(await refusedWith(['ep=dev'])).toContain('no security.pskInfo for run server a');
    expect((await bench.read('dev')).activity).toMatchObject({ status: 'FAILED', bootstrapRequestCount: 2 });
    expect(bench.said).toHaveLength(2);
  });

  it('at any other path and by any other method', async () => {
    await simple();
    const client = await bench.client('dev');
    expect((await client.send(methods.POST, '/rd')).codeText).toBe('4.04');
    expect((await client.send(methods.GET, '/bs')).codeText).toBe('4.05');
  });

  it('after the entry is gone, or has another key: the session ends, and the old key is of no use', async () => {
    await simple();
    const entries = '/api/v1/bootstrap/lwm2m/entries/dev';
    const first = await bench.client('dev');
    await bench.ok(`PUT ${entries}`, await bench.ok(`GET ${entries}`));
    expect(bench.server.sessionCount).toBe(1);
    const pskInfo = { identity: 'dev', secret: 'another' };
    await bench.ok(`PUT ${entries}`, { security: { mode: 'PSK', pskInfo } });
    await expect(first.request('ep=dev')).rejects.toThrow();
    await expect(bench.client('dev')).rejects.toThrow();
    const second = await bench.client('dev', { secret: 'another' });
    expect(bench.server.sessionCount).toBe(1);
    await bench.ok(`DELETE ${entries}`);
    await expect(second.request('ep=dev')).rejects.toThrow();
    expect(bench.server.sessionCount).toBe(0);
  });

  it('after too many that failed, until some time has passed, and nothing more is noted', async () => {
    await bench.entry('dev');
    const client = await bench.client('dev');
    const codesOf = [];
    for (const _ of Array(5)) codesOf.push((await client.request('ep=dev')).codeText);
    expect(codesOf).toEqual(['4.00', '4.00', '4.00', '5.03', '5.03']);
    expect(bench.audited.map(({ entry }) => entry.type)).toEqual([
      ...Array(3).fill('lwm2m_bootstrap_entry_log'),
      'rate_limit_reached',
    ]);
    bench.services.wireClock.advance(60_000);
    expect((await client.request('ep=dev')).codeText).toBe('4.00');
  });
});

describe('a handshake is refused', () => {
  it('for an identity that no entry has; who runs the instance is told', async () => {
    await expect(bench.client('nobody')).rejects.toThrow('does not let PSK identity nobody in');
    await until(() => bench.audited.length === 1);
    expect(bench.audited[0]).toMatchObject({
      tenantId: bench.services.tenantId,
      entry: {
        ...{ level: 'error', description: 'LwM2M bootstrap refused' },
        detailedDescription: expect.stringContaining('no bootstrap entry has it'),
        content: { pskIdentity: 'nobody' },
      },
    });
  });

  it('for a wrong key, in the name of the entry, and only so often', async () => {
    await simple();
    for (const _ of Array(4)) await expect(bench.client('dev', { secret: 'ffff' })).rejects.toThrow();
    await until(() => bench.audited.length === 4);
    expect(bench.audited.map(({ entry }) => entry.type)).toEqual([
      ...Array(3).fill('lwm2m_bootstrap_entry_log'),
      'rate_limit_reached',
    ]);
    expect(bench.said[0]).toMatch(/^LwM2M bootstrap refused: wrong key: /);
    expect(await statusOf('dev')).toBe('NEVER_REQUESTED');
    // Not even with the right key, until some time has passed; another client is not held up by it.
    await expect(bench.client('dev')).rejects.toThrow();
    await bench.entry('other');
    await bench.client('other');
    bench.services.wireClock.advance(60_000);
    await bench.client('dev');
  });
});
