import type { AuditLog } from '../../audit/audit-log.ts';
import type { DeviceInterface } from '../../inventory/types.ts';

/** Tells the owner of a device what of it was not taken, and why. */
export class DeviceAudit {
  private readonly audit: Pick<AuditLog, 'record'>;

  constructor(audit: Pick<AuditLog, 'record'>) {
    this.audit = audit;
  }

  refused({ device, nodeId }: DeviceInterface, description: string, detailedDescription: string): void {
    this.audit.record(device.tenantId, {
      level: 'error',
      category: 'connectivity',
      subcategory: 'lwm2m',
      type: 'logs_info',
      description,
      detailedDescription,
      source: { deviceId: device.id, nodeId, connector: 'lwm2m' },
      content: {},
    });
  }
}
