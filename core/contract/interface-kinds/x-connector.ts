import { z } from 'zod';
import { encodingName, type InterfaceKind, plainNodeId } from './interface-kind.ts';

/** Interfaces of devices behind an external connector, which speaks for them (manual 5.5.5). */
export const externalKind: InterfaceKind = {
  connector: 'x-connector',
  definition: z.object({
    nodeId: z.string().regex(plainNodeId, 'must have 1 to 128 letters, digits, : - or _'),
    encoding: encodingName,
  }),
  nodeIdField: 'nodeId',
  secrets: [],
  // Without DEACTIVATED (manual 5.5.5.4): who is disabled counts as not connected.
  statuses: ['REGISTERED', 'ONLINE', 'OFFLINE'],
  newStatus: 'REGISTERED',
  disabledStatus: 'OFFLINE',
  enabledStatus: () => 'OFFLINE',
  onlineEndsWithProgram: true,
  features: { command: 'announced', configuration: 'announced', resource: 'announced', twin: 'never' },
  // What is kept there is how far its connector has told of it (facts 5: no activity).
  hidesActivity: true,
  alwaysVersioned: [],
  autoDeviceId: (nodeId) => (plainNodeId.test(nodeId) ? `urn:lo:nsid:x-connector:${nodeId}` : undefined),
  debuggable: false,
  listsNodes: false,
};
