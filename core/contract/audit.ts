import { z } from 'zod';

/** Who or what an audit message is about (facts 14). */
export const auditSource = z.object({
  deviceId: z.string().optional(),
  nodeId: z.string().optional(),
  connector: z.string().optional(),
  gatewayId: z.string().optional(),
  actionPolicyId: z.string().optional(),
  pipelineId: z.string().optional(),
  campaignId: z.string().optional(),
  eventProcessingRuleId: z.string().optional(),
});

export const auditMessage = z.object({
  timestamp: z.iso.datetime().describe('When it happened'),
  created: z.iso.datetime().describe('When it was written'),
  level: z.enum(['info', 'error']),
  category: z.enum(['connectivity', 'data', 'device_management', 'notification']),
  subcategory: z.string(),
  type: z.string(),
  description: z.string(),
  detailedDescription: z.string().optional(),
  source: auditSource,
  content: z.record(z.string(), z.unknown()).optional(),
});

export type AuditMessage = z.infer<typeof auditMessage>;
export type AuditSource = z.infer<typeof auditSource>;
