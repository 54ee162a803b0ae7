import type { GatewayOnline } from '../../../core/contract/lora/gateways.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

/** Whether a gateway is there. */
export function GatewayStatusMark({ status }: { status: GatewayOnline }) {
  const t = useText('lora');
  const word = t(`gateway_${status}`);
  if (status === 'ONLINE') return <StatusMark tone="ok" word={word} />;
  return <StatusMark tone="quiet" shape={status === 'OFFLINE' ? 'square' : 'ring'} word={word} />;
}
