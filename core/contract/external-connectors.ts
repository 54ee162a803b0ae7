import { z } from 'zod';

/** Features of a node that a connector may stand for (manual 6.6.3). */
export const nodeFeatures = ['command', 'configuration', 'resource'] as const;
export type NodeFeature = (typeof nodeFeatures)[number];

/** An open connection of an external connector (manual 6.6). */
export const externalConnector = z.object({
  clientId: z.string(),
  remoteAddress: z.string(),
  tls: z.boolean(),
  connected: z.iso.datetime().describe('When it connected'),
  takes: z.array(z.enum(nodeFeatures)).describe('Requests that it is subscribed to'),
  nodes: z.int().describe('Nodes that it spoke of last'),
  nodesOnline: z.int().describe('Those of them that are ONLINE'),
  unacknowledged: z.int().describe('Requests that it has not acknowledged yet'),
});
export type ExternalConnectorView = z.output<typeof externalConnector>;
