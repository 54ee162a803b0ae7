import { IconArrowDown, IconArrowUp, IconPoint } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { CoapLogEntry } from '../../../core/contract/coap-log.ts';
import { bytes } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { isFailure, payloadLine } from './coap-rows.ts';

/** @param narrow beside an opened entry, which tells the rest */
export function useCoapColumns(narrow: boolean): Column<CoapLogEntry>[] {
  const t = useText('coap');
  return useMemo(() => {
    const columns: Column<CoapLogEntry>[] = [
      { id: 'time', header: t('time'), width: '112px', cell: ({ time }) => <TimeText time={time} /> },
      {
        id: 'way',
        header: t('way'),
        width: '152px',
        cell: ({ direction }) => {
          const Icon = direction === 'in' ? IconArrowUp : direction === 'out' ? IconArrowDown : IconPoint;
          return (
            <span className="inline one-line">
              <Icon size={14} aria-hidden /> {t(direction ?? 'event')}
            </span>
          );
        },
      },
      {
        id: 'summary',
        header: t('summary'),
        width: 'minmax(220px, 2fr)',
        cell: (entry) => (
          <span className="ellipsis" title={entry.error ?? entry.summary}>
            {isFailure(entry) && <StatusMark tone="bad" word={t('failed')} />}{' '}
            <span className="mono">{entry.summary}</span>{' '}
            {entry.note && <span className="dimmed">{t(`note_${entry.note}`)}</span>}
          </span>
        ),
      },
      {
        id: 'payload',
        header: t('payload'),
        width: 'minmax(160px, 2fr)',
        cell: (entry) => (
          <span className="ellipsis mono" title={payloadLine(entry)}>
            {payloadLine(entry)}
          </span>
        ),
      },
      { id: 'size', header: t('size'), width: '80px', numeric: true, cell: (entry) => bytes(entry.bytes) },
    ];
    return narrow ? columns.filter(({ id }) => id !== 'payload' && id !== 'size') : columns;
  }, [t, narrow]);
}
