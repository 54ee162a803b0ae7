import type { EventBus } from '../bus/event-bus.ts';
import type { ApiKeyJson, CreateApiKeyRequest, UpdateApiKeyRequest } from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { roles } from '../contract/roles.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import type { Statement, Store } from '../store/types.ts';
import { accountsRepository } from './accounts-repository.ts';
import {
  grantOf,
  hashKey,
  type KeyDocument,
  type KeyRecord,
  keyPattern,
  ownRights,
  toApiKeyJson,
} from './key-record.ts';
import { commonRights, excess, isNarrower, type KeyRights } from './key-rights.ts';
import type { KeyAuthenticator, KeyGrant, KeyRefusal } from './types.ts';

export interface AccountsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly bus: EventBus<PlatformEvents>;
  readonly logger: Logger;
}

export interface AccountsSettings {
  /**
   * Text of the default tenant's master key, 32 hexadecimal characters. When it differs from the stored one
   * it takes its place, so a lost key is replaced by starting once with a new one.
   */
  readonly masterKey: string | undefined;
  /** How often the time of last use is written and expired keys are looked for, in milliseconds. */
  readonly upkeepPeriodMs: number;
}

const defaultSettings: AccountsSettings = { masterKey: undefined, upkeepPeriodMs: 5000 };
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
  private readonly parts: AccountsParts;
  private readonly settings: AccountsSettings;
  private readonly byHash = new Map<string, KeyRecord>();
  private readonly byId = new Map<string, KeyRecord>();
  private readonly used = new Set<KeyRecord>();
  private readonly tenants = new Map<string, { readonly name: string; readonly createdMs: number }>();
  /** Ends when the last change that was asked for has ended: changes happen one after the other. */
  private lastChange: Promise<unknown> = Promise.resolve();
  private upkeepTimer: Timer | undefined;
  private lastUpkeepMs = 0;

  constructor(parts: AccountsParts, settings: Partial<AccountsSettings> = {}) {
    this.parts = parts;
    this.settings = { ...defaultSettings, ...settings };
  }

  /** Loads all keys, and makes the first tenant in an empty store. */
  async start(): Promise<AccountsStart> {
    const { store, clock } = this.parts;
    const { masterKey } = this.settings;
    if (masterKey !== undefined) requireKeyText(masterKey);
    for (const { id, name, created } of await accountsRepository.loadTenants(store)) {
      this.tenants.set(id, { name, createdMs: created });
    }
    for (const key of await accountsRepository.loadKeys(store)) this.keep(key);
    for (const key of this.byId.values()) if (key.document.parentId === undefined) this.refreshRights(key);
    const started = await this.openDefaultTenant(masterKey);
    this.lastUpkeepMs = clock.now();
    this.upkeepTimer = clock.every('accounts.upkeep', this.settings.upkeepPeriodMs, () => void this.upkeep());
    return started;
  }

  /** Writes what is waiting. The keys stay usable. */
  async stop(): Promise<void> {
    this.upkeepTimer?.cancel();
    this.upkeepTimer = undefined;
    await this.upkeep();
  }

  authenticate(keyText: string | undefined): KeyGrant | KeyRefusal {
    if (keyText === undefined || !keyPattern.test(keyText)) return 'malformed';
    const key = this.byHash.get(hashKey(keyText));
    if (!key) return 'unknown';
    const { rights } = key;
    if (!rights.active) return 'inactive';
    const nowMs = this.parts.clock.now();
    if (nowMs < rights.fromMs || nowMs >= rights.toMs) return 'outside-validity';
    key.lastActivityMs = nowMs;
    this.used.add(key);
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
    return this.inTurn(async () => {
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
      this.keep(key);
      return { tenantId, masterKey };
    });
  }

  /** Keys of a tenant, oldest first. */
  list(tenantId: string): ApiKeyJson[] {
    const nowMs = this.parts.clock.now();
    return [...this.byId.values()]
      .filter((key) => key.tenantId === tenantId)
      .map((key) => toApiKeyJson(key, nowMs));
  }

  /** @throws PlatformError `accounts.keyNotFound` */
  get(tenantId: string, keyId: string): ApiKeyJson {
    return toApiKeyJson(this.find(tenantId, keyId), this.parts.clock.now());
  }

  /**
   * Makes a key below another: below the caller's own, or below `parentId`, which must be within the caller's
   * rights. The answer alone shows the key's text.
   * @throws PlatformError `access.forbidden` when it would allow more than the caller or the parent may.
   */
  create(caller: KeyGrant, request: CreateApiKeyRequest): Promise<ApiKeyJson> {
    return this.inTurn(async () => {
      refuseClientCertificate(request);
      const asking = this.find(caller.tenantId, caller.keyId);
      const parent = request.parentId ? this.find(caller.tenantId, request.parentId) : asking;
      if (parent !== asking) this.requireWithin(parent.rights, asking.rights, 'The parent key');
      const document: KeyDocument = {
        label: request.label,
        ...(request.description !== undefined && { description: request.description }),
        parentId: parent.id,
        roles: [...new Set(request.roles ?? [])],
        active: request.active ?? true,
        // A bound that is not asked for is the parent's.
        ...validity({
          from: request.from ?? finite(parent.rights.fromMs),
          to: request.to ?? finite(parent.rights.toMs),
        }),
        fifos: [...new Set(request.scope?.fifos.length ? request.scope.fifos : parent.rights.fifos)],
      };
      this.requireWithin(ownRights(document), parent.rights, 'The new key');
      this.requireWithin(ownRights(document), asking.rights, 'The new key');
      const value = this.newKeyText();
      const key = this.newRecord(caller.tenantId, value, document);
      await this.parts.store.commit([accountsRepository.insertKey(key)]);
      this.keep(key);
      this.refreshRights(key);
      return toApiKeyJson(key, this.parts.clock.now(), value);
    });
  }

  /**
   * Changes a key that is within the caller's rights, or gives it a new text. Sessions of keys that allow
   * less now, or have another text, are told to end by `keyRevoked`.
   * @throws PlatformError `accounts.keyNotFound`, `access.forbidden`, `accounts.masterKey` when a master key
   *   would lose anything.
   */
  update(caller: KeyGrant, keyId: string, request: UpdateApiKeyRequest): Promise<ApiKeyJson> {
    return this.inTurn(async () => {
      refuseClientCertificate(request);
      const key = this.find(caller.tenantId, keyId);
      const asking = this.find(caller.tenantId, caller.keyId);
      this.requireWithin(key.rights, asking.rights, 'The key');
      const document = changed(key, request);
      if (document.parentId === undefined) this.guardMaster(key, asking, document);
      else this.requireWithin(ownRights(document), asking.rights, 'The changed key', request);
      const value = request.regenerateValue ? this.newKeyText() : undefined;
      const hash = value === undefined ? key.hash : hashKey(value);
      await this.parts.store.commit([accountsRepository.updateKey(key.id, hash, document)]);
      key.document = document;
      this.byHash.delete(key.hash);
      const revoked = hash === key.hash ? [] : [key];
      key.hash = hash;
      this.byHash.set(hash, key);
      this.revoke([...new Set([...revoked, ...this.refreshRights(key)])]);
      return toApiKeyJson(key, this.parts.clock.now(), value);
    });
  }

  /**
   * Deletes a key and every key below it: what they allow came from it.
   * @throws PlatformError `accounts.keyNotFound`, `access.forbidden`, `accounts.masterKey`
   */
  delete(caller: KeyGrant, keyId: string): Promise<void> {
    return this.inTurn(async () => {
      const key = this.find(caller.tenantId, keyId);
      if (key.document.parentId === undefined) {
        throw new PlatformError('accounts.masterKey', 'A master key cannot be deleted.');
      }
      this.requireWithin(key.rights, this.find(caller.tenantId, caller.keyId).rights, 'The key');
      const gone = [key, ...this.below(key)];
      await this.parts.store.commit(gone.map(({ id }) => accountsRepository.deleteKey(id)));
      for (const each of gone) {
        this.byId.delete(each.id);
        this.byHash.delete(each.hash);
        this.used.delete(each);
      }
      this.revoke(gone);
    });
  }

  private async openDefaultTenant(masterKey: string | undefined): Promise<AccountsStart> {
    const tenantId = [...this.tenants].find(([, tenant]) => tenant.name === defaultTenantName)?.[0];
    if (tenantId === undefined) {
      const made = await this.createTenant(defaultTenantName, masterKey);
      return { tenantId: made.tenantId, ...(masterKey === undefined && { newMasterKey: made.masterKey }) };
    }
    const master = [...this.byId.values()].find(
      (key) => key.tenantId === tenantId && key.document.parentId === undefined,
    );
    if (masterKey !== undefined && master && master.hash !== hashKey(masterKey)) {
      const hash = hashKey(masterKey);
      if (this.byHash.has(hash))
        throw new PlatformError('platform.setting', 'The master key given is the text of another key.');
      await this.parts.store.commit([accountsRepository.updateKey(master.id, hash, master.document)]);
      this.byHash.delete(master.hash);
      master.hash = hash;
      this.byHash.set(hash, master);
    }
    return { tenantId };
  }

  private guardMaster(key: KeyRecord, asking: KeyRecord, document: KeyDocument): void {
    if (asking !== key)
      throw new PlatformError('accounts.masterKey', 'A master key is changed by itself only.');
    if (isNarrower(ownRights(document), key.rights)) {
      throw new PlatformError(
        'accounts.masterKey',
        'A master key cannot be switched off or lose roles, FIFOs or time.',
      );
    }
  }

  /** @param request when given, only what it asks for is held against the limit: the rest was there before. */
  private requireWithin(
    rights: KeyRights,
    limit: KeyRights,
    what: string,
    request?: UpdateApiKeyRequest,
  ): void {
    const beyond = excess(rights, limit).filter((field) => !request || asksFor(request, field));
    if (beyond.length === 0) return;
    throw new PlatformError(
      'access.forbidden',
      `${what} goes beyond what the key that asks, or its parent, may do.`,
      {
        details: beyond.join('; '),
      },
    );
  }

  private find(tenantId: string, keyId: string): KeyRecord {
    const key = this.byId.get(keyId);
    if (key?.tenantId === tenantId) return key;
    throw new PlatformError('accounts.keyNotFound', 'There is no API key of this id.', { details: keyId });
  }

  private keep(key: KeyRecord): void {
    this.byId.set(key.id, key);
    this.byHash.set(key.hash, key);
  }

  private newRecord(tenantId: string, keyText: string, document: KeyDocument): KeyRecord {
    const { clock, random } = this.parts;
    const id = randomHex(random, 12);
    const rights = ownRights(document);
    const hash = hashKey(keyText);
    if (this.byHash.has(hash)) throw new PlatformError('platform.setting', 'Another key has this text.');
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

  private *below(key: KeyRecord): Generator<KeyRecord> {
    for (const child of this.byId.values()) {
      if (child.document.parentId !== key.id) continue;
      yield child;
      yield* this.below(child);
    }
  }

  /** Works out the rights of a key and of all below it anew; returns those that allow less than before. */
  private refreshRights(key: KeyRecord): KeyRecord[] {
    const narrower: KeyRecord[] = [];
    for (const each of [key, ...this.below(key)]) {
      const before = each.rights;
      const parent = each.document.parentId === undefined ? undefined : this.byId.get(each.document.parentId);
      const own = ownRights(each.document);
      each.rights = parent ? commonRights(own, parent.rights) : own;
      each.grant = grantOf(each.id, each.tenantId, each.rights);
      if (isNarrower(each.rights, before)) narrower.push(each);
    }
    return narrower;
  }

  private revoke(keys: readonly KeyRecord[]): void {
    for (const { id, tenantId } of keys) this.parts.bus.emit('keyRevoked', { tenantId, keyId: id });
  }

  /** Ends sessions of keys that have run out since the last time, and writes times of last use. */
  private async upkeep(): Promise<void> {
    const nowMs = this.parts.clock.now();
    const since = this.lastUpkeepMs;
    this.lastUpkeepMs = nowMs;
    this.revoke([...this.byId.values()].filter(({ rights }) => rights.toMs > since && rights.toMs <= nowMs));
    if (this.used.size === 0) return;
    await this.inTurn(async () => {
      const used = [...this.used];
      this.used.clear();
      const statements: Statement[] = used.map((key) => {
        const { lastActivityMs } = key;
        return accountsRepository.updateKey(key.id, key.hash, {
          ...key.document,
          ...(lastActivityMs !== undefined && { lastActivityMs }),
        });
      });
      await this.parts.store.commit(statements).catch((error: unknown) => {
        for (const key of used) if (this.byId.has(key.id)) this.used.add(key);
        this.parts.logger.warn({ error }, 'times of last use of API keys were not stored');
      });
    });
  }

  private inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const mine = this.lastChange.then(change);
    this.lastChange = mine.catch(() => {});
    return mine;
  }
}

function requireKeyText(text: string): void {
  if (keyPattern.test(text)) return;
  throw new PlatformError('platform.setting', 'A master key must be 32 hexadecimal characters.');
}

/** Silence here would let a client in that its owner believes is kept out. */
function refuseClientCertificate({
  clientCert,
}: {
  clientCert?: { required: boolean; caCertIds: string[] } | null | undefined;
}): void {
  if (!clientCert || (!clientCert.required && clientCert.caCertIds.length === 0)) return;
  throw new PlatformError('api.notOffered', 'Client certificates are not offered yet.', {
    details: 'clientCert',
  });
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

function validity(bounds: { from: number | undefined; to: number | undefined }): {
  fromMs?: number;
  toMs?: number;
} {
  const { from, to } = bounds;
  if (from !== undefined && to !== undefined && from >= 0 && to >= 0 && from >= to) {
    throw new PlatformError('api.invalidParameter', 'The submitted parameter is not valid.', {
      details: 'body.to: must be after body.from',
    });
  }
  return {
    ...(from !== undefined && from >= 0 && { fromMs: from }),
    ...(to !== undefined && to >= 0 && { toMs: to }),
  };
}

function changed({ document }: KeyRecord, request: UpdateApiKeyRequest): KeyDocument {
  const { fromMs, toMs, description, ...rest } = document;
  const newDescription = request.description ?? description;
  return {
    ...rest,
    ...(newDescription !== undefined && { description: newDescription }),
    ...validity({ from: request.from ?? fromMs, to: request.to ?? toMs }),
    ...(request.label !== undefined && { label: request.label }),
    ...(request.roles && { roles: [...new Set(request.roles)] }),
    ...(request.active !== undefined && { active: request.active }),
    ...(request.scope && { fifos: [...new Set(request.scope.fifos)] }),
  };
}

function asksFor(request: UpdateApiKeyRequest, field: string): boolean {
  if (field.startsWith('roles')) return request.roles !== undefined;
  if (field.startsWith('scope')) return Boolean(request.scope);
  return field.startsWith('from') ? request.from != null : request.to != null;
}
