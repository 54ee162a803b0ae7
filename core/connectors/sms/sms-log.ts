import type { AuditLog } from '../../audit/audit-log.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { DebugRate } from '../debug-rate.ts';

/** Why something that came from the centre was dropped. */
export type SmsDropReason =
  | 'malformedPdu'
  | 'malformedMessage'
  | 'unexpectedPdu'
  | 'unknownDevice'
  | 'unknownServerNumber'
  | 'ambiguousDevice'
  | 'disabled'
  | 'incompleteMessage'
  | 'unknownReceipt'
  | 'notStored';

export interface SmsLogParts {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly wireClock: Clock;
  readonly logger: Logger;
  readonly settings: { readonly smsRefusalMaxPerSecond: number };
  /** Whose audit log tells of what concerns no tenant's device. */
  operatorTenant(): string | undefined;
}

/** Counts what was dropped, and tells who it may concern, in the audit log (facts 14). */
export class SmsLog {
  private readonly parts: SmsLogParts;
  private readonly rate: DebugRate;
  private readonly counts = new Map<SmsDropReason, number>();

  constructor(parts: SmsLogParts) {
    this.parts = parts;
    this.rate = new DebugRate(parts.wireClock, parts.settings.smsRefusalMaxPerSecond);
  }

  /** How often something was dropped, by reason, since the program started. */
  get dropped(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  /** Something was dropped that no device of a tenant is known to have sent. */
  drop(reason: SmsDropReason, what: string, numbers: Readonly<Record<string, string>> = {}): void {
    this.note(reason, this.parts.operatorTenant(), what, numbers);
  }

  /** Something of a known device was dropped. */
  dropOf(via: DeviceInterface, reason: SmsDropReason, what: string): void {
    this.note(reason, via.device.tenantId, what, { deviceId: via.device.id, nodeId: via.nodeId });
  }

  /** The connection to the centre has come or gone. */
  centre(level: 'info' | 'error', description: string, detailedDescription: string): void {
    const tenantId = this.parts.operatorTenant();
    if (tenantId === undefined) return;
    this.parts.audit.record(tenantId, {
      ...{ level, category: 'connectivity', subcategory: 'sms', type: 'sms_centre' },
      ...{ description, detailedDescription, source: { connector: 'sms' } },
    });
  }

  private note(
    reason: SmsDropReason,
    tenantId: string | undefined,
    what: string,
    source: Readonly<Record<string, string>>,
  ): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    if (tenantId === undefined) {
      this.parts.logger.warn({ ...source, reason: what }, 'a short message was dropped');
      return;
    }
    const omitted = this.rate.admit();
    if (omitted === undefined) return;
    this.parts.audit.record(tenantId, {
      ...{ level: 'error', category: 'connectivity', subcategory: 'sms', type: 'sms_network' },
      ...{ description: 'Short message dropped', detailedDescription: what },
      source: { connector: 'sms', ...source },
      content: { reason, ...(omitted > 0 && { omittedBefore: omitted }) },
    });
  }
}
