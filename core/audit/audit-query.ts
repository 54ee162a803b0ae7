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
