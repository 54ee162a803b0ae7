import { plainNodeId } from '../../../contract/interface-kinds/interface-kind.ts';

/** Features of a node that a connector may stand for (manual 6.6.3). */
export const nodeFeatures = ['command', 'configuration', 'resource'] as const;
export type NodeFeature = (typeof nodeFeatures)[number];

/** Where a connector takes requests to its nodes (manual 6.6.2). */
export const requestTopics: Readonly<Record<NodeFeature, string>> = {
  command: 'connector/v1/requests/command',
  configuration: 'connector/v1/requests/configuration',
  resource: 'connector/v1/requests/resource',
};

export const featureOfTopic: ReadonlyMap<string, NodeFeature> = new Map(
  nodeFeatures.map((feature) => [requestTopics[feature], feature]),
);

/** What a connector may publish to (manual 6.6.2), by what the platform does with it. */
export type ConnectorPublication =
  | { readonly kind: 'status' | 'data'; readonly nodeId: string }
  | { readonly kind: 'command-answer' | 'configuration-answer' | 'configuration-report' }
  /** A topic of the manual whose feature this version does not offer yet. */
  | { readonly kind: 'reserved' }
  | { readonly kind: 'unknown'; readonly reason: string };

const fixed: Readonly<Record<string, ConnectorPublication>> = {
  'connector/v1/responses/command': { kind: 'command-answer' },
  'connector/v1/responses/configuration': { kind: 'configuration-answer' },
  'connector/v1/current/configuration': { kind: 'configuration-report' },
  'connector/v1/responses/resource': { kind: 'reserved' },
  'connector/v1/current/resource': { kind: 'reserved' },
};

const ofNode = /^connector\/v1\/nodes\/([^/]*)\/(status|data)$/;

export function classifyConnectorPublication(topic: string): ConnectorPublication {
  const known = fixed[topic];
  if (known) return known;
  const [, nodeId = '', kind] = ofNode.exec(topic) ?? [];
  if (kind === undefined) return { kind: 'unknown', reason: `${topic} is no topic of external connectors` };
  const problem = problemOfNodeId(nodeId);
  if (problem !== undefined)
    return { kind: 'unknown', reason: `node id ${JSON.stringify(nodeId)}: ${problem}` };
  return { kind: kind as 'status' | 'data', nodeId };
}

/** What is wrong with a node id (manual 5.5.5.2); undefined: nothing. */
export function problemOfNodeId(nodeId: unknown): string | undefined {
  if (typeof nodeId === 'string' && plainNodeId.test(nodeId)) return undefined;
  return 'must have 1 to 128 letters, digits, : - or _';
}
