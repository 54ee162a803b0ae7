import type { InterfaceJson } from '../../../../core/contract/interfaces.ts';
import { devicePath } from '../devices-api.ts';

export const interfacesPath = (deviceId: string): string => `${devicePath(deviceId)}/interfaces`;

export const interfaceId = ({ connector, nodeId }: InterfaceJson): string => `${connector}:${nodeId}`;

export const interfacePath = (deviceId: string, id: string): string =>
  `${interfacesPath(deviceId)}/${encodeURIComponent(id)}`;
