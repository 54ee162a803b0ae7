import type { ApiKeyJson } from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import type { Role } from '../contract/roles.ts';
import type { Statement } from '../store/types.ts';
import { accountsRepository } from './accounts-repository.ts';
import type { KeyChanges } from './key-changes.ts';
import type { KeyGrant } from './types.ts';

export interface UserSessionsSettings {
  /** A user's session ends when it was not used for this long, in milliseconds. */
  readonly userSessionTtlMs: number;
  /** Most sessions of one user; one more ends the oldest. */
  readonly userMaxSessions: number;
}

/** Sessions of users who signed in: temporary API keys with the roles of the user (manual 4.2). */
export class UserSessions {
  private readonly changes: KeyChanges;
  private readonly settings: UserSessionsSettings;

  constructor(changes: KeyChanges, settings: UserSessionsSettings) {
    this.changes = changes;
    this.settings = settings;
  }

  /** Opens a user's session: a temporary key with the user's roles (manual 4.2). The answer alone shows it. */
  open(user: { id: string; tenantId: string; login: string; roles: readonly Role[] }): Promise<ApiKeyJson> {
    return this.changes.run(async () => {
      const { userSessionTtlMs, userMaxSessions } = this.settings;
      const value = this.changes.newText();
      const key = this.changes.newRecord(user.tenantId, value, {
        label: 'session',
        description: `Session of ${user.login}`.slice(0, 140),
        parentId: this.changes.keys.masterOf(user.tenantId).id,
        roles: user.roles,
        active: true,
        fifos: [],
        userId: user.id,
        sessionTtlMs: userSessionTtlMs,
      });
      const sessions = this.changes.keys.sessionsOf(user.id);
      const surplus = sessions.slice(0, Math.max(0, sessions.length + 1 - userMaxSessions));
      await this.changes.remove(surplus, [accountsRepository.insertKey(key)]);
      this.changes.keys.add(key);
      return this.changes.show(key, value);
    });
  }

  /**
   * Ends the sessions of a user.
   * @param keep id of the key of a session that stays
   * @param beside what is stored in the same transaction: the reason for the end
   */
  endOf(userId: string, keep?: string, beside: readonly Statement[] = []): Promise<void> {
    return this.changes.run(() =>
      this.changes.remove(
        this.changes.keys.sessionsOf(userId).filter(({ id }) => id !== keep),
        beside,
      ),
    );
  }

  /** Ends the session of this very key. @throws PlatformError `accounts.notASession` */
  end(grant: KeyGrant): Promise<void> {
    return this.changes.run(async () => {
      const key = this.changes.keys.get(grant.tenantId, grant.keyId);
      if (key.document.userId === undefined) {
        throw new PlatformError(
          'accounts.notASession',
          'This key is no session, so it cannot be logged out.',
          {
            details: 'A key is ended by DELETE /api/v0/apiKeys/{id}.',
          },
        );
      }
      await this.changes.remove([key]);
    });
  }
}
