import type { EventBus } from '../bus/event-bus.ts';
import type {
  ApiKeyJson,
  CreateApiKeyRequest,
  DebugModeRequest,
  UpdateApiKeyRequest,
} from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Clock } from '../platform/clock.ts';
import { accountsRepository } from './accounts-repository.ts';
import type { CaCertificates } from './ca-certificates.ts';
import { guardMaster, requireReach, requireWithin } from './key-authority.ts';
import type { KeyChanges } from './key-changes.ts';
import { changedDocument, newDocument } from './key-documents.ts';
import { hashKey, ownRights } from './key-record.ts';
import type { KeyRegistry } from './key-registry.ts';
import type { KeyGrant } from './types.ts';

export interface ApiKeysSettings {
  /** Most API keys of one tenant; sessions of users are not counted. */
  readonly keyMaxPerTenant: number;
}

/**
 * API keys as their owners make, change and delete them (manual 4.3). A key is made below another and allows no
 * more than that.
 */
export class ApiKeys {
  private readonly changes: KeyChanges;
  private readonly keys: KeyRegistry;
  private readonly caCertificates: CaCertificates;
  private readonly clock: Clock;
  private readonly bus: EventBus<PlatformEvents>;
  private readonly settings: ApiKeysSettings;

  constructor(
    parts: {
      changes: KeyChanges;
      caCertificates: CaCertificates;
      clock: Clock;
      bus: EventBus<PlatformEvents>;
    },
    settings: ApiKeysSettings,
  ) {
    this.settings = settings;
    this.changes = parts.changes;
    this.keys = parts.changes.keys;
    this.caCertificates = parts.caCertificates;
    this.clock = parts.clock;
    this.bus = parts.bus;
  }

  /** Keys of a tenant, oldest first. */
  list(tenantId: string): ApiKeyJson[] {
    return this.keys.ofTenant(tenantId).map((key) => this.changes.show(key));
  }

  /** @throws PlatformError `accounts.keyNotFound` */
  get(tenantId: string, keyId: string): ApiKeyJson {
    return this.changes.show(this.keys.get(tenantId, keyId));
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
      this.requireRoom(caller.tenantId);
      const value = this.changes.newText();
      const key = this.changes.newRecord(caller.tenantId, value, document);
      await this.changes.commit([accountsRepository.insertKey(key)]);
      this.keys.add(key);
      this.keys.refreshRights(key);
      return this.changes.show(key, value);
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
      const value = request.regenerateValue ? this.changes.newText() : undefined;
      const hash = value === undefined ? key.hash : hashKey(value);
      await this.changes.commit([accountsRepository.updateKey(key.id, hash, document)]);
      const renewed = hash === key.hash ? [] : [key];
      key.document = document;
      this.keys.changeHash(key, hash);
      this.changes.revoke(new Set([...renewed, ...this.keys.refreshRights(key)]));
      if (request.clientCert) {
        this.bus.emit('clientCertificatesChanged', { tenantId: caller.tenantId });
      }
      return this.changes.show(key, value);
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
      const untilMs = this.clock.now() + request.durationSeconds * 1000;
      const document = request.activated ? { ...rest, debugUntilMs: untilMs } : rest;
      await this.changes.commit([accountsRepository.updateKey(key.id, key.hash, document)]);
      key.document = document;
      return this.changes.show(key);
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
      await this.changes.remove([key, ...this.keys.below(key)]);
    });
  }

  private requireRoom(tenantId: string): void {
    const { keyMaxPerTenant } = this.settings;
    const kept = this.keys.ofTenant(tenantId).filter(({ document }) => document.userId === undefined);
    if (kept.length < keyMaxPerTenant) return;
    throw invalidParameter(
      `This would be more than ${keyMaxPerTenant} API keys (setting keyMaxPerTenant). Delete some first.`,
    );
  }
}
