import type { EventBus } from '../bus/event-bus.ts';
import type {
  ApiKeyJson,
  CreateApiKeyRequest,
  DebugModeRequest,
  UpdateApiKeyRequest,
} from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { type Role, roles } from '../contract/roles.ts';
import type { TenantJson } from '../contract/tenants.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import { Serial } from '../platform/serial.ts';
import type { Statement, Store } from '../store/types.ts';
import { accountsRepository, type TenantRow } from './accounts-repository.ts';
import { type CaCertificateSettings, CaCertificates } from './ca-certificates.ts';
import { ClientCertificates } from './client-certificates.ts';
import { guardMaster, requireReach, requireWithin } from './key-authority.ts';
import { changedDocument, newDocument, requireKeyText } from './key-documents.ts';
import {
  endOf,
  hashKey,
  type KeyDocument,
  type KeyRecord,
  keyPattern,
  ownRights,
  recordOf,
  toApiKeyJson,
} from './key-record.ts';
import { KeyRegistry } from './key-registry.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { TenantDirectory } from './tenant-directory.ts';
import type { KeyAuthenticator, KeyDebug, KeyGrant, KeyRefusal } from './types.ts';

export interface AccountsParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Real time: certificates are valid by it, whatever the platform's time is. */
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly bus: EventBus<PlatformEvents>;
  readonly logger: Logger;
}

export interface AccountsSettings extends CaCertificateSettings {
  /**
   * Text of the default tenant's master key, 32 hexadecimal characters. When it differs from the stored one
   * it takes its place, so a lost key is replaced by starting once with a new one.
   */
  readonly masterKey: string | undefined;
  /** How often the time of last use is written and expired keys are looked for, in milliseconds. */
  readonly upkeepPeriodMs: number;
  /** A user's session ends when it was not used for this long, in milliseconds. */
  readonly userSessionTtlMs: number;
  /** Most sessions of one user; one more ends the oldest. */
  readonly userMaxSessions: number;
}

const defaultSettings: AccountsSettings = {
  masterKey: undefined,
  upkeepPeriodMs: 5000,
  caCertificateMaxPerTenant: 10,
  caCertificateMinRsaBits: 2048,
  userSessionTtlMs: 8 * 60 * 60 * 1000,
  userMaxSessions: 20,
};
const defaultTenantName = 'default';

export interface AccountsStart {
  readonly tenantId: string;
  /** Text of a master key that was made now. It is shown this once and never again. */
  readonly newMasterKey?: string;
}

/**
 * Tenants and their API keys (manual 4.1, 4.3). All keys are in memory, found by the hash of their text, so
 * that a hot path asks without waiting. A key allows no more than the keys above it do at that time: what is
 * taken from a key is taken from those below it too. Changes resolve when they would survive a kill.
 */
export class AccountsService implements KeyAuthenticator, KeyDebug {
  readonly caCertificates: CaCertificates;
  readonly clientCertificates: ClientCertificates;
  private readonly parts: AccountsParts;
  private readonly settings: AccountsSettings;
  private readonly keys = new KeyRegistry();
  private readonly tenants = new TenantDirectory();
  /** Changes of keys and tenants, one after the other. */
  private readonly changes = new Serial();
  private readonly upkeep: KeyUpkeep;

  constructor(parts: AccountsParts, settings: Partial<AccountsSettings> = {}) {
    this.parts = parts;
    this.settings = { ...defaultSettings, ...settings };
    const { keys, changes } = this;
    this.upkeep = new KeyUpkeep({ ...parts, keys, changes }, this.settings.upkeepPeriodMs, (expired) =>
      this.revoke(expired),
    );
    this.caCertificates = new CaCertificates({ ...parts, keys, changes }, this.settings);
    this.clientCertificates = new ClientCertificates(keys, this.caCertificates, parts.wireClock);
  }

  /** Loads all keys, and makes the first tenant in an empty store. */
  async start(): Promise<AccountsStart> {
    const { store } = this.parts;
    const { masterKey } = this.settings;
    if (masterKey !== undefined) requireKeyText(masterKey);
    this.keys.clear();
    this.tenants.load(await accountsRepository.loadTenants(store));
    for (const key of await accountsRepository.loadKeys(store)) this.keys.add(key);
    await this.caCertificates.load();
    for (const key of this.keys.all()) if (key.document.parentId === undefined) this.keys.refreshRights(key);
    const started = await this.openDefaultTenant(masterKey);
    this.upkeep.start();
    return started;
  }

  /** Writes what is waiting. The keys stay usable. */
  async stop(): Promise<void> {
    await this.upkeep.stop();
  }

  authenticate(keyText: string | undefined): KeyGrant | KeyRefusal {
    if (keyText === undefined || !keyPattern.test(keyText)) return 'malformed';
    const key = this.keys.findByHash(hashKey(keyText));
    if (!key) return 'unknown';
    const { rights } = key;
    if (!rights.active) return 'inactive';
    const nowMs = this.parts.clock.now();
    if (nowMs < rights.fromMs || nowMs >= endOf(key)) return 'outside-validity';
    this.upkeep.noteUse(key, nowMs);
    return key.grant;
  }

  inDebugMode({ keyId }: KeyGrant): boolean {
    const { debugUntilMs } = this.keys.find(keyId)?.document ?? {};
    return debugUntilMs !== undefined && this.parts.clock.now() < debugUntilMs;
  }

  /** All tenants, oldest first. */
  tenantList(): TenantJson[] {
    return this.tenants.all().map(({ id }) => this.tenant(id));
  }

  /** @throws PlatformError `accounts.tenantNotFound` */
  tenant(tenantId: string): TenantJson {
    const { id, name, created } = this.tenants.get(tenantId);
    return { id, name, creationTs: created, masterApiKeyId: this.keys.masterOf(id).id };
  }

  /** @throws PlatformError `accounts.tenantDuplicate` */
  requireFreeTenantName(name: string): void {
    this.tenants.requireFreeName(name);
  }

  /**
   * What the master key of a tenant allows: all there is in it.
   * @throws PlatformError `accounts.tenantNotFound`
   */
  masterGrant(tenantId: string): KeyGrant {
    return this.keys.masterOf(tenantId).grant;
  }

  /**
   * Makes a tenant with its master key, whose text is answered here only.
   * @param beside what is stored in the same transaction, for example its first user.
   * @throws PlatformError `accounts.tenantDuplicate`
   */
  createTenant(
    name: string,
    masterKey = this.newKeyText(),
    beside: (tenantId: string) => readonly Statement[] = () => [],
  ): Promise<{ tenantId: string; masterKey: string }> {
    return this.changes.run(async () => {
      requireKeyText(masterKey);
      this.tenants.requireFreeName(name);
      const { clock, random, store } = this.parts;
      const tenant: TenantRow = { id: randomHex(random, 12), name, created: clock.now() };
      const tenantId = tenant.id;
      const key = this.newRecord(tenantId, masterKey, {
        label: 'master',
        description: 'Made with the tenant',
        roles,
        active: true,
        fifos: [],
      });
      await store.commit([
        accountsRepository.insertTenant(tenant),
        accountsRepository.insertKey(key),
        ...beside(tenantId),
      ]);
      this.tenants.add(tenant);
      this.keys.add(key);
      return { tenantId, masterKey };
    });
  }

  /** Keys of a tenant, oldest first. */
  list(tenantId: string): ApiKeyJson[] {
    return this.keys.ofTenant(tenantId).map((key) => this.show(key));
  }

  /** @throws PlatformError `accounts.keyNotFound` */
  get(tenantId: string, keyId: string): ApiKeyJson {
    return this.show(this.keys.get(tenantId, keyId));
  }

  /**
   * Makes a key below another: below the caller's own, or below `parentId`, which must be within the caller's
   * rights. What a user makes is below the master key, so that it outlives the session. The answer alone shows
   * the key's text.
   * @throws PlatformError `accounts.caNotFound`, `access.forbidden` when it would allow more than the caller or the parent may.
   */
  create(caller: KeyGrant, request: CreateApiKeyRequest): Promise<ApiKeyJson> {
    return this.changes.run(async () => {
      const asking = this.keys.get(caller.tenantId, caller.keyId);
      const named = request.parentId ? this.keys.get(caller.tenantId, request.parentId) : asking;
      if (named !== asking) requireWithin(named.rights, asking.rights, 'The parent key');
      const ofUser = named.document.userId !== undefined;
      const parent = ofUser ? this.keys.masterOf(caller.tenantId) : named;
      const document = newDocument(request, parent);
      this.caCertificates.requireAll(caller.tenantId, request.clientCert?.caCertIds ?? []);
      requireWithin(ownRights(document), parent.rights, 'The new key');
      requireWithin(ownRights(document), asking.rights, 'The new key');
      const value = this.newKeyText();
      const key = this.newRecord(caller.tenantId, value, document);
      await this.parts.store.commit([accountsRepository.insertKey(key)]);
      this.keys.add(key);
      this.keys.refreshRights(key);
      return this.show(key, value);
    });
  }

  /**
   * Changes a key that is within the caller's rights, or gives it a new text. Sessions of keys that allow
   * less now, or have another text, are told to end by `keyRevoked`.
   * @throws PlatformError `accounts.keyNotFound`, `accounts.caNotFound`, `access.forbidden`,
   *   `accounts.masterKey` when a master key would lose anything.
   */
  update(caller: KeyGrant, keyId: string, request: UpdateApiKeyRequest): Promise<ApiKeyJson> {
    return this.changes.run(async () => {
      const key = this.keys.get(caller.tenantId, keyId);
      const asking = this.keys.get(caller.tenantId, caller.keyId);
      requireReach(asking, key);
      const document = changedDocument(key, request);
      this.caCertificates.requireAll(caller.tenantId, request.clientCert?.caCertIds ?? []);
      if (document.parentId === undefined) {
        guardMaster(key, asking, document);
      } else {
        const parent = this.keys.get(caller.tenantId, document.parentId);
        for (const { rights } of [asking, parent]) {
          requireWithin(ownRights(document), rights, 'The changed key', request);
        }
      }
      const value = request.regenerateValue ? this.newKeyText() : undefined;
      const hash = value === undefined ? key.hash : hashKey(value);
      await this.parts.store.commit([accountsRepository.updateKey(key.id, hash, document)]);
      const renewed = hash === key.hash ? [] : [key];
      key.document = document;
      this.keys.changeHash(key, hash);
      this.revoke(new Set([...renewed, ...this.keys.refreshRights(key)]));
      if (request.clientCert) {
        this.parts.bus.emit('clientCertificatesChanged', { tenantId: caller.tenantId });
      }
      return this.show(key, value);
    });
  }

  /**
   * Switches the debug mode of a key, which writes its use over MQTT to the audit log for a while.
   * @throws PlatformError `accounts.keyNotFound`, `access.forbidden`
   */
  setDebugMode(caller: KeyGrant, keyId: string, request: DebugModeRequest): Promise<ApiKeyJson> {
    return this.changes.run(async () => {
      const key = this.keys.get(caller.tenantId, keyId);
      requireReach(this.keys.get(caller.tenantId, caller.keyId), key);
      const { debugUntilMs: _before, ...rest } = key.document;
      const untilMs = this.parts.clock.now() + request.durationSeconds * 1000;
      const document = request.activated ? { ...rest, debugUntilMs: untilMs } : rest;
      await this.parts.store.commit([accountsRepository.updateKey(key.id, key.hash, document)]);
      key.document = document;
      return this.show(key);
    });
  }

  /** Opens a user's session: a temporary key with the user's roles (manual 4.2). The answer alone shows it. */
  openSession(user: {
    id: string;
    tenantId: string;
    login: string;
    roles: readonly Role[];
  }): Promise<ApiKeyJson> {
    return this.changes.run(async () => {
      const { userSessionTtlMs, userMaxSessions } = this.settings;
      const value = this.newKeyText();
      const key = this.newRecord(user.tenantId, value, {
        label: 'session',
        description: `Session of ${user.login}`.slice(0, 140),
        parentId: this.keys.masterOf(user.tenantId).id,
        roles: user.roles,
        active: true,
        fifos: [],
        userId: user.id,
        sessionTtlMs: userSessionTtlMs,
      });
      const sessions = this.keys.sessionsOf(user.id);
      const surplus = sessions.slice(0, Math.max(0, sessions.length + 1 - userMaxSessions));
      await this.remove(surplus, [accountsRepository.insertKey(key)]);
      this.keys.add(key);
      return this.show(key, value);
    });
  }

  /**
   * Ends the sessions of a user.
   * @param keep id of the key of a session that stays
   * @param beside what is stored in the same transaction: the reason for the end
   */
  endSessions(userId: string, keep?: string, beside: readonly Statement[] = []): Promise<void> {
    return this.changes.run(() =>
      this.remove(
        this.keys.sessionsOf(userId).filter(({ id }) => id !== keep),
        beside,
      ),
    );
  }

  /** Ends the session of this very key. @throws PlatformError `accounts.notASession` */
  endSession(grant: KeyGrant): Promise<void> {
    return this.changes.run(async () => {
      const key = this.keys.get(grant.tenantId, grant.keyId);
      if (key.document.userId === undefined) {
        throw new PlatformError(
          'accounts.notASession',
          'This key is no session, so it cannot be logged out.',
          {
            details: 'A key is ended by DELETE /api/v0/apiKeys/{id}.',
          },
        );
      }
      await this.remove([key]);
    });
  }

  /**
   * Deletes a key and every key below it: what they allow came from it.
   * @throws PlatformError `accounts.keyNotFound`, `access.forbidden`, `accounts.masterKey`
   */
  delete(caller: KeyGrant, keyId: string): Promise<void> {
    return this.changes.run(async () => {
      const key = this.keys.get(caller.tenantId, keyId);
      if (key.document.parentId === undefined) {
        throw new PlatformError('accounts.masterKey', 'A master key cannot be deleted.');
      }
      requireReach(this.keys.get(caller.tenantId, caller.keyId), key);
      await this.remove([key, ...this.keys.below(key)]);
    });
  }

  private async remove(gone: readonly KeyRecord[], beside: readonly Statement[] = []): Promise<void> {
    const statements = [...beside, ...gone.map(({ id }) => accountsRepository.deleteKey(id))];
    if (statements.length > 0) await this.parts.store.commit(statements);
    for (const each of gone) this.keys.remove(each);
    this.revoke(gone);
  }

  private async openDefaultTenant(masterKey: string | undefined): Promise<AccountsStart> {
    const tenantId = this.tenants.findByName(defaultTenantName)?.id;
    if (tenantId === undefined) {
      const made = await this.createTenant(defaultTenantName, masterKey);
      this.makeOperator(this.keys.masterOf(made.tenantId));
      return { tenantId: made.tenantId, ...(masterKey === undefined && { newMasterKey: made.masterKey }) };
    }
    const master = this.keys.masterOf(tenantId);
    this.makeOperator(master);
    if (masterKey !== undefined && master.hash !== hashKey(masterKey)) {
      const hash = hashKey(masterKey);
      if (this.keys.findByHash(hash))
        throw new PlatformError('platform.setting', 'The master key given is the text of another key.');
      await this.parts.store.commit([accountsRepository.updateKey(master.id, hash, master.document)]);
      this.keys.changeHash(master, hash);
    }
    return { tenantId };
  }

  private newRecord(tenantId: string, keyText: string, document: KeyDocument): KeyRecord {
    const { clock, random } = this.parts;
    const hash = hashKey(keyText);
    if (this.keys.findByHash(hash)) throw new PlatformError('platform.setting', 'Another key has this text.');
    return recordOf({ id: randomHex(random, 12), tenantId, createdMs: clock.now(), hash, document });
  }

  /** Who has the key of the first tenant runs this instance. */
  private makeOperator(master: KeyRecord): void {
    master.operator = true;
    this.keys.refreshRights(master);
  }

  private show(key: KeyRecord, value?: string): ApiKeyJson {
    return toApiKeyJson(key, this.parts.clock.now(), value);
  }

  private newKeyText(): string {
    return randomHex(this.parts.random, 16);
  }

  private revoke(keys: Iterable<KeyRecord>): void {
    for (const { id, tenantId } of keys) this.parts.bus.emit('keyRevoked', { tenantId, keyId: id });
  }
}
