import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { Permitted } from '../../ui/permitted.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { FailingItem } from './failing-item.tsx';
import { useFailingThings } from './use-failing-things.ts';

const shownErrors = 3;

/** What does not work right now, and the last errors, each with its reason and the way to it. */
export function FailingPanel() {
  const t = useText('dashboard');
  const things = useFailingThings();
  return (
    <section className="card" aria-label={t('failing')}>
      <div className="card-title">
        <h2>{t('failing')}</h2>
      </div>
      {things.length === 0 ? (
        <p className="flat">
          <StatusMark tone="ok" word={t('failingNone')} />
        </p>
      ) : (
        <ul className="failing-things">
          {things.map((thing) => (
            <FailingItem key={`${thing.kind} ${'name' in thing ? thing.name : ''}`} thing={thing} />
          ))}
        </ul>
      )}
      <div className="card-title last-errors">
        <h3>{t('lastErrors')}</h3>
        <Link to="/audit" search={{ level: 'error' } as never} className="link">
          {t('failingAll')}
        </Link>
      </div>
      <Permitted needs="LOGS_R">
        <LastErrors />
      </Permitted>
    </section>
  );
}

function LastErrors() {
  const t = useText('dashboard');
  const permitted = useLack('LOGS_R') === undefined;
  const errors = useQuery({
    queryKey: ['audit', 'errors'],
    queryFn: () =>
      api.get<AuditMessage[]>('/api/v0/auditlog/messages', { query: { level: 'error', limit: shownErrors } }),
    enabled: permitted,
  });
  return (
    <QueryView query={errors} rows={4}>
      {(messages) =>
        messages.length === 0 ? (
          <p className="flat dimmed">{t('lastErrorsNone')}</p>
        ) : (
          <ul className="failures">
            {messages.map((message, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: audit messages have no id, and the list is replaced whole
              <li key={`${message.timestamp} ${index}`}>
                <TimeText time={message.timestamp} />
                <div>
                  <strong>{message.description}</strong>
                  {message.source.deviceId !== undefined && (
                    <IdText id={message.source.deviceId} to={deviceHref(message.source.deviceId)} />
                  )}
                  {message.detailedDescription && <p>{message.detailedDescription}</p>}
                </div>
              </li>
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}
