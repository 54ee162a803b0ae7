import { PlatformError } from '../contract/errors.ts';
import type { TenantRow } from './accounts-repository.ts';

/** All tenants in memory, oldest first. */
export class TenantDirectory {
  private readonly byId = new Map<string, TenantRow>();

  load(tenants: readonly TenantRow[]): void {
    this.byId.clear();
    for (const tenant of tenants) this.add(tenant);
  }

  add(tenant: TenantRow): void {
    this.byId.set(tenant.id, tenant);
  }

  all(): TenantRow[] {
    return [...this.byId.values()];
  }

  findByName(name: string): TenantRow | undefined {
    return this.all().find((tenant) => tenant.name === name);
  }

  /** @throws PlatformError `accounts.tenantNotFound` */
  get(id: string): TenantRow {
    const tenant = this.byId.get(id);
    if (tenant) return tenant;
    throw new PlatformError('accounts.tenantNotFound', 'There is no tenant of this id.', { details: id });
  }

  /** @throws PlatformError `accounts.tenantDuplicate` */
  requireFreeName(name: string): void {
    if (!this.findByName(name)) return;
    throw new PlatformError('accounts.tenantDuplicate', 'A tenant of this name exists.', { details: name });
  }
}
