import { useMemo } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import type { AuditRow } from './audit-row.ts';

/** @param simulated ids of simulated devices */
export function useAuditColumns(simulated: ReadonlySet<string>): Column<AuditRow>[] {
  const t = useText('audit');
  const common = useText('common');
  return useMemo(
    () => [
      {
        id: 'time',
        header: t('time'),
        width: '186px',
        cell: ({ message }) => <TimeText time={message.timestamp} form="full" />,
      },
      {
        id: 'level',
        header: t('level'),
        width: '76px',
        cell: ({ message: { level } }) => (
          <StatusMark tone={level === 'error' ? 'bad' : 'quiet'} word={common(`level_${level}`)} />
        ),
      },
      {
        id: 'description',
        header: t('description'),
        width: 'minmax(240px, 3fr)',
        cell: ({ message }) => (
          <span className="ellipsis" title={message.detailedDescription}>
            {message.description} <span className="dimmed">{message.detailedDescription}</span>
          </span>
        ),
      },
      {
        id: 'category',
        header: t('category'),
        width: '150px',
        cell: ({ message }) => (
          <span className="ellipsis">
            {message.category} / {message.subcategory}
          </span>
        ),
      },
      {
        id: 'device',
        header: t('device'),
        width: 'minmax(140px, 1fr)',
        cell: ({ message: { source } }) =>
          source.deviceId === undefined ? (
            <span className="ellipsis dimmed">{source.nodeId}</span>
          ) : (
            <>
              <IdText id={source.deviceId} to={deviceHref(source.deviceId)} />
              {simulated.has(source.deviceId) && <SimulatedMark short />}
            </>
          ),
      },
    ],
    [t, common, simulated],
  );
}
