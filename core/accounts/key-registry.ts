import { PlatformError } from '../contract/errors.ts';
import { grantOf, type KeyRecord, ownRights } from './key-record.ts';
import { commonRights, isNarrower } from './key-rights.ts';

/** All API keys in memory, by id, by the hash of their text, and by the key they stand below. */
export class KeyRegistry {
  private readonly byHash = new Map<string, KeyRecord>();
  private readonly byId = new Map<string, KeyRecord>();
  /** Keys by the one right above them. */
  private readonly children = new Map<string, Set<KeyRecord>>();

  clear(): void {
    this.byHash.clear();
    this.byId.clear();
    this.children.clear();
  }

  all(): IterableIterator<KeyRecord> {
    return this.byId.values();
  }

  /** Keys of a tenant, oldest first. */
  ofTenant(tenantId: string): KeyRecord[] {
    return [...this.byId.values()].filter((key) => key.tenantId === tenantId);
  }

  has(key: KeyRecord): boolean {
    return this.byId.get(key.id) === key;
  }

  add(key: KeyRecord): void {
    this.byId.set(key.id, key);
    this.byHash.set(key.hash, key);
    const { parentId } = key.document;
    if (parentId === undefined) return;
    const siblings = this.children.get(parentId) ?? new Set();
    this.children.set(parentId, siblings.add(key));
  }

  remove(key: KeyRecord): void {
    this.byId.delete(key.id);
    this.byHash.delete(key.hash);
    const { parentId = '' } = key.document;
    const siblings = this.children.get(parentId);
    if (siblings?.delete(key) && siblings.size === 0) this.children.delete(parentId);
  }

  changeHash(key: KeyRecord, hash: string): void {
    this.byHash.delete(key.hash);
    key.hash = hash;
    this.byHash.set(hash, key);
  }

  find(keyId: string): KeyRecord | undefined {
    return this.byId.get(keyId);
  }

  findByHash(hash: string): KeyRecord | undefined {
    return this.byHash.get(hash);
  }

  /** @throws PlatformError `accounts.keyNotFound` */
  get(tenantId: string, keyId: string): KeyRecord {
    const key = this.byId.get(keyId);
    if (key?.tenantId === tenantId) return key;
    throw new PlatformError('accounts.keyNotFound', 'There is no API key of this id.', { details: keyId });
  }

  /**
   * The key that was made with the tenant, and above all others of it.
   * @throws PlatformError `accounts.tenantNotFound`
   */
  masterOf(tenantId: string): KeyRecord {
    for (const key of this.byId.values()) {
      if (key.tenantId === tenantId && key.document.parentId === undefined) return key;
    }
    throw new PlatformError('accounts.tenantNotFound', 'There is no tenant of this id.', {
      details: tenantId,
    });
  }

  /** Keys of a user's sessions, oldest first. */
  sessionsOf(userId: string): KeyRecord[] {
    return [...this.byId.values()].filter(({ document }) => document.userId === userId);
  }

  /** Every key below this one, parents before their children. */
  *below(key: KeyRecord): Generator<KeyRecord> {
    for (const child of this.children.get(key.id) ?? []) {
      yield child;
      yield* this.below(child);
    }
  }

  /** Works out the rights of a key and of all below it anew; returns those that allow less than before. */
  refreshRights(key: KeyRecord): KeyRecord[] {
    const narrower: KeyRecord[] = [];
    for (const each of [key, ...this.below(key)]) {
      const before = each.rights;
      const { parentId } = each.document;
      const parent = parentId === undefined ? undefined : this.byId.get(parentId);
      const own = ownRights(each.document);
      each.rights = parent ? commonRights(own, parent.rights) : own;
      each.grant = grantOf(each, each.rights);
      if (isNarrower(each.rights, before)) narrower.push(each);
    }
    return narrower;
  }
}
