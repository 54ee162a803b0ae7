import { useQuery } from '@tanstack/react-query';
import type { EndpointsView, ListenerView } from '../../core/contract/bench.ts';
import { api } from '../api/client.ts';
import { CentreEndpoint } from '../features/sms/centre-state.tsx';
import { useText } from '../i18n/use-text.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StatusMark, type Tone } from '../ui/status-mark.tsx';

export const useEndpoints = () =>
  useQuery({ queryKey: ['endpoints'], queryFn: () => api.get<EndpointsView>('/bench/v1/endpoints') });

const lookedAtMs = 10_000;

/** Every address with its state, which can change while the platform runs. */
export const useListeners = () =>
  useQuery({
    queryKey: ['endpoints', 'listeners'],
    queryFn: () => api.get<ListenerView[]>('/bench/v1/listeners'),
    refetchInterval: lookedAtMs,
  });

export const useFailingListeners = (): readonly ListenerView[] =>
  useListeners().data?.filter(({ state }) => state === 'failing') ?? [];

const tones: Readonly<Record<ListenerView['state'], Tone>> = {
  listening: 'ok',
  failing: 'bad',
  off: 'quiet',
};

/** Where the platform listens, to copy, and why it does not where it does not. */
export function Endpoints() {
  const query = useListeners();
  return (
    <QueryView query={query} rows={4}>
      {(listeners) => (
        <dl className="endpoints">
          {listeners.map((listener) => (
            <Endpoint key={listener.name} listener={listener} />
          ))}
          <CentreEndpoint />
        </dl>
      )}
    </QueryView>
  );
}

function Endpoint({ listener: { name, state, url, reason } }: { listener: ListenerView }) {
  const t = useText('shell');
  const what = t(`endpoint_${name}`);
  return (
    <div>
      <dt>{what}</dt>
      <dd>
        <StatusMark tone={tones[state]} word={t(`endpoint_${state}`)} />
      </dd>
      <dd className="endpoint-address">
        {url !== undefined && (
          <span className="mono">
            {url} <CopyButton text={url} what={what} />
          </span>
        )}
        {state === 'off' && <span className="dimmed">{t('endpointOff', { port: portOf[name] })}</span>}
        {state === 'failing' && <span className="endpoint-reason">{reason}</span>}
      </dd>
    </div>
  );
}

const portOf: Readonly<Record<ListenerView['name'], string>> = {
  http: 'http',
  https: 'https',
  mqtt: 'mqtt',
  mqtts: 'mqtts',
  ws: 'http',
  wss: 'https',
  coaps: 'coaps',
  coap: 'coap',
  bs: 'bs',
  lora: 'lora',
  smpp: 'smpp',
};
