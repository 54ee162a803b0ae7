import { type ComponentType, lazy } from 'react';
import type { DeviceTabProps } from './device-tab-props.ts';

interface DeviceTab {
  /** Part of the address, and key of its word among the texts of devices. */
  readonly name:
    | 'overview'
    | 'messages'
    | 'commands'
    | 'configuration'
    | 'resources'
    | 'twin'
    | 'interfaces'
    | 'coap'
    | 'lora'
    | 'activity'
    | 'json';
  readonly view: ComponentType<DeviceTabProps>;
}

/** The tabs of a device in their order. Another one is another line here, and a word. */
export const deviceTabs: readonly [DeviceTab, ...DeviceTab[]] = [
  { name: 'overview', view: lazy(() => import('./device-overview.tsx')) },
  { name: 'messages', view: lazy(() => import('./device-messages.tsx')) },
  { name: 'commands', view: lazy(() => import('../commands/device-commands.tsx')) },
  { name: 'configuration', view: lazy(() => import('../configuration/device-configuration.tsx')) },
  { name: 'resources', view: lazy(() => import('../resources/device-resources.tsx')) },
  { name: 'twin', view: lazy(() => import('../twin/device-twin.tsx')) },
  { name: 'interfaces', view: lazy(() => import('./interfaces/device-interfaces.tsx')) },
  { name: 'coap', view: lazy(() => import('../coap/device-coap.tsx')) },
  { name: 'lora', view: lazy(() => import('../lora/device-lora.tsx')) },
  { name: 'activity', view: lazy(() => import('./device-activity.tsx')) },
  { name: 'json', view: lazy(() => import('./device-json.tsx')) },
];
