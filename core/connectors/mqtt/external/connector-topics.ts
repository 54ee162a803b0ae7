import type { NodeFeature } from '../../../contract/external-connectors.ts';
import { plainNodeId } from '../../../contract/interface-kinds/interface-kind.ts';

/** Where a connector takes requests to its nodes (manual 6.6.2). */
export const requestTopics: Readonly<Record<NodeFeature, string>> = {
  command: 'connector/v1/requests/command',
  configuration: 'connector/v1/requests/configuration',
  resource: 'connector/v1/requests/resource',
};

const ofNode = /^connector\/v1\/nodes\/([^/]*)\/(status|data)$/;

/** What a topic says of one node (manual 6.6.3, 6.6.4); undefined: it is no such topic. A text: its node id cannot be. */
export function readNodeTopic(
  topic: string,
): { readonly kind: 'status' | 'data'; readonly nodeId: string } | string | undefined {
  const [, nodeId = '', kind] = ofNode.exec(topic) ?? [];
  if (kind === undefined) return undefined;
  const problem = problemOfNodeId(nodeId);
  if (problem !== undefined) return `node id ${JSON.stringify(nodeId)}: ${problem}`;
  return { kind: kind as 'status' | 'data', nodeId };
}

/** What is wrong with a node id (manual 5.5.5.2); undefined: nothing. */
export function problemOfNodeId(nodeId: unknown): string | undefined {
  if (typeof nodeId === 'string' && plainNodeId.test(nodeId)) return undefined;
  return 'must have 1 to 128 letters, digits, : - or _';
}
