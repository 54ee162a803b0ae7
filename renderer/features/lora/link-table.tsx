import { useMemo } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import type { Link } from './links.ts';

const rowKey = ({ device, gatewayId }: Link): string => `${device.devEUI} ${device.deviceId} ${gatewayId}`;

/** The lines of the map in words, also those that have no place on it. */
export function LinkTable({ links }: { links: readonly Link[] }) {
  const t = useText('lora');
  const columns = useMemo<Column<Link>[]>(
    () => [
      {
        id: 'device',
        header: t('device'),
        width: 'minmax(180px, 1.4fr)',
        cell: ({ device }) => <IdText id={device.deviceId} to={`${deviceHref(device.deviceId)}?tab=lora`} />,
      },
      {
        id: 'gateway',
        header: t('gateway'),
        width: '190px',
        cell: ({ gatewayId }) => <IdText id={gatewayId} to={`/lora?gateway=${gatewayId}`} />,
      },
      { id: 'rssi', header: 'RSSI', width: '100px', numeric: true, cell: ({ rssi }) => `${rssi} dBm` },
      { id: 'snr', header: 'SNR', width: '90px', numeric: true, cell: ({ snr }) => `${snr} dB` },
      { id: 'esp', header: 'ESP', width: '110px', numeric: true, cell: ({ esp }) => `${esp} dBm` },
      {
        id: 'when',
        header: t('lastUplink'),
        width: '190px',
        cell: ({ device }) =>
          device.lastUplink !== undefined && <TimeText time={device.lastUplink} form="relative" />,
      },
    ],
    [t],
  );
  if (links.length === 0) return <p className="dimmed">{t('noLinks')}</p>;
  return <VirtualTable label={t('whoHeardWhom')} rows={links} columns={columns} rowKey={rowKey} />;
}
