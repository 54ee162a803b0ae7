import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { LiveSnapshot } from '../../live/live-store.ts';
import { PublishPanel } from '../publish/publish-panel.tsx';
import type { DevicePanel } from './device-tab-props.ts';
import { DeviceEditor } from './edit/device-editor.tsx';
import { InterfaceEditor } from './interfaces/interface-editor.tsx';
import { interfaceId } from './interfaces/interfaces-api.ts';
import { MoveInterface } from './interfaces/move-interface.tsx';

interface DevicePanelsProps {
  readonly device: DeviceJson;
  readonly live: LiveSnapshot;
  readonly panel: DevicePanel;
  /** Id of the interface that the panel is about. */
  readonly of: string | undefined;
  readonly onClose: () => void;
  readonly onSaved: (device: DeviceJson) => void | Promise<void>;
}

/** The form that stands beside the tabs. */
export default function DevicePanels({ device, live, panel, of, onClose, onSaved }: DevicePanelsProps) {
  if (panel === 'edit') return <DeviceEditor device={device} onClose={onClose} onSaved={onSaved} />;
  if (panel === 'publish') return <PublishPanel device={device} live={live} onClose={onClose} />;
  if (panel === 'add-interface') return <InterfaceEditor deviceId={device.id} onClose={onClose} />;
  if (of === undefined) return null;
  if (panel === 'move') return <MoveInterface key={of} deviceId={device.id} id={of} onClose={onClose} />;
  const each = device.interfaces?.find((known) => interfaceId(known) === of);
  return each ? <InterfaceEditor key={of} deviceId={device.id} each={each} onClose={onClose} /> : null;
}
