import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { LiveSnapshot } from '../../live/live-store.ts';

/** What stands beside the tabs of a device: a form about it, or about one of its interfaces. */
export type DevicePanel = 'edit' | 'publish' | 'add-interface' | 'interface' | 'move';

/** What every tab of a device is given. */
export interface DeviceTabProps {
  readonly device: DeviceJson;
  readonly live: LiveSnapshot;
  /** @param interfaceId of the interface that the panel is about */
  readonly onPanel: (panel: DevicePanel, interfaceId?: string) => void;
}
