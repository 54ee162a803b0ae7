import type { Query } from '../../api/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ErrorState } from '../../ui/view-states.tsx';
import { useMqttSessions } from './keys-api.ts';

/** The MQTT sessions that are open now: how many, and the first of them by name. */
export function OpenSessions({ title, filter, none }: { title: string; filter: Query; none: string }) {
  const t = useText('access');
  const language = usePreferences((state) => state.language);
  const query = useMqttSessions(filter);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return null;
  const { items, total } = query.data;
  if (total === 0) return <p className="dimmed">{none}</p>;
  return (
    <section>
      <h3>
        {title} <span className="dimmed">{count(total, language)}</span>
      </h3>
      <ul className="plain session-list">
        {items.map(({ clientId, username, remoteAddress, tls }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two sessions of an application may be alike in all else
          <li key={`${clientId} ${remoteAddress} ${index}`}>
            <span className="mono break">{clientId || t('noClientId')}</span>
            <span className="dimmed">
              {username} · {remoteAddress}
              {tls && ' · TLS'}
            </span>
          </li>
        ))}
      </ul>
      {total > items.length && (
        <p className="dimmed">{t('moreSessions', { number: count(total - items.length, language) })}</p>
      )}
    </section>
  );
}
