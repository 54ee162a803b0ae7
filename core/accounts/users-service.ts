import type { ApiKeyJson } from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { profileRoles, type Role } from '../contract/roles.ts';
import type { NewTenant, NewUser } from '../contract/tenants.ts';
import type {
  ChangePasswordRequest,
  CreateUserRequest,
  UpdateUserRequest,
  UserJson,
} from '../contract/users.ts';
import type { Clock } from '../platform/clock.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import { Serial } from '../platform/serial.ts';
import type { Store } from '../store/types.ts';
import type { AccountsService } from './accounts-service.ts';
import { PasswordCheck, type PasswordCheckSettings } from './password-check.ts';
import { hashPassword, makePassword } from './passwords.ts';
import type { KeyGrant } from './types.ts';
import { toUserJson, type UserDocument, type UserRecord } from './user-record.ts';
import { UserRegistry } from './user-registry.ts';
import { userRepository } from './user-repository.ts';

export interface UsersParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly accounts: AccountsService;
}

export interface UsersSettings extends PasswordCheckSettings {
  /** Most users of one tenant. */
  readonly userMaxPerTenant: number;
}

/**
 * Users of all tenants (manual 4.2). A user may do in the API what its roles say, and nobody may give to a user,
 * or take over from one, more than he has himself. Changes resolve when they would survive a kill.
 */
export class UsersService {
  readonly users = new UserRegistry();
  readonly checks: PasswordCheck;
  /** Changes of users, one after the other. */
  private readonly changes = new Serial();
  private readonly parts: UsersParts;
  private readonly settings: UsersSettings;

  constructor(parts: UsersParts, settings: UsersSettings) {
    this.parts = parts;
    this.settings = settings;
    this.checks = new PasswordCheck(parts.clock, settings, (user, untilMs) =>
      this.noteLock(user.id, untilMs),
    );
  }

  /** Loads all users; call it after the accounts have started. */
  async start(): Promise<void> {
    this.users.load(await userRepository.load(this.parts.store));
    for (const { id, document } of this.users.all()) {
      if (document.lockedUntilMs !== undefined) this.checks.guard.lock(id, document.lockedUntilMs);
    }
  }

  /** Users of a tenant, oldest first. */
  list(tenantId: string): UserJson[] {
    return [...this.users.all()].filter((user) => user.tenantId === tenantId).map((user) => this.show(user));
  }

  /** @throws PlatformError `accounts.userNotFound` */
  get(tenantId: string, id: string): UserJson {
    return this.show(this.users.get(tenantId, id));
  }

  /**
   * Makes a user with a part of the caller's roles. A password that is not given is made, and is in this answer
   * alone.
   * @throws PlatformError `accounts.userDuplicate`, `access.forbidden`
   */
  async create(caller: KeyGrant, request: CreateUserRequest): Promise<UserJson> {
    const roles = rolesOf(request) ?? [];
    requireRoles(caller, roles, 'The new user');
    const made = request.password === undefined ? makePassword(this.parts.random) : undefined;
    const password = await hashPassword(request.password ?? made ?? '', this.parts.random);
    return this.changes.run(async () => {
      const email = request.email ?? undefined;
      this.users.requireFree([request.login, email]);
      this.requireRoom(caller.tenantId);
      const user = this.newRecord(caller.tenantId, request.login, password, {
        ...(email !== undefined && { email }),
        ...(request.language != null && { language: request.language }),
        roles,
      });
      await this.parts.store.commit([userRepository.insert(user)]);
      this.users.put(user);
      return this.show(user, made);
    });
  }

  /**
   * Changes a user who may do no more than the caller. One who gets other roles or is not enabled any more loses
   * his sessions.
   * @throws PlatformError `accounts.userNotFound`, `accounts.userDuplicate`, `access.forbidden`
   */
  update(caller: KeyGrant, id: string, request: UpdateUserRequest): Promise<UserJson> {
    return this.changes.run(async () => {
      const user = this.users.get(caller.tenantId, id);
      const roles = rolesOf(request);
      requireRoles(caller, user.document.roles, 'The user');
      requireRoles(caller, roles ?? [], 'The changed user');
      const { email, language, login = user.login, state = user.document.state, locked } = request;
      this.users.requireFree([login, email ?? undefined], user);
      const { lockedUntilMs, email: emailBefore, language: languageBefore, ...rest } = user.document;
      const changed: UserRecord = {
        ...user,
        login,
        document: {
          ...rest,
          ...given('email', email, emailBefore),
          ...given('language', language, languageBefore),
          ...(roles && { roles }),
          ...(lockedUntilMs !== undefined && locked === undefined && { lockedUntilMs }),
          state,
          updatedMs: this.parts.clock.now(),
        },
      };
      const ends = state !== 'enabled' || (roles !== undefined && !sameRoles(roles, user.document.roles));
      await this.store(changed, ends ? 'all sessions' : undefined);
      if (locked === false) this.checks.guard.forget(id);
      return this.show(changed);
    });
  }

  /**
   * Sets a password and ends the user's other sessions. One's own needs the old one; another's, the role USER_W
   * and no fewer roles than that user has.
   * @throws PlatformError `accounts.userNotFound`, `access.forbidden`, `access.credentials`, `accounts.userLocked`
   */
  async changePassword(caller: KeyGrant, id: string, request: ChangePasswordRequest): Promise<void> {
    const user = this.users.get(caller.tenantId, id);
    const isOwn = caller.userId === id;
    if (!isOwn) {
      requireRoles(caller, ['USER_W', ...user.document.roles], 'The user');
    } else if (request.oldPassword === undefined) {
      throw invalidParameter('body.oldPassword: needed to change one’s own password');
    } else {
      await this.checks.require(() => this.users.find(id), user.login, request.oldPassword);
    }
    const password = await hashPassword(request.newPassword, this.parts.random);
    await this.changes.run(async () => {
      const { lockedUntilMs: _ended, ...document } = this.users.get(caller.tenantId, id).document;
      const updatedMs = this.parts.clock.now();
      const changed = {
        ...this.users.get(caller.tenantId, id),
        password,
        document: { ...document, updatedMs },
      };
      await this.store(changed, isOwn ? { allBut: caller.keyId } : 'all sessions');
      this.checks.guard.forget(id);
    });
  }

  /** Deletes a user who may do no more than the caller, and ends his sessions. The keys he made stay. */
  delete(caller: KeyGrant, id: string): Promise<void> {
    return this.changes.run(async () => {
      const user = this.users.get(caller.tenantId, id);
      requireRoles(caller, user.document.roles, 'The user');
      await this.parts.accounts.userSessions.endOf(id, undefined, [userRepository.delete(id)]);
      this.users.remove(id);
      this.checks.guard.forget(id);
    });
  }

  /**
   * Opens a session for a user whose password was checked.
   * @throws PlatformError `accounts.userDisabled`, `access.credentials` when the user has gone meanwhile
   */
  openSession(id: string): Promise<{ apiKey: ApiKeyJson; user: UserRecord }> {
    return this.changes.run(async () => {
      const user = this.users.find(id);
      if (!user) throw new PlatformError('access.credentials', 'The login or the password is wrong.');
      const { state, lockedUntilMs: _over, ...document } = user.document;
      if (state !== 'enabled') {
        throw new PlatformError('accounts.userDisabled', `This user is ${state}.`, {
          details: 'Who may change users can enable it: POST /api/v0/users/{id} with {"state":"enabled"}.',
        });
      }
      const { tenantId, login } = user;
      const apiKey = await this.parts.accounts.userSessions.open({
        id,
        tenantId,
        login,
        roles: document.roles,
      });
      await this.store({ ...user, document: { ...document, state, lastLoginMs: this.parts.clock.now() } });
      return { apiKey, user };
    });
  }

  /**
   * Makes a tenant with its master key and its first user, an administrator (manual 2.5.2, 4.1). Both secrets are
   * in this answer alone.
   * @throws PlatformError `accounts.tenantDuplicate`
   */
  createTenant(name: string): Promise<NewTenant> {
    return this.changes.run(async () => {
      const { accounts } = this.parts;
      accounts.requireFreeTenantName(name);
      const { password, admin } = await this.prepareAdmin(adminLogin(name));
      let user: UserRecord | undefined;
      const { tenantId, masterKey } = await accounts.createTenant(name, undefined, (ofTenant) => {
        user = this.newRecord(ofTenant, admin.login, password, { roles: profileRoles.ADMIN });
        return [userRepository.insert(user)];
      });
      if (user) this.users.put(user);
      return { ...accounts.tenant(tenantId), masterKey, admin };
    });
  }

  /** Makes the first administrator of a tenant that has no user. */
  createFirstAdmin(tenantId: string): Promise<NewUser> {
    return this.changes.run(async () => {
      const { password, admin } = await this.prepareAdmin('admin');
      const user = this.newRecord(tenantId, admin.login, password, { roles: profileRoles.ADMIN });
      await this.parts.store.commit([userRepository.insert(user)]);
      this.users.put(user);
      return admin;
    });
  }

  private async prepareAdmin(wanted: string): Promise<{ password: string; admin: NewUser }> {
    const { random } = this.parts;
    let login = wanted;
    while (this.users.findByName(login)) login = `${wanted}-${randomHex(random, 2)}`;
    const text = makePassword(random);
    return { password: await hashPassword(text, random), admin: { login, password: text } };
  }

  private newRecord(
    tenantId: string,
    login: string,
    password: string,
    rest: Pick<UserDocument, 'email' | 'language' | 'roles'>,
  ): UserRecord {
    const nowMs = this.parts.clock.now();
    return {
      id: randomHex(this.parts.random, 12),
      ...{ tenantId, login, password, createdMs: nowMs },
      document: { ...rest, state: 'enabled', updatedMs: nowMs },
    };
  }

  /** Stores a changed user; `ends` says which of his sessions do not outlive the change. */
  private async store(user: UserRecord, ends?: 'all sessions' | { readonly allBut: string }): Promise<void> {
    const update = userRepository.update(user);
    const { accounts, store } = this.parts;
    if (ends === undefined) await store.commit([update]);
    else
      await accounts.userSessions.endOf(user.id, ends === 'all sessions' ? undefined : ends.allBut, [update]);
    this.users.put(user);
  }

  private noteLock(id: string, untilMs: number): Promise<void> {
    return this.changes.run(async () => {
      const user = this.users.find(id);
      if (user) await this.store({ ...user, document: { ...user.document, lockedUntilMs: untilMs } });
    });
  }

  private requireRoom(tenantId: string): void {
    const { userMaxPerTenant } = this.settings;
    if (this.list(tenantId).length < userMaxPerTenant) return;
    throw invalidParameter(
      `This would be more than ${userMaxPerTenant} users (setting userMaxPerTenant). Delete some first.`,
    );
  }

  private show(user: UserRecord, password?: string): UserJson {
    return toUserJson(user, this.parts.clock.now(), password);
  }
}

/** A field of a user after a change: not given, it stays; null takes it away. */
function given<N extends string>(name: N, now: string | null | undefined, before: string | undefined) {
  const value = now === undefined ? before : (now ?? undefined);
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]: string });
}

/** @throws PlatformError `api.invalidParameter` when both are given */
function rolesOf({
  roles,
  profile,
}: Pick<CreateUserRequest, 'roles' | 'profile'>): readonly Role[] | undefined {
  if (roles && profile) throw invalidParameter('body.profile: give either roles or profile');
  return profile ? profileRoles[profile] : roles && [...new Set(roles)];
}

function sameRoles(a: readonly Role[], b: readonly Role[]): boolean {
  return a.length === b.length && a.every((role) => b.includes(role));
}

/** Roles that reach FIFOs. */
const busRoles: ReadonlySet<Role> = new Set(['BUS_R', 'BUS_W', 'BUS_CONFIG_R', 'BUS_CONFIG_W']);

/**
 * A user reaches all FIFOs that his roles lead to, so a key that is limited to some may not give him such a role.
 * @throws PlatformError `access.forbidden` when the caller lacks one of the roles, or the freedom
 */
function requireRoles(caller: KeyGrant, wanted: readonly Role[], what: string): void {
  const lacking = wanted.filter((role) => !caller.roles.has(role));
  const unlimited = caller.fifos ? wanted.filter((role) => busRoles.has(role)) : [];
  if (lacking.length + unlimited.length === 0) return;
  const hint = unlimited.length > 0 ? '; the key is limited by scope.fifos, and users are not' : '';
  throw new PlatformError('access.forbidden', `${what} may do more than the key that asks.`, {
    details: `roles: ${[...new Set([...lacking, ...unlimited])].join(', ')}${hint}`,
  });
}

/** Login of the first user of a tenant: its name in the letters that a login may have (facts 13). */
function adminLogin(tenantName: string): string {
  const plain = tenantName.normalize('NFKD').replace(/\p{M}/gu, '');
  return `admin-${plain.replace(/[^a-zA-Z0-9_]+/g, '-')}`.replace(/-+/g, '-').replace(/-$/, '');
}
