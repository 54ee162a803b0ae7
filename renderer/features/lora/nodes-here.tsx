import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import type { MapDevice } from './links.ts';

/** A list of more is no longer read; the list of devices has them all. */
const mostListed = 200;

/** The devices that stand at one place of the map. */
export function NodesHere({ devices, onClose }: { devices: readonly MapDevice[]; onClose: () => void }) {
  const t = useText('lora');
  return (
    <SidePanel title={t('here', { count: devices.length })} onClose={onClose}>
      <ul className="plain devices-here">
        {devices.slice(0, mostListed).map(({ devEUI, deviceId, name, status, simulated }) => (
          <li key={devEUI}>
            {name !== undefined && <span className="ellipsis">{name}</span>}
            {simulated && <SimulatedMark short />}
            <IdText id={deviceId} to={`${deviceHref(deviceId)}?tab=lora`} />
            <InterfaceStatusMark status={status} />
          </li>
        ))}
      </ul>
      {devices.length > mostListed && (
        <p className="dimmed">{t('hereMore', { shown: mostListed, total: devices.length })}</p>
      )}
    </SidePanel>
  );
}
