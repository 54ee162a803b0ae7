import { Link } from '@tanstack/react-router';
import type { ExternalConnectorView } from '../../../core/contract/external-connectors.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { useConnectors } from './connectors-api.ts';
import { HowToConnect } from './how-to-connect.tsx';

/** External connectors that are connected, what they take, and how many nodes they speak for. */
export default function ConnectorsView() {
  const t = useText('connectors');
  const language = usePreferences((state) => state.language);
  const query = useConnectors();
  return (
    <div className="list-view connectors-view">
      <ViewHeader title={t('title')} note={query.data && count(query.data.total, language)}>
        <Link to="/devices" search={{ connector: 'x-connector' } as never} className="link">
          {t('nodes')}
        </Link>
      </ViewHeader>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('empty')}>{t('emptyText')}</EmptyState>
          ) : (
            <ConnectorTable connectors={items} />
          )
        }
      </QueryView>
      <HowToConnect />
    </div>
  );
}

function ConnectorTable({ connectors }: { connectors: readonly ExternalConnectorView[] }) {
  const t = useText('connectors');
  const language = usePreferences((state) => state.language);
  return (
    <table className="plain-table" aria-label={t('title')}>
      <thead>
        <tr>
          <th scope="col">{t('clientId')}</th>
          <th scope="col">{t('address')}</th>
          <th scope="col">{t('since')}</th>
          <th scope="col">{t('takes')}</th>
          <th scope="col" className="numeric">
            {t('online')}
          </th>
          <th scope="col" className="numeric">
            {t('unacknowledged')}
          </th>
        </tr>
      </thead>
      <tbody>
        {connectors.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two connections may be alike in all else
          <tr key={`${each.clientId} ${index}`}>
            <th scope="row" className="mono">
              {each.clientId}
            </th>
            <td>
              {each.remoteAddress} {each.tls ? '· TLS' : `· ${t('plain')}`}
            </td>
            <td>
              <TimeText time={each.connected} form="relative" />
            </td>
            <td>
              {each.takes.length === 0 ? (
                <StatusMark tone="warn" word={t('takesNothing')} />
              ) : (
                each.takes.map((feature) => t(`takes_${feature}`)).join(', ')
              )}
            </td>
            <td className="numeric">
              {t('onlineOf', {
                online: count(each.nodesOnline, language),
                nodes: count(each.nodes, language),
              })}
            </td>
            <td className="numeric">{count(each.unacknowledged, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
