import type { AuditLog } from '../audit/audit-log.ts';
import type { FifoQueue, ReleaseReason } from './fifo-queue.ts';

interface Losses {
  expired: number;
  overflow: number;
  'too large': number;
}

/** Why a message is gone without a consumer, for its trace. */
export const dropReasons: Record<Exclude<ReleaseReason, 'acknowledged'>, string> = {
  expired: 'dropped, because it waited longer than the time to live of the FIFO',
  overflow: 'dropped as the oldest message, because the FIFO was full',
  'too large': 'dropped, because it alone is larger than maxLengthBytes of the FIFO',
  drained: 'removed by hand, with all that waited in the FIFO',
  'no consumer': 'dropped, because no consumer was there and the FIFO keeps nothing',
};

/** Counts what FIFOs had to drop, and tells the audit log of it: once for many, not once for each. */
export class FifoLosses {
  private readonly audit: AuditLog;
  private readonly losses = new Map<FifoQueue, Losses>();

  constructor(audit: AuditLog) {
    this.audit = audit;
  }

  count(queue: FifoQueue, why: keyof Losses): void {
    const losses = this.losses.get(queue) ?? { expired: 0, overflow: 0, 'too large': 0 };
    losses[why]++;
    this.losses.set(queue, losses);
  }

  /** Writes an audit message for each FIFO that has dropped messages since the last report. */
  report(): void {
    for (const [queue, { expired, overflow, 'too large': tooLarge }] of this.losses) {
      const parts = [
        expired > 0 ? `${expired} waited longer than ${queue.ttlMs / 1000} s` : '',
        tooLarge > 0 ? `${tooLarge} were each larger than its maxLengthBytes, ${queue.maxBytes}` : '',
        overflow > 0 ? `${overflow} did not fit into ${queue.maxBytes} bytes (the oldest go first)` : '',
      ].filter((part) => part !== '');
      this.audit.record(queue.tenantId, {
        level: 'error',
        category: 'notification',
        subcategory: 'fifo',
        type: 'logs_info',
        description: `FIFO ${queue.name} dropped ${expired + overflow + tooLarge} messages`,
        detailedDescription: `${parts.join('; ')}. Subscribe a consumer to fifo/${queue.name}, or raise the limit.`,
        source: {},
        content: { fifoName: queue.name, expired, overflow, ...(tooLarge > 0 && { tooLarge }) },
      });
    }
    this.losses.clear();
  }
}
