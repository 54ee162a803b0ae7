import type { EventBus } from '../bus/event-bus.ts';
import type { ApiKeyJson, CreateApiKeyRequest, UpdateApiKeyRequest } from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { roles } from '../contract/roles.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import { Serial } from '../platform/serial.ts';
import type { Store } from '../store/types.ts';
import { accountsRepository } from './accounts-repository.ts';
import { type CaCertificateSettings, CaCertificates } from './ca-certificates.ts';
import { ClientCertificates } from './client-certificates.ts';
import { guardMaster, requireReach, requireWithin } from './key-authority.ts';
import { changedDocument, newDocument, requireKeyText } from './key-documents.ts';
import {
  grantOf,
  hashKey,
  type KeyDocument,
  type KeyRecord,
  keyPattern,
  ownRights,
  toApiKeyJson,
} from './key-record.ts';
import { KeyRegistry } from './key-registry.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import type { KeyAuthenticator, KeyGrant, KeyRefusal } from './types.ts';

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
}

const defaultSettings: AccountsSettings = {
  masterKey: undefined,
  upkeepPeriodMs: 5000,
  caCertificateMaxPerTenant: 10,
  caCertificateMinRsaBits: 2048,
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
export class AccountsService implements KeyAuthenticator {
  readonly caCertificates: CaCertificates;
  readonly clientCertificates: ClientCertificates;
  private readonly parts: AccountsParts;
  private readonly settings: AccountsSettings;
  private readonly keys = new KeyRegistry();
  private readonly tenants = new Map<string, { readonly name: string; readonly createdMs: number }>();
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
    this.tenants.clear();
    for (const { id, name, created } of await accountsRepository.loadTenants(store)) {
      this.tenants.set(id, { name, createdMs: created });
    }
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
    if (nowMs < rights.fromMs || nowMs >= rights.toMs) return 'outside-validity';
    this.upkeep.noteUse(key, nowMs);
    return key.grant;
  }

  tenantIds(): string[] {
    return [...this.tenants.keys()];
  }

  /**
   * Makes a tenant with its master key, whose text is answered here only.
   * @throws PlatformError `accounts.tenantDuplicate`
   */
  createTenant(
    name: string,
    masterKey = this.newKeyText(),
  ): Promise<{ tenantId: string; masterKey: string }> {
    return this.changes.run(async () => {
      requireKeyText(masterKey);
      if ([...this.tenants.values()].some((tenant) => tenant.name === name)) {
        throw new PlatformError('accounts.tenantDuplicate', 'A tenant of this name exists.', {
          details: name,
        });
      }
      const { clock, random, store } = this.parts;
      const tenantId = randomHex(random, 12);
      const createdMs = clock.now();
      const key = this.newRecord(tenantId, masterKey, {
        label: 'master',
        description: 'Made with the tenant',
        roles,
        active: true,
        fifos: [],
      });
      await store.commit([
        accountsRepository.insertTenant({ id: tenantId, name, created: createdMs }),
        accountsRepository.insertKey(key),
      ]);
      this.tenants.set(tenantId, { name, createdMs });
      this.keys.add(key);
      return { tenantId, masterKey };
    });
  }

  /** Keys of a tenant, oldest first. */
  list(tenantId: string): ApiKeyJson[] {
    const nowMs = this.parts.clock.now();
    return this.keys.ofTenant(tenantId).map((key) => toApiKeyJson(key, nowMs));
  }

  /** @throws PlatformError `accounts.keyNotFound` */
  get(tenantId: string, keyId: string): ApiKeyJson {
    return toApiKeyJson(this.keys.get(tenantId, keyId), this.parts.clock.now());
  }

  /**
   * Makes a key below another: below the caller's own, or below `parentId`, which must be within the caller's
   * rights. The answer alone shows the key's text.
   * @throws PlatformError `accounts.caNotFound`, `access.forbidden` when it would allow more than the caller or the parent may.
   */
  create(caller: KeyGrant, request: CreateApiKeyRequest): Promise<ApiKeyJson> {
    return this.changes.run(async () => {
      const asking = this.keys.get(caller.tenantId, caller.keyId);
      const parent = request.parentId ? this.keys.get(caller.tenantId, request.parentId) : asking;
      if (parent !== asking) requireWithin(parent.rights, asking.rights, 'The parent key');
      const document = newDocument(request, parent);
      this.caCertificates.requireAll(caller.tenantId, request.clientCert?.caCertIds ?? []);
      requireWithin(ownRights(document), parent.rights, 'The new key');
      requireWithin(ownRights(document), asking.rights, 'The new key');
      const value = this.newKeyText();
      const key = this.newRecord(caller.tenantId, value, document);
      await this.parts.store.commit([accountsRepository.insertKey(key)]);
      this.keys.add(key);
      this.keys.refreshRights(key);
      return toApiKeyJson(key, this.parts.clock.now(), value);
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
      return toApiKeyJson(key, this.parts.clock.now(), value);
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
      const gone = [key, ...this.keys.below(key)];
      await this.parts.store.commit(gone.map(({ id }) => accountsRepository.deleteKey(id)));
      for (const each of gone) this.keys.remove(each);
      this.revoke(gone);
    });
  }

  private async openDefaultTenant(masterKey: string | undefined): Promise<AccountsStart> {
    const tenantId = [...this.tenants].find(([, tenant]) => tenant.name === defaultTenantName)?.[0];
    if (tenantId === undefined) {
      const made = await this.createTenant(defaultTenantName, masterKey);
      return { tenantId: made.tenantId, ...(masterKey === undefined && { newMasterKey: made.masterKey }) };
    }
    const master = this.keys.ofTenant(tenantId).find((key) => key.document.parentId === undefined);
    if (masterKey !== undefined && master && master.hash !== hashKey(masterKey)) {
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
    const id = randomHex(random, 12);
    const rights = ownRights(document);
    const hash = hashKey(keyText);
    if (this.keys.findByHash(hash)) throw new PlatformError('platform.setting', 'Another key has this text.');
    return {
      id,
      tenantId,
      createdMs: clock.now(),
      hash,
      document,
      lastActivityMs: undefined,
      rights,
      grant: grantOf(id, tenantId, rights),
    };
  }

  private newKeyText(): string {
    return randomHex(this.parts.random, 16);
  }

  private revoke(keys: Iterable<KeyRecord>): void {
    for (const { id, tenantId } of keys) this.parts.bus.emit('keyRevoked', { tenantId, keyId: id });
  }
}
