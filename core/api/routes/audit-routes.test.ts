import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

describe('audit log over HTTP (facts 14)', () => {
  let bench: TestPlatform;

  beforeAll(async () => {
    bench = await startTestPlatform();
    for (let n = 1; n <= 5; n++) {
      bench.clock.advance(1000);
      bench.platform.audit.record(bench.tenantId, {
        level: n % 2 === 0 ? 'error' : 'info',
        category: 'data',
        subcategory: 'mqtt',
        type: 'logs_info',
        description: `event ${n}`,
        detailedDescription: n === 3 ? '100 % of it_' : 'plain',
        source: { deviceId: `urn:lo:nsid:a:${n}`, connector: 'mqtt' },
      });
    }
  });
  afterAll(() => bench.stop());

  const descriptions = async (query: string) => {
    const { body } = await bench.call('GET', `/api/v0/auditlog/messages?${query}`);
    return body.map(({ description }: any) => Number(description.split(' ')[1]));
  };

  it('shows a message whole', async () => {
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages?limit=1');
    expect(body).toEqual([
      {
        timestamp: '2030-01-01T00:00:05.000Z',
        created: '2030-01-01T00:00:05.000Z',
        level: 'info',
        category: 'data',
        subcategory: 'mqtt',
        type: 'logs_info',
        description: 'event 5',
        detailedDescription: 'plain',
        source: { deviceId: 'urn:lo:nsid:a:5', connector: 'mqtt' },
      },
    ]);
  });

  it.each([
    ['', [5, 4, 3, 2, 1]],
    ['sort=timestamp', [1, 2, 3, 4, 5]],
    ['limit=2&offset=1', [4, 3]],
    ['level=error', [4, 2]],
    ['source.deviceId=urn:lo:nsid:a:3', [3]],
    ['level=info&description=event 1', [1]],
    ['from=2030-01-01T00:00:03Z', [5, 4, 3]],
    ['to=2030-01-01T00:00:03Z', [2, 1]],
    ['@any=event', [5, 4, 3, 2, 1]],
    ['@any=100 %25', [3]],
    ['@any=it_', [3]],
    ['@any=%25', [3]],
    ['level=none', []],
  ])('?%s', async (query, expected) => {
    expect(await descriptions(query)).toEqual(expected);
  });

  it.each([
    ['color=red', /color is not a field/],
    ['limit=1001', /limit/],
    ['offset=9999&limit=2', /above 10000/],
    ['from=yesterday', /from/],
    ['level=a&level=b', /level: given more than once/],
    ["source.deviceId'%3B DROP TABLE x=1", /is not a field/],
  ])('refuses ?%s', async (query, details) => {
    const { status, body } = await bench.call('GET', `/api/v0/auditlog/messages?${query}`);
    expect(status).toBe(400);
    expect(body.details).toMatch(details);
  });

  it('shows a tenant its own messages only', async () => {
    const { masterKey } = await bench.platform.accounts.createTenant('other');
    expect((await bench.call('GET', '/api/v0/auditlog/messages', undefined, masterKey)).body).toEqual([]);
  });

  it('keeps the newest messages only', async () => {
    const small = await startTestPlatform({ settings: { auditMaxMessages: 100 } });
    for (let n = 0; n < 1000; n++) {
      small.platform.audit.record(small.tenantId, {
        level: 'info',
        category: 'data',
        subcategory: 'mqtt',
        type: 'logs_info',
        description: `event ${n}`,
        source: {},
      });
    }
    // All are durable then, and what had to go is gone.
    await small.platform.store.commit([]);
    await small.platform.audit.stop();
    const { messages, total } = await small.platform.audit.list(small.tenantId, {
      offset: 0,
      limit: 1000,
      oldestFirst: true,
      equals: {},
    });
    expect(total).toBe(100);
    expect(messages[0]?.description).toBe('event 900');
    await small.stop();
  });
});
