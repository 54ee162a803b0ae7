import type { AuditEntry } from '../../core/audit/audit-log.ts';
import type { SmscRefusal } from '../../simulators/sms/smsc/smsc-log.ts';

/** What the audit log says of something that the short message centre did not take (facts 14). */
export function smscAuditEntry({
  reason,
  what,
  remoteAddress,
  systemId,
  omittedBefore,
}: SmscRefusal): AuditEntry {
  return {
    ...{ level: 'error', category: 'connectivity', subcategory: 'sms', type: 'smsc' },
    ...{ description: 'The simulated short message centre refused something', detailedDescription: what },
    source: { connector: 'sms' },
    content: {
      ...{ reason, remoteAddress },
      ...(systemId !== undefined && { systemId }),
      ...(omittedBefore > 0 && { omittedBefore }),
    },
  };
}
