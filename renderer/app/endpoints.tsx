import { useQuery } from '@tanstack/react-query';
import type { EndpointsView } from '../../core/contract/bench.ts';
import { api } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

const names = ['http', 'https', 'mqtt', 'mqtts', 'ws', 'wss'] as const;

export const useEndpoints = () =>
  useQuery({ queryKey: ['endpoints'], queryFn: () => api.get<EndpointsView>('/bench/v1/endpoints') });

/** Where the platform listens, to copy. */
export function Endpoints() {
  const t = useText('shell');
  const query = useEndpoints();
  return (
    <QueryView query={query} rows={4}>
      {(endpoints) => (
        <dl className="endpoints">
          {names.map((name) => {
            const url = endpoints[name];
            const what = t(`endpoint_${name}`);
            return (
              <div key={name}>
                <dt>{what}</dt>
                {url === undefined ? (
                  <dd>
                    <StatusMark tone="quiet" word={t('notListening')} />
                  </dd>
                ) : (
                  <dd className="mono">
                    {url} <CopyButton text={url} what={what} />
                  </dd>
                )}
              </div>
            );
          })}
        </dl>
      )}
    </QueryView>
  );
}
