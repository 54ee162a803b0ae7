import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { DeviceEvent } from '../../live/live-store.ts';

export interface Happened {
  readonly key: string;
  readonly time: string;
  readonly audit?: AuditMessage;
  readonly event?: DeviceEvent;
}

/** One timeline of audit messages and events, newest first. */
export function mergeActivity(
  messages: readonly AuditMessage[],
  events: readonly DeviceEvent[],
): readonly Happened[] {
  const fromAudit = messages.map((audit, index) => ({
    key: `audit ${audit.timestamp} ${messages.length - index}`,
    time: audit.timestamp,
    audit,
  }));
  const fromEvents = events.map((event, index) => ({
    key: `event ${event.time} ${events.length - index}`,
    time: event.time,
    event,
  }));
  return [...fromAudit, ...fromEvents].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
}
