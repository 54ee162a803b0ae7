import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

export function KeyState({ apiKey }: { apiKey: ApiKeyJson }) {
  const t = useText('access');
  if (apiKey.expired) return <StatusMark tone="warn" word={t('expired')} />;
  if (!apiKey.active) return <StatusMark tone="quiet" shape="square" word={t('inactive')} />;
  return <StatusMark tone="ok" word={apiKey.masterKey ? t('master') : t('active')} />;
}
