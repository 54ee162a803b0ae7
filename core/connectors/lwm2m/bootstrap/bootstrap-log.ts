import type { AuditEntry, AuditLog } from '../../../audit/audit-log.ts';
import type { BootstrapEntry } from '../../../bootstrap/entry-record.ts';
import type { InventoryService } from '../../../inventory/inventory-service.ts';
import type { Logger } from '../../../platform/logger.ts';

/** What the audit log gets of bootstraps (facts 14), with the reason and never with a secret. */
export class BootstrapLog {
  private readonly parts: {
    readonly audit: Pick<AuditLog, 'record'>;
    readonly inventory: Pick<InventoryService, 'findInterface'>;
    readonly logger: Logger;
    operatorTenant(): string | undefined;
  };

  constructor(parts: BootstrapLog['parts']) {
    this.parts = parts;
  }

  /** A client was not let in, or its request was refused. @param isLast nothing more is told of it for a while */
  refused(entry: BootstrapEntry, peer: string, reason: string, isLast: boolean): void {
    this.record(entry, 'error', 'LwM2M bootstrap refused', reason, peer);
    if (isLast) this.tooOften(entry.tenantId, entry.endpointName, peer);
  }

  /** The client belongs to nobody. */
  unknown(pskIdentity: string, peer: string, reason: string, isLast: boolean): void {
    const tenantId = this.parts.operatorTenant();
    if (tenantId === undefined) return;
    this.parts.audit.record(tenantId, {
      ...{ ...audited, level: 'error', description: 'LwM2M bootstrap refused', detailedDescription: reason },
      source: { connector: 'lwm2m' },
      content: { pskIdentity, peer },
    });
    if (isLast) this.tooOften(tenantId, pskIdentity, peer);
  }

  failed(entry: BootstrapEntry, peer: string, reason: string): void {
    this.record(entry, 'error', 'LwM2M bootstrap failed', reason, peer);
  }

  finished(entry: BootstrapEntry, peer: string, servers: readonly string[]): void {
    this.record(entry, 'info', 'LwM2M bootstrap finished', `run servers: ${servers.join(', ')}`, peer);
  }

  private record(
    { tenantId, endpointName, security }: BootstrapEntry,
    level: AuditEntry['level'],
    description: string,
    detailedDescription: string,
    peer: string,
  ): void {
    const via = this.parts.inventory.findInterface(tenantId, 'lwm2m', endpointName);
    this.parts.audit.record(tenantId, {
      ...{ ...audited, level, description, detailedDescription },
      source: { ...(via && { deviceId: via.device.id }), nodeId: endpointName, connector: 'lwm2m' },
      content: { endpointName, pskIdentity: security.pskInfo.identity, peer },
    });
    this.parts.logger.info({ endpointName, peer, reason: detailedDescription }, description);
  }

  private tooOften(tenantId: string, nodeId: string, peer: string): void {
    this.parts.audit.record(tenantId, {
      ...{ ...audited, level: 'error', type: 'rate_limit_reached' },
      description: 'LwM2M client fails too often',
      detailedDescription:
        'It is not listened to for a while, and nothing is noted of it (settings coapsMaxFailures, coapsFailureWindowMs)',
      source: { nodeId, connector: 'lwm2m' },
      content: { peer },
    });
  }
}

const audited = {
  category: 'connectivity',
  subcategory: 'lwm2m',
  type: 'lwm2m_bootstrap_entry_log',
} as const;
