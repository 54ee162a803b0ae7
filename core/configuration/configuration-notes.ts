import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { ConfigurationReport } from '../connectors/connector.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import type { ConfigurationRecord } from './configuration-record.ts';

/** What the audit log is told of configurations. */
export class ConfigurationNotes {
  private readonly audit: AuditLog;

  constructor(audit: AuditLog) {
    this.audit = audit;
  }

  /** A report that answers nothing which is waited for, or parts of which cannot be used. */
  noteReport(via: DeviceInterface, record: ConfigurationRecord, report: ConfigurationReport): void {
    const { correlation, problems } = report;
    if (problems.length > 0) {
      this.record(via, correlation, {
        level: 'error',
        description: 'Part of a configuration was refused',
        detailedDescription: `${problems.join('; ')}. The other parameters were taken.`,
      });
    }
    if (correlation === undefined) return;
    const asked = [...record.parameters.values()].filter(
      ({ delivery }) => delivery?.correlation === correlation,
    );
    if (asked.length === 0) {
      this.record(via, correlation, {
        level: 'error',
        description: 'Answer to an unknown configuration request',
        detailedDescription:
          'No parameter of this device was last asked for with this identifier. The values were taken as a report.',
      });
    } else if (!asked.some(({ status }) => status === 'SENT')) {
      this.record(via, correlation, {
        level: 'info',
        description: 'Answer that no configuration request waited for',
        detailedDescription: `It is late or repeated; the parameters are ${asked.map(({ status }) => status).join(', ')}. The values were taken as a report.`,
      });
    }
  }

  /** A device that was there did not answer, for the last time. */
  noteSilence(
    via: { tenantId: string; deviceId: string; nodeId: string; connector: string },
    correlation: number,
    keys: readonly string[],
    attempts: number,
  ): void {
    const { tenantId, ...source } = via;
    this.audit.record(tenantId, {
      ...common,
      level: 'error',
      description: 'Configuration was not answered',
      detailedDescription: `The device was sent ${keys.join(', ')} and did not answer, ${attempts} times. It is not sent again.`,
      source,
      content: { correlation },
    });
  }

  /** A connectivity could not carry it. */
  noteFailure(source: AuditEntry['source'], tenantId: string, reason: string, correlation: number): void {
    this.audit.record(tenantId, {
      ...common,
      level: 'error',
      description: 'Configuration was not delivered',
      detailedDescription: reason,
      source,
      content: { correlation },
    });
  }

  /** The topic to be told of changes leads nowhere. */
  noteLostNotice(tenantId: string, deviceId: string, topic: string): void {
    this.audit.record(tenantId, {
      ...common,
      level: 'error',
      description: 'Change of a configuration was not told',
      detailedDescription: `There is no ${topic}, which notifyTo names. Make the FIFO, or set another notifyTo.`,
      source: { deviceId },
    });
  }

  private record(
    via: DeviceInterface,
    correlation: number | undefined,
    what: Pick<AuditEntry, 'level' | 'description' | 'detailedDescription'>,
  ): void {
    this.audit.record(via.device.tenantId, {
      ...common,
      ...what,
      source: { deviceId: via.device.id, nodeId: via.nodeId, connector: via.connector },
      ...(correlation !== undefined && { content: { correlation } }),
    });
  }
}

const common = {
  category: 'device_management',
  subcategory: 'configuration',
  type: 'logs_info',
} as const;
