import type { AuditMessage } from '../../../core/contract/audit.ts';

export interface AuditRow {
  readonly key: string;
  readonly message: AuditMessage;
}

/** Audit messages have no id: those of one moment are numbered from the oldest, so that a new one moves none. */
export function withKeys(messages: readonly AuditMessage[]): AuditRow[] {
  const seen = new Map<string, number>();
  return messages
    .toReversed()
    .map((message) => {
      const number = seen.get(message.timestamp) ?? 0;
      seen.set(message.timestamp, number + 1);
      return { key: `${message.timestamp} ${number}`, message };
    })
    .reverse();
}
