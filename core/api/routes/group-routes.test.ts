import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const groups = '/api/v1/deviceMgt/groups';

let services: TestServices;
let app: FastifyInstance;
let now: string;
let france: string;
let lyon: TestAnswer;

const call = (line: string, options?: Parameters<typeof callApi>[2]): Promise<TestAnswer> =>
  callApi(app, line, options);
const create = (body: object): Promise<TestAnswer> => call(`POST ${groups}`, { body });

beforeAll(async () => {
  services = await TestServices.start();
  app = await services.api();
  now = isoTime(services.clock.now());
  france = (await create({ pathNode: 'france', description: '' })).body.id;
  lyon = await create({ pathNode: 'lyon', parentId: france, description: 'City of Lyon' });
  await create({ pathNode: 'paris', parentId: france });
  await create({ pathNode: 'italia', parentId: 'root' });
});
afterAll(async () => services[Symbol.asyncDispose]());

describe('create a group', () => {
  it('answers it (manual 8.1.2)', () => {
    expect(lyon).toMatchObject({ status: 201 });
    expect(lyon.body).toEqual({
      id: expect.stringMatching(/^[A-Za-z0-9]{6}$/),
      pathNode: 'lyon',
      path: '/france/lyon',
      parentId: france,
      description: 'City of Lyon',
      created: now,
      updated: now,
    });
  });

  it('refuses a path that exists, a parent that does not, and a node that is none', async () => {
    expect(await create({ pathNode: 'france' })).toMatchObject({
      status: 409,
      body: { code: 'DM_GROUP_DUPLICATE' },
    });
    expect(await create({ pathNode: 'x', parentId: 'nobody' })).toMatchObject({
      status: 404,
      body: { code: 'DM_GROUP_NOT_FOUND' },
    });
    for (const pathNode of [undefined, '', 'a/b', '*', ' a', 'a\0', 'a\n', 'x'.repeat(129), 5]) {
      expect(await create({ pathNode })).toMatchObject({
        status: 400,
        body: {
          code: 'GENERIC_INVALID_PARAMETER_ERROR',
          details: expect.stringContaining('body.pathNode: '),
        },
      });
    }
  });

  it('takes one of two that ask at once for the same path', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => create({ pathNode: 'same', parentId: lyon.body.id })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('keeps groups over a start', async () => {
    await services.restart({ stopped: true });
    app = await services.api();
    expect((await call(`GET ${groups}/${lyon.body.id}`)).body).toEqual(lyon.body);
  });
});

describe('get a group', () => {
  it('answers it (manual 8.1.5)', async () => {
    expect(await call(`GET ${groups}/${lyon.body.id}`)).toMatchObject({ status: 200, body: lyon.body });
  });
  it('answers the root group, which has no parent', async () => {
    expect((await call(`GET ${groups}/root`)).body).toEqual({
      id: 'root',
      path: '/',
      created: now,
      updated: now,
    });
  });
  it('refuses another', async () => {
    expect(await call(`GET ${groups}/xxxxxx`)).toMatchObject({
      status: 404,
      body: { code: 'DM_GROUP_NOT_FOUND' },
    });
  });
});

describe('list groups', () => {
  const paths = async (query: string): Promise<string[]> => {
    const found = (await call(`GET ${groups}?${query}`)).body.map(({ path }: { path: string }) => path);
    return found.filter((path: string) => !path.endsWith('/same'));
  };

  it.each([
    ['groupPath=/france', ['/france']],
    ['groupPath=/*', ['/france', '/france/lyon', '/france/paris', '/italia']],
    ['groupPath=/france/*', ['/france', '/france/lyon', '/france/paris']],
    ['groupPath=/france/*/', ['/france/lyon', '/france/paris']],
    ['parentId=root', ['/france', '/italia']],
    ['parentId=P2112f&groupPath=/*', ['/france/lyon', '/france/paris']],
    ['parentId=P2112f&groupPath=/france/*', ['/france/lyon', '/france/paris']],
    ['parentId=root&groupPath=/france/*', []],
    ['', ['/', '/france', '/france/lyon', '/france/paris', '/italia']],
    ['groupPath=/*/', ['/france', '/italia']],
    ['groupPath=france/*', ['/france', '/france/lyon', '/france/paris']],
    ['groupPath=/fran', []],
    ['groupPath=/%25', []],
    ['parentId=nobody', []],
    ['limit=2&offset=1', ['/france', '/france/lyon']],
  ])('%s (manual 8.1.4)', async (query, expected) => {
    expect(await paths(query.replace('P2112f', france))).toEqual(expected);
  });

  it('tells the page in headers', async () => {
    const answer = await call(`GET ${groups}?limit=2&groupPath=/france/*/`, {
      headers: { 'X-Total-Count': 'true' },
    });
    expect(answer.headers).toMatchObject({
      'x-result-limit': '2',
      'x-result-count': '2',
      'x-total-count': '2',
    });
  });
});
