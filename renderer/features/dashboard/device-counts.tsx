import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { connectorNames, interfaceStatuses } from '../../../core/contract/connectors.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { Permitted } from '../../ui/permitted.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { countDevices } from '../devices/devices-api.ts';
import { countByField } from '../fleet/explorer-api.ts';

export interface DeviceCounts {
  readonly total: number;
  readonly simulated: number;
  readonly byStatus: readonly {
    readonly status: (typeof interfaceStatuses)[number];
    readonly total: number;
  }[];
  /** Devices with an interface of it; those that have some first. */
  readonly byConnector: readonly { readonly connector: string; readonly total: number }[];
}

export function useDeviceCounts() {
  const permitted = useLack('DEVICE_R') === undefined;
  return useQuery({
    queryKey: ['devices', 'counts'],
    enabled: permitted,
    queryFn: async ({ signal }): Promise<DeviceCounts> => {
      const [{ devices, fieldAggregation }, connectors, simulated] = await Promise.all([
        countByField('interfaces.status', interfaceStatuses.length, { rsql: '' }, signal),
        countByField('interfaces.connector', connectorNames.length, { rsql: '' }, signal),
        countDevices({ 'property.simulated': 'true' }),
      ]);
      const counted = new Map(fieldAggregation.map(({ value, count: total }) => [value, total]));
      return {
        total: devices,
        simulated,
        byConnector: connectors.fieldAggregation.map(({ value, count: those }) => ({
          connector: String(value),
          total: those,
        })),
        byStatus: interfaceStatuses.map((status) => ({ status, total: counted.get(status) ?? 0 })),
      };
    },
  });
}

export function DeviceCountsPanel() {
  const t = useText('dashboard');
  const language = usePreferences((state) => state.language);
  const query = useDeviceCounts();
  return (
    <section className="card">
      <div className="card-title">
        <h2>{t('devices')}</h2>
        {query.data && (
          <span className="dimmed">
            {t('devicesTotal', { total: count(query.data.total, language) })} ·{' '}
            {t('devicesSimulated', { total: count(query.data.simulated, language) })}
          </span>
        )}
      </div>
      <Permitted needs="DEVICE_R">
        <QueryView query={query} rows={4}>
          {({ byStatus, byConnector }) => (
            <>
              <ul className="counts">
                {byStatus
                  .filter(({ status, total }) => total > 0 || status === 'ONLINE' || status === 'OFFLINE')
                  .map(({ status, total }) => (
                    <li key={status}>
                      <Link to="/devices" search={{ status } as never} className="count-link">
                        <InterfaceStatusMark status={status} />
                        <strong>{count(total, language)}</strong>
                      </Link>
                    </li>
                  ))}
              </ul>
              {byConnector.length > 0 && (
                <>
                  <h3>{t('byConnector')}</h3>
                  <ul className="counts">
                    {byConnector.map(({ connector, total }) => (
                      <li key={connector}>
                        <Link to="/devices" search={{ connector } as never} className="count-link">
                          <span>{connector}</span>
                          <strong>{count(total, language)}</strong>
                        </Link>
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </>
          )}
        </QueryView>
      </Permitted>
    </section>
  );
}
