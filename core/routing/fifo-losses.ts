import type { AuditLog } from '../audit/audit-log.ts';
import type { FifoQueue } from './fifo-queue.ts';

interface Losses {
  expired: number;
  overflow: number;
}

/** Counts what FIFOs had to drop, and tells the audit log of it: once for many, not once for each. */
export class FifoLosses {
  private readonly audit: AuditLog;
  private readonly losses = new Map<FifoQueue, Losses>();

  constructor(audit: AuditLog) {
    this.audit = audit;
  }

  count(queue: FifoQueue, why: keyof Losses): void {
    const losses = this.losses.get(queue) ?? { expired: 0, overflow: 0 };
    losses[why]++;
    this.losses.set(queue, losses);
  }

  /** Writes an audit message for each FIFO that has dropped messages since the last report. */
  report(): void {
    for (const [queue, { expired, overflow }] of this.losses) {
      const parts = [
        expired > 0 ? `${expired} waited longer than ${queue.ttlMs / 1000} s` : '',
        overflow > 0 ? `${overflow} did not fit into ${queue.maxBytes} bytes (the oldest go first)` : '',
      ].filter((part) => part !== '');
      this.audit.record(queue.tenantId, {
        level: 'error',
        category: 'notification',
        subcategory: 'fifo',
        type: 'logs_info',
        description: `FIFO ${queue.name} dropped ${expired + overflow} messages`,
        detailedDescription: `${parts.join('; ')}. Subscribe a consumer to fifo/${queue.name}, or raise the limit.`,
        source: {},
        content: { fifoName: queue.name, expired, overflow },
      });
    }
    this.losses.clear();
  }
}
