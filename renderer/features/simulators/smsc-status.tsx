import { useQuery } from '@tanstack/react-query';
import type { SmscStatus as Status } from '../../../core/contract/simulated-smsc.ts';
import { api } from '../../api/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { Facts } from '../../ui/facts.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { simulatorsUrl } from './simulators-api.ts';

const lookedAtMs = 2000;

const useSmsc = () =>
  useQuery({
    queryKey: ['simulators', 'smsc'],
    queryFn: ({ signal }) => api.get<Status>(`${simulatorsUrl}/smsc`, { signal }),
    refetchInterval: lookedAtMs,
  });

/** The short message centre that the handsets are in the network of: its clients, what waits, and what it refused. */
export function SmscStatus() {
  const t = useText('smsc');
  const language = usePreferences((state) => state.language);
  const query = useSmsc();
  const number = (value: number): string => count(value, language);
  const tally = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, value]) => `${name} ${number(value)}`)
      .join(', ');
  return (
    <details className="disclosure fleet-responders">
      <summary>{t('title')}</summary>
      <QueryView query={query} rows={3}>
        {({ clients, handsets, waiting, waitingMax, ended, dropped }) => (
          <>
            <Facts
              facts={[
                [t('handsets'), number(handsets)],
                [t('waiting'), t('waitingOf', { waiting: number(waiting), most: number(waitingMax) })],
                [t('ended'), tally(ended) || t('none')],
                [t('dropped'), tally(dropped) || t('none')],
              ]}
            />
            {clients.length === 0 ? (
              <p className="dimmed">{t('noClients')}</p>
            ) : (
              <Clients clients={clients} number={number} />
            )}
          </>
        )}
      </QueryView>
    </details>
  );
}

function Clients({ clients, number }: { clients: Status['clients']; number: (value: number) => string }) {
  const t = useText('smsc');
  const columns = ['client', 'boundAs', 'range', 'since'] as const;
  const counters = ['submitted', 'delivered', 'load'] as const;
  return (
    <table className="plain-table" aria-label={t('clients')}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(column)}
            </th>
          ))}
          {counters.map((column) => (
            <th key={column} scope="col" className="numeric">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {clients.map((client) => (
          <tr key={client.remoteAddress}>
            <th scope="row">
              <span className="mono">{client.systemId ?? '–'}</span>{' '}
              <span className="dimmed">{client.remoteAddress}</span>
            </th>
            <td>{client.boundAs ?? t('notBound')}</td>
            <td className="mono">{client.addressRange === '' ? t('all') : client.addressRange}</td>
            <td>
              <TimeText time={client.connected} form="relative" />
            </td>
            {counters.map((column) => (
              <td key={column} className="numeric">
                {number(client[column])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
