import { useMemo } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { isSimulated } from '../../api/data-message.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { lastContactOf, statusOf } from './devices-api.ts';
import { LatestValue } from './latest-value.tsx';

/** Every column that the list of devices can have, in order. */
export function useDeviceColumns(): Column<DeviceJson>[] {
  const t = useText('devices');
  const common = useText('common');
  return useMemo(
    () => [
      {
        id: 'status',
        header: t('status'),
        width: '128px',
        cell: ({ interfaces }) => <InterfaceStatusMark status={statusOf(interfaces)} />,
      },
      {
        id: 'name',
        header: t('name'),
        width: 'minmax(132px, 1.2fr)',
        sort: 'name',
        cell: ({ name, properties }) => (
          <>
            {name !== undefined && <span className="ellipsis">{name}</span>}
            {isSimulated(properties) && <SimulatedMark />}
          </>
        ),
      },
      {
        id: 'id',
        header: t('id'),
        width: 'minmax(200px, 1.5fr)',
        sort: 'id',
        cell: ({ id }) => <IdText id={id} to={deviceHref(id)} what={t('id')} />,
      },
      {
        id: 'connectors',
        header: t('connectors'),
        width: '108px',
        cell: ({ interfaces = [] }) => [...new Set(interfaces.map(({ connector }) => connector))].join(', '),
      },
      {
        id: 'group',
        header: t('group').split(',')[0] ?? '',
        width: 'minmax(90px, 0.8fr)',
        sort: 'group',
        cell: ({ group }) => <span className="ellipsis">{group?.path}</span>,
      },
      {
        id: 'tags',
        header: t('tags'),
        width: 'minmax(90px, 0.8fr)',
        cell: ({ tags = [] }) => (
          <span className="ellipsis" title={tags.join(', ')}>
            {tags.map((tag) => (
              <span key={tag} className="tag">
                {tag}
              </span>
            ))}
          </span>
        ),
      },
      {
        id: 'properties',
        header: t('properties'),
        width: 'minmax(120px, 1fr)',
        cell: ({ properties = {} }) => {
          const text = Object.entries(properties)
            .map(([name, value]) => `${name}=${value}`)
            .join(' ');
          return (
            <span className="ellipsis mono" title={text}>
              {text}
            </span>
          );
        },
      },
      {
        id: 'lastContact',
        header: t('lastContact'),
        width: '194px',
        sort: 'interfaces.lastContact',
        cell: ({ interfaces }) => {
          const time = lastContactOf(interfaces);
          return time === undefined ? (
            <span className="dimmed">{common('never')}</span>
          ) : (
            <TimeText time={time} form="relative" />
          );
        },
      },
      {
        id: 'lastValue',
        header: t('lastValue'),
        width: 'minmax(130px, 1.2fr)',
        cell: ({ id }) => <LatestValue deviceId={id} />,
      },
      {
        id: 'created',
        header: t('created'),
        width: '186px',
        sort: 'created',
        cell: ({ created }) => created !== undefined && <TimeText time={created} form="full" />,
      },
    ],
    [t, common],
  );
}
