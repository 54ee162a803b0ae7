import { beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { TestServices } from '../testing/test-services.ts';
import { PortalSessions } from './portal-sessions.ts';
import type { KeyGrant } from './types.ts';

const grantFor = (keyId: string, more: Partial<KeyGrant> = {}): KeyGrant => ({
  ...{ keyId, tenantId: 't', roles: new Set(['DATA_R'] as const), fifos: undefined },
  ...more,
});
const apiKey = 'a'.repeat(32);

let bus: EventBus<PlatformEvents>;
let sessions: PortalSessions;
/** Ids of keys whose time is over, and of which nobody was told yet. */
let over: Set<string>;
beforeEach(() => {
  bus = new EventBus();
  over = new Set();
  const keys = {
    authenticate: (text: string | undefined) =>
      text === apiKey
        ? grantFor('real key')
        : text?.length === 32
          ? ('unknown' as const)
          : ('malformed' as const),
    mayBeUsed: ({ keyId }: KeyGrant) => !over.has(keyId),
  };
  sessions = new PortalSessions(
    { keys, bus, random: nodeRandom },
    { portalMaxLinks: 2, portalMaxSessions: 2 },
  );
  sessions.start();
});

const end = (keyId: string): void => bus.emit('keyRevoked', { tenantId: 't', keyId });

describe('the code of a link', () => {
  it('opens one session, which allows what the key does, and no second one', () => {
    const grant = grantFor('k', { fifos: new Set(['f']) });
    const code = sessions.createCode(grant);
    const { key, tenantId } = sessions.exchange(code);
    expect(tenantId).toBe('t');
    expect(sessions.authenticate(key)).toEqual({ ...grant, portalSession: expect.any(String) });
    expect(() => sessions.exchange(code)).toThrow('This link was used before');
    expect(() => sessions.exchange('made up')).toThrow('This link was used before');
  });

  it('ends with the key, and when there are too many', () => {
    const ofRevoked = sessions.createCode(grantFor('k'));
    end('k');
    expect(() => sessions.exchange(ofRevoked)).toThrow();
    const [first, second, third] = [1, 2, 3].map(() => sessions.createCode(grantFor('k2'))) as [
      string,
      string,
      string,
    ];
    expect(() => sessions.exchange(first)).toThrow();
    expect(sessions.exchange(second).tenantId).toBe('t');
    expect(sessions.exchange(third).tenantId).toBe('t');
    const kept = sessions.createCode(grantFor('k2'));
    for (let each = 0; each < 3; each++) sessions.createCode(grantFor('n', { tenantId: 'neighbour' }));
    expect(sessions.exchange(kept).tenantId).toBe('t');
  });
});

describe('a session', () => {
  it('is asked for after the API keys, and never shown for them', () => {
    expect(sessions.authenticate(apiKey)).toEqual(grantFor('real key'));
    expect(sessions.authenticate(undefined)).toBe('malformed');
    expect(sessions.authenticate('b'.repeat(32))).toBe('unknown');
  });

  it('ends with its key, with the key that opened it in another tenant, by itself, and as the oldest of too many', () => {
    const ended: string[] = [];
    bus.on('portalSessionEnded', ended, ({ portalSession }) => ended.push(portalSession));
    const opened = (of: string, by?: string) =>
      sessions.open(grantFor(of), by ? grantFor(by) : undefined).key;
    const portalSessionOf = (key: string) => (sessions.authenticate(key) as KeyGrant).portalSession ?? '';
    const isOpen = (key: string) => sessions.authenticate(key) !== 'unknown';

    const own = opened('k');
    end('other');
    expect(isOpen(own)).toBe(true);
    end('k');
    expect(isOpen(own)).toBe(false);

    const elsewhere = opened('master of another tenant', 'operator');
    const watched = portalSessionOf(elsewhere);
    end('operator');
    expect(isOpen(elsewhere)).toBe(false);
    // Those who watch the other tenant by it know no other key.
    expect(ended.splice(0)).toEqual([watched]);

    const closed = opened('k');
    const portalSession = portalSessionOf(closed);
    sessions.close(portalSession);
    sessions.close(portalSession);
    expect([isOpen(closed), ended.splice(0)]).toEqual([false, [portalSession]]);

    const neighbour = sessions.open(grantFor('n', { tenantId: 'neighbour' })).key;
    const first = opened('k');
    const oldest = portalSessionOf(first);
    const others = [opened('k'), opened('k')];
    expect([isOpen(first), ...others.map(isOpen), isOpen(neighbour)]).toEqual([false, true, true, true]);
    expect(ended).toEqual([oldest]);
  });

  it('is refused from the moment at which one of its keys has ended', () => {
    const { key } = sessions.open(grantFor('of another tenant'), grantFor('operator'));
    for (const ended of ['of another tenant', 'operator']) {
      over = new Set([ended]);
      expect(sessions.authenticate(key), ended).toBe('outside-validity');
    }
    over = new Set();
    expect(sessions.authenticate(key)).toMatchObject({ keyId: 'of another tenant' });
  });

  it('of a key that is valid until a moment ends at that moment', async () => {
    await using services = await TestServices.start();
    const toMs = services.clock.now() + 1000;
    const grant = services.accounts.authenticate(
      await services.key(['SETTINGS_W'], { to: toMs }),
    ) as KeyGrant;
    const { key } = services.sessions.open(grant);
    services.clock.advance(999);
    expect(services.sessions.authenticate(key)).toMatchObject({ keyId: grant.keyId });
    services.clock.advance(1);
    expect(services.sessions.authenticate(key)).toBe('outside-validity');
  });

  it('reaches beyond its tenant only when who opened it does', () => {
    const operator = grantFor('o', { operator: true });
    const grantOf = (key: string) => sessions.authenticate(key) as KeyGrant;
    expect(grantOf(sessions.open(grantFor('k'), operator).key)).toMatchObject({ keyId: 'k', operator: true });
    expect(grantOf(sessions.open(grantFor('k')).key).operator).toBeUndefined();
  });
});
