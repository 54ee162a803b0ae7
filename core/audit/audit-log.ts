import type { EventBus } from '../bus/event-bus.ts';
import type { AuditMessage } from '../contract/audit.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { shortenText } from '../contract/text.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { OldestRows } from '../store/oldest-rows.ts';
import type { Store } from '../store/types.ts';
import type { AuditQuery } from './audit-query.ts';
import { auditRepository } from './audit-repository.ts';

export interface AuditSettings {
  /** How many audit messages are kept, the newest. */
  readonly auditMaxMessages: number;
  /** Bytes of audit messages that are kept, the newest; they are in memory, which this bounds. */
  readonly auditMaxBytes: number;
}

/** What a part of the platform reports; the log adds the times. */
export type AuditEntry = Omit<AuditMessage, 'timestamp' | 'created'>;

/** Characters of any text of an audit message; what a client sent may be much longer. */
const longestText = 1000;

/** The tenants' log of what went wrong and what was done about it (facts 14). */
export class AuditLog {
  private readonly store: Store;
  private readonly bus: EventBus<PlatformEvents>;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly limits: OldestRows;
  private nextSeq = 1;

  constructor(parts: {
    store: Store;
    bus: EventBus<PlatformEvents>;
    clock: Clock;
    logger: Logger;
    settings: AuditSettings;
  }) {
    this.store = parts.store;
    this.bus = parts.bus;
    this.clock = parts.clock;
    this.logger = parts.logger;
    const { auditMaxMessages: rows, auditMaxBytes: bytes } = parts.settings;
    this.limits = new OldestRows(parts, auditRepository.aged, { rows, bytes });
  }

  async start(): Promise<void> {
    await this.limits.start();
    this.nextSeq = (await auditRepository.lastSeq(this.store)) + 1;
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    await this.limits.stop();
  }

  /** Notes an event of a tenant. Returns at once; the message is durable a moment later. */
  record(tenantId: string, entry: AuditEntry): void {
    const nowMs = this.clock.now();
    const seq = this.nextSeq++;
    const time = isoTime(nowMs);
    const message: AuditMessage = { timestamp: time, created: time, ...shortenTexts(entry) };
    const document = JSON.stringify(message);
    const insert = auditRepository.insert({ seq, tenantId, timestampMs: nowMs, document });
    this.store.append([insert], (error) => {
      if (error) this.logger.error({ err: error, message }, 'an audit message could not be stored');
      else this.limits.added(Buffer.byteLength(document));
    });
    this.bus.emit('auditRecorded', { tenantId, message });
  }

  /** @throws PlatformError `api.invalidParameter` for a field that is none */
  list(tenantId: string, query: AuditQuery): Promise<{ messages: AuditMessage[]; total: number }> {
    return auditRepository.list(this.store, tenantId, query);
  }
}

function shortenTexts(entry: AuditEntry): AuditEntry {
  const { description, detailedDescription, source, content } = entry;
  return {
    ...entry,
    description: shortenText(description, longestText),
    ...(detailedDescription !== undefined && {
      detailedDescription: shortenText(detailedDescription, longestText),
    }),
    source: shortenEach(source),
    ...(content && { content: shortenEach(content) }),
  };
}

function shortenEach<T extends object>(fields: T): T {
  const shorten = (value: unknown) => (typeof value === 'string' ? shortenText(value, longestText) : value);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shorten(value)])) as T;
}
