import type { BootstrapEntry } from './entry-record.ts';

/** Entries in memory: by tenant and name, in the order of names, and by identity. */
export class EntryIndex {
  private readonly byTenant = new Map<string, Map<string, BootstrapEntry>>();
  private readonly byIdentity = new Map<string, BootstrapEntry>();
  /** Names in order, of the tenants whose were asked for since they changed. */
  private readonly sorted = new Map<string, readonly string[]>();

  clear(): void {
    for (const map of [this.byTenant, this.byIdentity, this.sorted]) map.clear();
  }

  /** Takes an entry in, in the place of the one of its name. */
  put(entry: BootstrapEntry): void {
    const { tenantId, endpointName } = entry;
    const ofTenant = this.byTenant.get(tenantId) ?? new Map<string, BootstrapEntry>();
    this.byTenant.set(tenantId, ofTenant);
    const before = ofTenant.get(endpointName);
    if (before) this.byIdentity.delete(before.security.pskInfo.identity);
    else this.sorted.delete(tenantId);
    ofTenant.set(endpointName, entry);
    this.byIdentity.set(entry.security.pskInfo.identity, entry);
  }

  remove({ tenantId, endpointName, security }: BootstrapEntry): void {
    this.byTenant.get(tenantId)?.delete(endpointName);
    this.byIdentity.delete(security.pskInfo.identity);
    this.sorted.delete(tenantId);
  }

  find(tenantId: string, endpointName: string): BootstrapEntry | undefined {
    return this.byTenant.get(tenantId)?.get(endpointName);
  }

  findByIdentity(identity: string): BootstrapEntry | undefined {
    return this.byIdentity.get(identity);
  }

  count(tenantId: string): number {
    return this.byTenant.get(tenantId)?.size ?? 0;
  }

  all(tenantId: string): BootstrapEntry[] {
    return [...(this.byTenant.get(tenantId)?.values() ?? [])];
  }

  page(
    tenantId: string,
    { after, limit, offset }: { after?: string | undefined; limit: number; offset: number },
  ) {
    const names = this.namesOf(tenantId);
    const start = after === undefined ? 0 : names.findIndex((name) => name > after);
    if (start < 0) return [];
    const wanted = names.slice(start + offset, start + offset + limit);
    return wanted.map((name) => this.find(tenantId, name) as BootstrapEntry);
  }

  private namesOf(tenantId: string): readonly string[] {
    let names = this.sorted.get(tenantId);
    if (!names) {
      names = [...(this.byTenant.get(tenantId)?.keys() ?? [])].sort();
      this.sorted.set(tenantId, names);
    }
    return names;
  }
}
