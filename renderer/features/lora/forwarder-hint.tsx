import { useQuery } from '@tanstack/react-query';
import type { EndpointsView } from '../../../core/contract/bench.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';

/** How a packet forwarder is told of this network. */
export function ForwarderHint() {
  const t = useText('lora');
  const { data } = useQuery({
    queryKey: ['lora', 'endpoints'],
    queryFn: () => api.get<EndpointsView>('/bench/v1/endpoints'),
  });
  if (data && data.lora === undefined) return <p>{t('notListening')}</p>;
  const { hostname, port } = new URL((data?.lora ?? 'udp://127.0.0.1:1700').replace('udp:', 'http:'));
  const lines = { server_address: hostname, serv_port_up: Number(port), serv_port_down: Number(port) };
  return (
    <>
      <p>{t('noGatewaysText')}</p>
      {data && <CodeBlock text={JSON.stringify({ gateway_conf: lines }, null, 2)} what={t('forwarder')} />}
    </>
  );
}
