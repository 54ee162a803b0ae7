import type { EventBus } from '../bus/event-bus.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { roles } from '../contract/roles.ts';
import type { TenantJson } from '../contract/tenants.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import { Serial } from '../platform/serial.ts';
import type { Statement, Store } from '../store/types.ts';
import { accountsRepository, type TenantRow } from './accounts-repository.ts';
import { ApiKeys, type ApiKeysSettings } from './api-keys.ts';
import { type CaCertificateSettings, CaCertificates } from './ca-certificates.ts';
import { ClientCertificates } from './client-certificates.ts';
import { KeyChanges } from './key-changes.ts';
import { requireKeyText } from './key-documents.ts';
import { type KeyRateSettings, KeyRates } from './key-rates.ts';
import { endOf, hashKey, type KeyRecord, keyPattern } from './key-record.ts';
import { KeyRegistry } from './key-registry.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { TenantDirectory } from './tenant-directory.ts';
import type { KeyAuthenticator, KeyDebug, KeyGrant, KeyRefusal, KeyUse } from './types.ts';
import { UserSessions, type UserSessionsSettings } from './user-sessions.ts';

export interface AccountsParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Real time: certificates are valid by it, whatever the platform's time is. */
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly bus: EventBus<PlatformEvents>;
  readonly logger: Logger;
}

export interface AccountsSettings
  extends CaCertificateSettings,
    UserSessionsSettings,
    ApiKeysSettings,
    KeyRateSettings {
  /**
   * Text of the default tenant's master key, 32 hexadecimal characters. When it differs from the stored one
   * it takes its place, so a lost key is replaced by starting once with a new one.
   */
  readonly masterKey?: string | undefined;
  /** How often the time of last use is written and expired keys are looked for, in milliseconds. */
  readonly keyUpkeepPeriodMs: number;
  /** Most tenants of this instance. */
  readonly tenantMax: number;
}

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
export class AccountsService implements KeyAuthenticator, KeyDebug, KeyUse {
  readonly apiKeys: ApiKeys;
  readonly userSessions: UserSessions;
  readonly caCertificates: CaCertificates;
  readonly clientCertificates: ClientCertificates;
  readonly rates: KeyRates;
  private readonly parts: AccountsParts;
  private readonly settings: AccountsSettings;
  private readonly keys = new KeyRegistry();
  private readonly tenants = new TenantDirectory();
  private readonly changes: KeyChanges;
  private readonly upkeep: KeyUpkeep;

  constructor(parts: AccountsParts, settings: AccountsSettings) {
    this.parts = parts;
    this.settings = settings;
    const { keys } = this;
    const serial = new Serial();
    this.rates = new KeyRates(parts.wireClock, settings);
    const changes = new KeyChanges({ ...parts, keys, serial, rateLimit: this.rates.shown });
    this.changes = changes;
    this.upkeep = new KeyUpkeep({ ...parts, keys, changes: serial }, settings.keyUpkeepPeriodMs, (expired) =>
      changes.revoke(expired),
    );
    this.caCertificates = new CaCertificates({ ...parts, keys, changes: serial }, settings);
    this.clientCertificates = new ClientCertificates(keys, this.caCertificates, parts.wireClock);
    this.apiKeys = new ApiKeys({ ...parts, changes, caCertificates: this.caCertificates }, settings);
    this.userSessions = new UserSessions(changes, settings);
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
    const refusal = refusalOf(key, this.parts.clock.now());
    if (!key || refusal) return refusal ?? 'unknown';
    this.upkeep.noteUse(key, this.parts.clock.now());
    return key.grant;
  }

  mayBeUsed({ keyId }: KeyGrant): boolean {
    return refusalOf(this.keys.find(keyId), this.parts.clock.now()) === undefined;
  }

  /** A jump in time is no time without use: it ends no session of a person who is signed in. */
  clockMoves(fromMs: number, toMs: number): void {
    for (const key of this.keys.all()) {
      if (key.document.userId !== undefined && fromMs < endOf(key)) this.upkeep.setUse(key, toMs);
    }
  }

  inDebugMode({ keyId }: KeyGrant): boolean {
    const { debugUntilMs } = this.keys.find(keyId)?.document ?? {};
    return debugUntilMs !== undefined && this.parts.clock.now() < debugUntilMs;
  }

  noteUse({ keyId }: KeyGrant): void {
    const key = this.keys.find(keyId);
    if (key) this.upkeep.noteUse(key, this.parts.clock.now());
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
    masterKey = this.changes.newText(),
    beside: (tenantId: string) => readonly Statement[] = () => [],
  ): Promise<{ tenantId: string; masterKey: string }> {
    return this.changes.run(async () => {
      requireKeyText(masterKey);
      this.tenants.requireFreeName(name);
      this.requireRoom();
      const { clock, random, store } = this.parts;
      const tenant: TenantRow = { id: randomHex(random, 12), name, created: clock.now() };
      const tenantId = tenant.id;
      const key = this.changes.newRecord(tenantId, masterKey, {
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

  private requireRoom(): void {
    const { tenantMax } = this.settings;
    if (this.tenants.all().length < tenantMax) return;
    throw invalidParameter(`This would be more than ${tenantMax} tenants (setting tenantMax).`);
  }

  /** Who has the key of the first tenant runs this instance. */
  private makeOperator(master: KeyRecord): void {
    master.operator = true;
    this.keys.refreshRights(master);
  }
}

function refusalOf(key: KeyRecord | undefined, nowMs: number): KeyRefusal | undefined {
  if (!key) return 'unknown';
  if (!key.rights.active) return 'inactive';
  return nowMs < key.rights.fromMs || nowMs >= endOf(key) ? 'outside-validity' : undefined;
}
