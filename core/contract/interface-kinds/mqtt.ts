import { z } from 'zod';
import { deviceIdPattern, longestDeviceId } from '../device-id.ts';
import { encodingName, type InterfaceKind, plainNodeId } from './interface-kind.ts';

/** The device that a client id stands for when no interface says otherwise (manual 5.2.1.1, 6.5.2). */
function deviceIdOfClient(clientId: string): string | undefined {
  if (deviceIdPattern.test(clientId)) return clientId.length <= longestDeviceId ? clientId : undefined;
  return plainNodeId.test(clientId) ? `urn:lo:nsid:mqtt:${clientId}` : undefined;
}

/** Interfaces of devices that connect by MQTT themselves (manual 5.5.3). */
export const mqttKind: InterfaceKind = {
  connector: 'mqtt',
  definition: z.object({
    clientId: z
      .string()
      .refine(
        (id) => deviceIdOfClient(id) !== undefined,
        'must have 1 to 128 letters, digits, : - or _, or be a device id',
      ),
    encoding: encodingName,
  }),
  nodeIdField: 'clientId',
  secrets: [],
  statuses: ['REGISTERED', 'ONLINE', 'OFFLINE', 'DEACTIVATED'],
  newStatus: 'REGISTERED',
  disabledStatus: 'DEACTIVATED',
  enabledStatus: ({ lastSessionStartTime }) =>
    lastSessionStartTime === undefined ? 'REGISTERED' : 'OFFLINE',
  onlineEndsWithProgram: true,
  features: { command: 'announced', configuration: 'announced', resource: 'announced', twin: 'never' },
  alwaysVersioned: [],
  autoDeviceId: deviceIdOfClient,
  debuggable: true,
  listsNodes: false,
};
