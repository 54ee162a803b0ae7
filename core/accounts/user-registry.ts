import { PlatformError } from '../contract/errors.ts';
import type { UserRecord } from './user-record.ts';

/** Logins and addresses are compared without regard to case. */
const fold = (text: string): string => text.toLowerCase();

/** All users in memory, by id and by the names they sign in with. */
export class UserRegistry {
  private readonly byId = new Map<string, UserRecord>();
  private readonly byName = new Map<string, UserRecord>();

  load(users: readonly UserRecord[]): void {
    this.byId.clear();
    this.byName.clear();
    for (const user of users) this.put(user);
  }

  all(): IterableIterator<UserRecord> {
    return this.byId.values();
  }

  /** Adds a user, or takes the place of the one with its id. */
  put(user: UserRecord): void {
    this.dropNames(user.id);
    this.byId.set(user.id, user);
    for (const name of namesOf(user)) this.byName.set(fold(name), user);
  }

  remove(id: string): void {
    this.dropNames(id);
    this.byId.delete(id);
  }

  /** By login or e-mail address. */
  findByName(name: string): UserRecord | undefined {
    return this.byName.get(fold(name));
  }

  find(id: string): UserRecord | undefined {
    return this.byId.get(id);
  }

  /** @throws PlatformError `accounts.userNotFound` */
  get(tenantId: string, id: string): UserRecord {
    const user = this.byId.get(id);
    if (user?.tenantId === tenantId) return user;
    throw new PlatformError('accounts.userNotFound', 'There is no user of this id.', { details: id });
  }

  /**
   * The names must be free in the whole instance: who signs in names no tenant.
   * @throws PlatformError `accounts.userDuplicate`
   */
  requireFree(names: readonly (string | undefined)[], except?: UserRecord): void {
    for (const name of names) {
      const other = name === undefined ? undefined : this.findByName(name);
      if (!other || other.id === except?.id) continue;
      throw new PlatformError('accounts.userDuplicate', 'This login or e-mail address is taken.', {
        details: `${name} signs in to this platform already; choose another.`,
      });
    }
  }

  private dropNames(id: string): void {
    const before = this.byId.get(id);
    for (const name of before ? namesOf(before) : []) this.byName.delete(fold(name));
  }
}

function namesOf({ login, document }: UserRecord): string[] {
  return document.email === undefined ? [login] : [login, document.email];
}
