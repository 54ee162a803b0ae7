import { isSimulated } from '../../api/data-message.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import type { Bounds } from '../../ui/map/mercator.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { statusOf } from '../devices/devices-api.ts';
import { mostListed, useHere } from './use-fleet-map.ts';

/** The devices at one place of the map. */
export function DevicesHere(props: { rsql: string; bounds: Bounds; onClose: () => void }) {
  const t = useText('fleet');
  const language = usePreferences((state) => state.language);
  const query = useHere(props.rsql, props.bounds);
  const total = query.data ? count(query.data.total, language) : '';
  return (
    <SidePanel title={t('here', { count: query.data?.total ?? 0, total })} onClose={props.onClose}>
      <QueryView query={query}>
        {({ devices, total: all }) => (
          <>
            <ul className="plain devices-here">
              {devices.map((device) => (
                <li key={device.id}>
                  {device.name !== undefined && <span className="ellipsis">{device.name}</span>}
                  {isSimulated(device.properties) && <SimulatedMark short />}
                  <IdText id={device.id} to={deviceHref(device.id)} />
                  <InterfaceStatusMark status={statusOf(device.interfaces)} />
                </li>
              ))}
            </ul>
            {all > devices.length && (
              <p className="dimmed">{t('hereMore', { shown: mostListed, total: count(all, language) })}</p>
            )}
          </>
        )}
      </QueryView>
    </SidePanel>
  );
}
