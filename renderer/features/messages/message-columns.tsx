import { useMemo } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import type { MessageRow } from './message-row.ts';

/** Columns that the opened message tells as well. */
const leftNarrow = ['state', 'model', 'connector'];

/**
 * Columns of a list of messages. A device's own page needs no column for the device; beside an opened message
 * (`narrow`) the value gets the room, and what was refused says so in its own cell.
 */
export function useMessageColumns(options: { device: boolean; narrow: boolean }): Column<MessageRow>[] {
  const t = useText('messages');
  const { device, narrow } = options;
  return useMemo(() => {
    const columns: Column<MessageRow>[] = [
      { id: 'time', header: t('time'), width: '112px', cell: ({ time }) => <TimeText time={time} /> },
      {
        id: 'state',
        header: t('state'),
        width: '92px',
        cell: ({ refused }) =>
          refused ? (
            <StatusMark tone="bad" word={t('refused')} />
          ) : (
            <StatusMark tone="ok" word={t('stored')} />
          ),
      },
      {
        id: 'device',
        header: t('device'),
        width: narrow ? 'minmax(170px, 1fr)' : 'minmax(150px, 1.2fr)',
        cell: ({ device: id, sender, simulated }) => (
          <>
            {id === undefined ? (
              <span className="ellipsis">{sender}</span>
            ) : (
              <IdText id={id} to={deviceHref(id)} />
            )}
            {simulated && <SimulatedMark short />}
          </>
        ),
      },
      {
        id: 'value',
        header: t('value'),
        width: 'minmax(200px, 3fr)',
        cell: ({ summary, refused }) => (
          <>
            {narrow && refused && <StatusMark tone="bad" word={t('refused')} />}
            <span className={refused ? 'ellipsis reason' : 'ellipsis mono'} title={summary}>
              {summary}
            </span>
          </>
        ),
      },
      {
        id: 'model',
        header: t('model'),
        width: '110px',
        cell: ({ model }) => <span className="ellipsis">{model}</span>,
      },
      { id: 'connector', header: t('connector'), width: '96px', cell: ({ connector }) => connector },
    ];
    const left = [...(device ? [] : ['device']), ...(narrow ? leftNarrow : [])];
    return columns.filter(({ id }) => !left.includes(id));
  }, [t, device, narrow]);
}
