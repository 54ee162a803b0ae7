import type { EventBus } from '../bus/event-bus.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { PortalSession } from '../contract/sessions.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import { hashKey } from './key-record.ts';
import type { KeyAuthenticator, KeyGrant, KeyRefusal, KeyValidity } from './types.ts';

export interface PortalSessionsSettings {
  /** Most links to the portal of one tenant that wait to be opened; one more ends the oldest. */
  readonly portalMaxLinks: number;
  /** Most sessions of the portal that links of one tenant opened; one more ends the oldest. */
  readonly portalMaxSessions: number;
}

/**
 * Sessions of the portal: keys that live in memory, allow what the key that opened them allows, and are had for
 * a code that works once. Who holds a link that was printed on the machine's own terminal needs no login.
 */
export class PortalSessions implements KeyAuthenticator {
  private readonly keys: KeyAuthenticator & KeyValidity;
  private readonly bus: EventBus<PlatformEvents>;
  private readonly random: RandomSource;
  private readonly settings: PortalSessionsSettings;
  private readonly codes = new Map<string, KeyGrant>();
  private readonly sessions = new Map<string, OpenSession>();

  constructor(
    parts: { keys: KeyAuthenticator & KeyValidity; bus: EventBus<PlatformEvents>; random: RandomSource },
    settings: PortalSessionsSettings,
  ) {
    this.settings = settings;
    this.keys = parts.keys;
    this.bus = parts.bus;
    this.random = parts.random;
  }

  start(): void {
    this.bus.on('keyRevoked', this, ({ keyId }) => {
      for (const [code, grant] of this.codes) if (grant.keyId === keyId) this.codes.delete(code);
      for (const [name, { grant, openedBy }] of this.sessions) {
        // Who watches by the key itself hears of it from the same event; in another tenant nobody does.
        if (grant.keyId === keyId) this.sessions.delete(name);
        else if (openedBy.keyId === keyId) this.close(name);
      }
    });
  }

  stop(): void {
    this.bus.release(this);
  }

  /** A key of a session, or else any API key. */
  authenticate(keyText: string | undefined): KeyGrant | KeyRefusal {
    const granted = this.keys.authenticate(keyText);
    if (granted !== 'unknown' || keyText === undefined) return granted;
    const session = this.sessions.get(hashKey(keyText));
    if (!session) return granted;
    // It ends at the very moment of the keys that it came from, before upkeep has told.
    const isOver = [session.grant, session.openedBy].some((each) => !this.keys.mayBeUsed(each));
    return isOver ? 'outside-validity' : session.grant;
  }

  /** A code for one session that allows what `grant` does. */
  createCode(grant: KeyGrant): string {
    const code = randomHex(this.random, 16);
    this.codes.set(code, grant);
    const ofTenant = [...this.codes].filter(([, each]) => each.tenantId === grant.tenantId);
    for (const [old] of beyond(ofTenant, this.settings.portalMaxLinks)) this.codes.delete(old);
    return code;
  }

  /** @throws PlatformError `access.unauthorized` when the code is unknown or was used before. */
  exchange(code: string): PortalSession {
    const grant = this.codes.get(code);
    if (!grant) {
      throw new PlatformError('access.unauthorized', 'This link was used before, or is not of this run.', {
        details: 'Restart the program for a new link, or sign in with an API key.',
      });
    }
    this.codes.delete(code);
    return this.open(grant);
  }

  /**
   * A session at once, for a window of the program itself, or in another tenant.
   * @param by who opens it in another tenant: it ends when that key does, and can do there what `by` can do for
   *   the whole instance
   */
  open(grant: KeyGrant, by: KeyGrant = grant): PortalSession {
    const key = randomHex(this.random, 16);
    const portalSession = hashKey(key);
    const session = { ...grant, ...(by.operator && { operator: by.operator }), portalSession };
    this.sessions.set(portalSession, { grant: session, openedBy: by });
    const ofTenant = [...this.sessions].filter(([, { openedBy }]) => openedBy.tenantId === by.tenantId);
    for (const [old] of beyond(ofTenant, this.settings.portalMaxSessions)) this.close(old);
    return { key, tenantId: grant.tenantId };
  }

  /** Ends a session, whose live sockets are told to close. */
  close(portalSession: string): void {
    const session = this.sessions.get(portalSession);
    if (session && this.sessions.delete(portalSession))
      this.bus.emit('portalSessionEnded', { portalSession });
  }
}

interface OpenSession {
  readonly grant: KeyGrant;
  /** The key that opened it. */
  readonly openedBy: KeyGrant;
}

/** The oldest of them, which are too many; no tenant can end what another one has. */
const beyond = <T>(oldestFirst: readonly T[], most: number): readonly T[] =>
  oldestFirst.slice(0, Math.max(0, oldestFirst.length - most));
