import { Link } from '@tanstack/react-router';
import { useText } from '../../i18n/use-text.ts';
import { useLive } from '../../live/live.tsx';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { Permitted } from '../../ui/permitted.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ErrorState } from '../../ui/view-states.tsx';
import { RowJoiner } from '../messages/row-joiner.ts';
import { useMessageHistory } from '../messages/use-message-history.ts';

const shown = 14;
const scope = { limit: shown };
const noFilters = {};

/** What came last, of all devices. */
export function LastMessages() {
  const t = useText('dashboard');
  return (
    <section className="card">
      <div className="card-title">
        <h2>{t('last')}</h2>
        <Link to="/messages" className="link">
          {t('all')}
        </Link>
      </div>
      <Permitted needs="DATA_R">
        <Rows />
      </Permitted>
    </section>
  );
}

function Rows() {
  const t = useText('dashboard');
  const messages = useText('messages');
  const entries = useLive((snapshot) => snapshot.entries);
  const { query: recent, history, matches } = useMessageHistory(scope, noFilters);
  const rows = new RowJoiner().join(entries.slice(0, shown), history, matches).rows.slice(0, shown);
  return (
    <>
      {rows.length === 0 && recent.isError ? (
        <ErrorState error={recent.error} onRetry={() => void recent.refetch()} />
      ) : rows.length === 0 ? (
        <p className="dimmed">{t('lastNone')}</p>
      ) : (
        <ul className="last-messages">
          {rows.map((row) => (
            <li key={row.key}>
              <Link to="/messages" search={{ message: row.key } as never} className="time-link">
                <TimeText time={row.time} />
              </Link>
              <span className="last-device">
                {row.device === undefined ? (
                  row.sender
                ) : (
                  <IdText id={row.device} to={deviceHref(row.device)} />
                )}
                {row.simulated && <SimulatedMark short />}
              </span>
              <span className={row.refused ? 'ellipsis reason' : 'ellipsis mono'} title={row.summary}>
                {row.refused && <StatusMark tone="bad" word={messages('refused')} />} {row.summary}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
