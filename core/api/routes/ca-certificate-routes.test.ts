import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { caExtensions, type Issued, OpensslPki, rsa2048 } from '../../testing/openssl.ts';
import fc from '../../testing/properties.ts';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const url = '/api/v0/certificates/ca';
const dayMs = 24 * 3600 * 1000;

let pki: OpensslPki;
let root: Issued;
let services: TestServices;
let app: FastifyInstance;

beforeAll(async () => {
  pki = await OpensslPki.start();
  root = await pki.ca('root', { key: rsa2048 });
});
afterAll(() => pki.stop());
beforeEach(async () => {
  services = await TestServices.start();
  app = await services.api();
});
afterEach(async () => services[Symbol.asyncDispose]());

const call = (line: string, options?: Parameters<typeof callApi>[2]): Promise<TestAnswer> =>
  callApi(app, line, options);
const add = (certificate: unknown, more: object = {}): Promise<TestAnswer> =>
  call(`POST ${url}`, { body: { certificate, ...more } });
const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');

describe('CA certificates', () => {
  it('are added, shown and deleted', async () => {
    const comment = 'my awesome intermediate CA certificate';
    const made = await add(root.certificate, { comment });
    expect(made).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^[0-9a-f]{24}$/) } });
    const { id } = made.body;
    expect(Object.keys(made.body)).toEqual(['id']);

    const shown = await call(`GET ${url}/${id}`);
    const read = async (...what: string[]) =>
      (await pki.openssl('x509', '-in', root.certificateFile, '-noout', ...what)).trim().split('=');
    const [, startDate] = await read('-startdate');
    const [, endDate] = await read('-enddate');
    const [, serial = ''] = await read('-serial');
    const [, fingerprint = ''] = await read('-fingerprint', '-sha256');
    expect(shown).toMatchObject({
      status: 200,
      body: {
        id,
        tenantId: services.tenantId,
        certificate: root.certificate,
        comment,
        creationTs: services.clock.now(),
        subject: 'CN=root',
        issuer: 'CN=root',
        serialNumber: serial.toLowerCase(),
        fingerprint: fingerprint.replaceAll(':', '').toLowerCase(),
        notBefore: Date.parse(startDate ?? ''),
        notAfter: Date.parse(endDate ?? ''),
      },
    });
    expect((await call(`GET ${url}`)).body).toEqual({ page: 0, size: 20, totalCount: 1, data: [shown.body] });

    expect((await call(`DELETE ${url}/${id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expect(await call(`${method} ${url}/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'CA_CERTIFICATE_NOT_FOUND', details: id },
      });
    }
    expect((await call(`GET ${url}`)).body.totalCount).toBe(0);
  });

  it('are still there after a restart, also after a kill', async () => {
    const { id } = (await add(root.certificate, { comment: 'c' })).body;
    const before = (await call(`GET ${url}/${id}`)).body;
    for (const stopped of [true, false]) {
      await services.restart({ stopped });
      app = await services.api();
      expect((await call(`GET ${url}/${id}`)).body).toEqual(before);
    }
  });

  it('are listed in v0 pages, oldest first', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      services.clock.advance(1);
      ids.push((await add((await pki.ca(name)).certificate)).body.id);
    }
    const { body } = await call(`GET ${url}?page=1&size=2`);
    expect(body).toMatchObject({ page: 1, size: 2, totalCount: 3, data: [{ id: ids[2], subject: 'CN=c' }] });
  });

  it('are taken as PEM with text around it and any line ends, as DER in Base64, and as PEM in Base64', async () => {
    const text = await pki.openssl('x509', '-in', root.certificateFile, '-text');
    const forms = [
      root.certificate,
      `\uFEFF\r\n${text.replaceAll('\n', '\r\n')}`,
      derOf(root.certificate).toString('base64'),
      derOf(root.certificate).toString('base64').replace(/.{76}/g, '$&\n'),
      Buffer.from(root.certificate).toString('base64'),
    ];
    for (const form of forms) {
      const { body } = await add(form);
      expect((await call(`GET ${url}/${body.id}`)).body.certificate).toBe(root.certificate);
      expect((await call(`DELETE ${url}/${body.id}`)).status).toBe(204);
    }
  });

  it('are had once by a tenant, and ten at the most', async () => {
    const { id } = (await add(root.certificate)).body;
    expect(await add(derOf(root.certificate).toString('base64'))).toMatchObject({
      status: 409,
      body: { code: 'CA_CERTIFICATE_DUPLICATE', details: id },
    });
    const authorities = await Promise.all(
      Array.from({ length: 10 }, (_each, index) => pki.ca(`ca-${index}`)),
    );
    const answers = await Promise.all(authorities.map(({ certificate }) => add(certificate)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 400]);
    expect(answers.find(({ status }) => status === 400)?.body).toMatchObject({
      code: 'GENERIC_INVALID_PARAMETER_ERROR',
      details: expect.stringContaining('may have 10 (setting caCertificateMaxPerTenant)'),
    });
    expect((await call(`GET ${url}`)).body.totalCount).toBe(10);
    await call(`DELETE ${url}/${id}`);
    expect((await add(root.certificate)).status).toBe(200);
  });

  it('of a renewed CA, with the same name and key, are two', async () => {
    const renewed = await pki.ca('root', { keyOf: root });
    expect((await add(root.certificate)).status).toBe(200);
    expect((await add(renewed.certificate)).status).toBe(200);
  });

  it('of one tenant are not there for another', async () => {
    const { id } = (await add(root.certificate)).body;
    const { masterKey: key } = await services.accounts.createTenant('other');
    expect((await call(`GET ${url}`, { key })).body).toMatchObject({ totalCount: 0, data: [] });
    for (const method of ['GET', 'DELETE']) {
      expect((await call(`${method} ${url}/${id}`, { key })).status).toBe(404);
    }
    expect((await call(`POST ${url}`, { key, body: { certificate: root.certificate } })).status).toBe(200);
    const clientCert = { required: true, caCertIds: [id] };
    expect(await call('POST /api/v0/apiKeys', { key, body: { label: 'l', clientCert } })).toMatchObject({
      status: 404,
      body: { code: 'CA_CERTIFICATE_NOT_FOUND', details: `body.clientCert.caCertIds.0: ${id}` },
    });
  });
});

describe('a CA certificate is taken', () => {
  it.each([
    ['without keyUsage', { extensions: ['basicConstraints=CA:TRUE'] }],
    [
      'with critical extensions',
      { extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'] },
    ],
    [
      'with a path length',
      { extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=keyCertSign'] },
    ],
    ['on P-384', { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp384r1'] }],
    ['on Ed25519', { key: ['-algorithm', 'ED25519'], digest: 'null' }],
    ['before its time has come', { fromMs: Date.now() + dayMs }],
  ])('%s', async (_name, more) => {
    expect(await add((await pki.ca('good', more)).certificate)).toMatchObject({ status: 200 });
  });

  it('when it is an intermediate, without its root', async () => {
    const intermediate = await pki.ca('intermediate', { by: root });
    expect((await add(intermediate.certificate)).status).toBe(200);
  });
});

describe('a CA certificate is refused', () => {
  const refusal = (details: RegExp) => ({
    status: 400,
    body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringMatching(details) },
  });

  it.each([
    ['that is no CA', { extensions: [] }, /^body.certificate: is not the certificate of a CA: .*CA:TRUE/],
    ['with CA:FALSE', { extensions: ['basicConstraints=CA:FALSE'] }, /basicConstraints/],
    [
      'whose keyUsage may not sign',
      { extensions: ['basicConstraints=CA:TRUE', 'keyUsage=digitalSignature,cRLSign'] },
      /keyUsage must contain keyCertSign/,
    ],
    ['that has expired', { toMs: Date.now() - 1000 }, /expired at \d{4}-/],
    [
      'with a short RSA key',
      { key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'] },
      /1024 bits, needed are 2048 \(setting caCertificateMinRsaBits\)/,
    ],
    [
      'on a weak curve',
      { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp224r1'] },
      /on secp224r1; use P-256, P-384, P-521/,
    ],
    [
      'that constrains names, which is not applied',
      { extensions: [...caExtensions, 'nameConstraints=critical,permitted;DNS:example.org'] },
      /critical extensions .*2\.5\.29\.30/,
    ],
  ])('%s', async (_name, more, details) => {
    expect(await add((await pki.ca('bad', more)).certificate)).toMatchObject(refusal(details));
    expect((await call(`GET ${url}`)).body.totalCount).toBe(0);
  });

  it('that is damaged', async () => {
    const der = derOf(root.certificate);
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    expect(await add(der.toString('base64'))).toMatchObject(refusal(/is damaged/));
    expect(await add(derOf(root.certificate).subarray(0, 300).toString('base64'))).toMatchObject(
      refusal(/cannot be read/),
    );
    expect(await add(root.certificate.slice(0, 500))).toMatchObject(
      refusal(/END CERTIFICATE-----" is missing/),
    );
    expect(await add(root.certificate.replace(/\n.{9}/, '\n!!!'))).toMatchObject(refusal(/not Base64/));
  });

  it('or taken, and nothing breaks, whatever bytes are changed', async () => {
    const der = derOf((await pki.ca('small')).certificate);
    const change = fc.tuple(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (changes, cut) => {
          const bytes = Buffer.from(der);
          for (const [index, mask] of changes) bytes[index] = (bytes[index] ?? 0) ^ mask;
          const given = cut ? bytes.subarray(0, changes[0]?.[0]) : bytes;
          const { status } = await add(given.toString('base64'));
          // With another issuer it is an intermediate, whose signature nobody can check.
          expect([200, 400, 409]).toContain(status);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('that is something else', async () => {
    const request = await pki.openssl('req', '-new', '-key', root.keyFile, '-subj', '/CN=x');
    const other = await pki.ca('other');
    expect(await add(request)).toMatchObject(refusal(/found CERTIFICATE REQUEST/));
    expect(await add(root.certificate + other.certificate)).toMatchObject(
      refusal(/found CERTIFICATE, CERTIFICATE/),
    );
    expect(await add(root.certificate + root.key)).toMatchObject(refusal(/private key/));
    expect(await add(root.key)).toMatchObject(refusal(/private key/));
    expect(await add('my certificate')).toMatchObject(refusal(/must be a certificate in PEM/));
    expect(await add('')).toMatchObject(refusal(/must be a certificate in PEM/));
    expect(await add('Zm9vYmFy')).toMatchObject(refusal(/must be a certificate in PEM/));
    expect(await add('MAMCAQE=')).toMatchObject(refusal(/cannot be read as an X.509 certificate/));
    expect(await add('x'.repeat(32_769))).toMatchObject(
      refusal(/^body.certificate: must have at most 32768/),
    );
    expect(await add(undefined)).toMatchObject(refusal(/^body.certificate/));
    expect(await add(7)).toMatchObject(refusal(/^body.certificate/));
    expect(await add(root.certificate, { comment: 'c'.repeat(256) })).toMatchObject(refusal(/^body.comment/));
  });
});

describe('API keys with client certificates', () => {
  const keys = '/api/v0/apiKeys';
  let ca: string;
  let other: string;

  beforeEach(async () => {
    ca = (await add(root.certificate)).body.id;
    other = (await add((await pki.ca('other')).certificate)).body.id;
  });
  const create = (body: object, key?: string): Promise<TestAnswer> =>
    call(`POST ${keys}`, { body: { label: 'l', ...body }, key });

  it('say what they ask for, and lose a certificate that is deleted, and go on asking', async () => {
    const clientCert = { required: true, caCertIds: [ca, other] };
    const { id } = (await create({ clientCert: { ...clientCert, caCertIds: [ca, other, ca] } })).body;
    expect((await call(`GET ${keys}/${id}`)).body.clientCert).toEqual(clientCert);
    await call(`DELETE ${url}/${ca}`);
    await services.restart({ stopped: false });
    app = await services.api();
    expect((await call(`GET ${keys}/${id}`)).body.clientCert).toEqual({ required: true, caCertIds: [other] });
    await call(`DELETE ${url}/${other}`);
    expect((await call(`GET ${keys}/${id}`)).body.clientCert).toEqual({ required: true, caCertIds: [] });
  });

  it('are changed as the manual does it, and back', async () => {
    const { id } = (await create({})).body;
    expect((await call(`GET ${keys}/${id}`)).body.clientCert).toEqual({ required: false, caCertIds: [] });
    const clientCert = { caCertIds: [ca, other], required: true };
    expect((await call(`POST ${keys}/${id}`, { body: { clientCert } })).body).toMatchObject({ clientCert });
    expect((await call(`POST ${keys}/${id}`, { body: { label: 'x' } })).body).toMatchObject({ clientCert });
    const both = (await call(`POST ${keys}/${id}`, { body: { clientCert: { caCertIds: [other] } } })).body;
    expect(both.clientCert).toEqual({ required: true, caCertIds: [other] });
    const left = (await call(`POST ${keys}/${id}`, { body: { clientCert: { required: false } } })).body;
    expect(left.clientCert).toEqual({ required: false, caCertIds: [other] });
    const off = { required: false, caCertIds: [ca] };
    expect((await call(`POST ${keys}/${id}`, { body: { clientCert: off } })).body).toMatchObject({
      clientCert: off,
    });
  });

  it('name CA certificates that there are, and one at least when one is required', async () => {
    const { id } = (await create({})).body;
    for (const line of [`POST ${keys}`, `POST ${keys}/${id}`]) {
      const ask = (clientCert: unknown) => call(line, { body: { label: 'l', clientCert } });
      expect(await ask({ required: true, caCertIds: [ca, 'nope'] })).toMatchObject({
        status: 404,
        body: { code: 'CA_CERTIFICATE_NOT_FOUND', details: 'body.clientCert.caCertIds.1: nope' },
      });
      expect(await ask({ required: true })).toMatchObject({
        status: 400,
        body: { details: expect.stringMatching(/^body.clientCert.caCertIds: must name a CA certificate/) },
      });
      expect((await ask({ required: 'yes', caCertIds: [ca] })).status).toBe(400);
    }
  });

  it('pass on to the keys below them what they ask for', async () => {
    const clientCert = { required: true, caCertIds: [ca] };
    const parent = (await create({ roles: ['API_KEY_W', 'API_KEY_R'], clientCert })).body;
    const below = (more: object) => create({ ...more, parentId: parent.id }, parent.value);
    expect((await below({})).body).toMatchObject({ clientCert });
    for (const wider of [{ required: false }, { required: true, caCertIds: [ca, other] }]) {
      expect(await below({ clientCert: wider })).toMatchObject({
        status: 403,
        body: { details: expect.stringMatching(/^clientCert: /) },
      });
    }
  });

  it('are never the master key', async () => {
    const master = (await call(`GET ${keys}/current_key`)).body;
    const body = { clientCert: { required: true, caCertIds: [ca] } };
    expect((await call(`POST ${keys}/${master.id}`, { body })).status).toBe(403);
  });
});
