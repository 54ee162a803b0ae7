import { z } from 'zod';
import type { AuditLog } from '../../audit/audit-log.ts';
import { auditFields } from '../../audit/audit-query.ts';
import { auditMessage } from '../../contract/audit.ts';
import { invalidParameter } from '../../contract/invalid-parameter.ts';
import { queryInstant, queryInteger, v1List } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

/** Largest offset + limit (facts 14). */
const window = 10_000;

/** The audit log (facts 14). */
export function auditRoutes(audit: AuditLog): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v0/auditlog/messages',
      role: 'LOGS_R',
      tag: 'Audit log',
      summary: 'Read the audit log, newest first',
      description: `Any of these fields may be given as a filter for equal text: ${[...auditFields].join(', ')}.`,
      query: z.looseObject({
        from: queryInstant.optional().describe('Included'),
        to: queryInstant.optional().describe('Excluded'),
        limit: queryInteger({ min: 1, max: 1000, default: 100 }),
        offset: queryInteger({ min: 0, max: window, default: 0 }),
        sort: z.enum(['timestamp', '-timestamp']).default('-timestamp'),
        '@any': z.string().max(256).optional().describe('Text that must stand anywhere in the message'),
      }),
      response: z.array(auditMessage),
      handler: async ({ grant, query, wantsTotal }) => {
        const { from, to, limit, offset, sort, '@any': any, ...rest } = query;
        if (offset + limit > window) {
          throw invalidParameter(
            `offset + limit must not be above ${window}; narrow the search with from and to`,
          );
        }
        const equals: Record<string, string> = {};
        for (const [field, text] of Object.entries(rest)) {
          if (typeof text !== 'string') throw invalidParameter(`${field}: given more than once`);
          equals[field] = text;
        }
        const { messages, total } = await audit.list(grant.tenantId, {
          fromMs: from,
          toMs: to,
          offset,
          limit,
          oldestFirst: sort === 'timestamp',
          equals,
          any,
        });
        return v1List(messages, { limit, total: wantsTotal ? total : undefined });
      },
    }),
  ];
}
