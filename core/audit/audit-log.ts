import { sql } from 'kysely';
import type { EventBus } from '../bus/event-bus.ts';
import type { AuditMessage } from '../contract/audit.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { shortenText } from '../contract/text.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Store } from '../store/types.ts';
import { type AuditSettings, AuditTrim } from './audit-trim.ts';

/** What a part of the platform reports; the log adds the times. */
export type AuditEntry = Omit<AuditMessage, 'timestamp' | 'created'>;

export interface AuditQuery {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly offset: number;
  readonly limit: number;
  readonly oldestFirst: boolean;
  /** Field path (`level`, `source.deviceId`) to the text it must have. */
  readonly equals: Readonly<Record<string, string>>;
  /** Text that must stand somewhere in the message. */
  readonly any?: string | undefined;
}

/** Fields that a query may name. */
export const auditFields = new Set([
  'level',
  'category',
  'subcategory',
  'type',
  'description',
  'source.deviceId',
  'source.nodeId',
  'source.connector',
  'source.gatewayId',
  'source.actionPolicyId',
  'source.pipelineId',
  'source.campaignId',
  'source.eventProcessingRuleId',
]);

/** Characters of any text of an audit message; what a client sent may be much longer. */
const longestText = 1000;

/** The tenants' log of what went wrong and what was done about it (facts 14). */
export class AuditLog {
  private readonly store: Store;
  private readonly bus: EventBus<PlatformEvents>;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly limits: AuditTrim;
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
    this.limits = new AuditTrim(parts);
  }

  async start(): Promise<void> {
    await this.limits.start();
    const [row] = await this.store.query<{ last: number | null }>(
      sqlBuilder
        .selectFrom('audit_messages')
        .select(({ fn }) => fn.max('seq').as('last'))
        .compile(),
    );
    this.nextSeq = (row?.last ?? 0) + 1;
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
    const insert = sqlBuilder
      .insertInto('audit_messages')
      .values({ seq, tenant_id: tenantId, timestamp: nowMs, document })
      .compile();
    this.store.append([insert], (error) => {
      if (error) this.logger.error({ err: error, message }, 'an audit message could not be stored');
      else this.limits.added(Buffer.byteLength(document));
    });
    this.bus.emit('auditRecorded', { tenantId, message });
  }

  async list(tenantId: string, query: AuditQuery): Promise<{ messages: AuditMessage[]; total: number }> {
    let matching = sqlBuilder.selectFrom('audit_messages').where('tenant_id', '=', tenantId);
    if (query.fromMs !== undefined) matching = matching.where('timestamp', '>=', query.fromMs);
    if (query.toMs !== undefined) matching = matching.where('timestamp', '<', query.toMs);
    for (const [field, text] of Object.entries(query.equals)) {
      matching = matching.where(fieldExpression(field), '=', text);
    }
    if (query.any !== undefined) {
      const pattern = `%${query.any.replace(/[\\%_]/g, '\\$&')}%`;
      matching = matching.where(sql<boolean>`document LIKE ${pattern} ESCAPE '\\'`);
    }
    const order = query.oldestFirst ? 'asc' : 'desc';
    const page = matching
      .select('document')
      .orderBy('timestamp', order)
      .orderBy('seq', order)
      .limit(query.limit)
      .offset(query.offset);
    const count = matching.select(({ fn }) => fn.countAll<number>().as('total'));
    const [rows, totals] = await Promise.all([
      this.store.query<{ document: string }>(page.compile()),
      this.store.query<{ total: number }>(count.compile()),
    ]);
    const messages = rows.map((row) => JSON.parse(row.document) as AuditMessage);
    return { messages, total: totals[0]?.total ?? 0 };
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

function fieldExpression(field: string) {
  if (!auditFields.has(field)) {
    throw invalidParameter(`${field} is not a field to filter by; use one of ${[...auditFields].join(', ')}`);
  }
  const [outer, inner] = field.split('.') as [string, string?];
  return inner === undefined
    ? sql<string>`document ->> ${sql.lit(outer)}`
    : sql<string>`document -> ${sql.lit(outer)} ->> ${sql.lit(inner)}`;
}
