import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { HealthView } from '../../../core/contract/bench.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';

const shownErrors = 3;

export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: () => api.get<HealthView>('/bench/v1/health'),
    refetchInterval: 5000,
  });

/** What does not work right now, and the last errors, each with its reason. */
export function FailingPanel() {
  const t = useText('dashboard');
  const health = useHealth();
  const errors = useQuery({
    queryKey: ['audit', 'errors'],
    queryFn: () =>
      api.get<AuditMessage[]>('/api/v0/auditlog/messages', { query: { level: 'error', limit: shownErrors } }),
  });
  const store = health.data?.store;
  const degraded = health.data?.status === 'degraded';
  return (
    <section className="card">
      <div className="card-title">
        <h2>{t('failing')}</h2>
        <Link to="/audit" search={{ level: 'error' } as never} className="link">
          {t('failingAll')}
        </Link>
      </div>
      {degraded && (
        <div className="why" role="alert">
          <StatusMark tone="bad" word={t('storeDegraded')} />
          <p>
            {store?.state === 'full' ? t('storeFull') : t('storeFailed')} {store?.failure}
          </p>
        </div>
      )}
      <QueryView query={errors} rows={4}>
        {(messages) =>
          messages.length === 0 ? (
            !degraded && (
              <p>
                <StatusMark tone="ok" word={t('failingNone')} />
              </p>
            )
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
    </section>
  );
}
