import type { SmscState } from '../../../core/contract/sms/smsc.ts';
import { useHealth } from '../../app/use-health.ts';
import { useText } from '../../i18n/use-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';

const tones: Readonly<Record<SmscState, Tone>> = {
  OFF: 'quiet',
  CONNECTING: 'busy',
  BOUND: 'ok',
  WAITING: 'bad',
};

/** The short message centre that the platform is a client of, as one line among its own addresses. */
export function CentreEndpoint() {
  const t = useText('sms');
  const { data } = useHealth();
  if (!data) return null;
  const { state, url, reason } = data.sms;
  return (
    <div>
      <dt>{t('centreClient')}</dt>
      <dd>
        <StatusMark tone={tones[state]} word={t(`centre_${state}`)} />
      </dd>
      <dd className="endpoint-address">
        {url !== undefined && (
          <span className="mono">
            {url} <CopyButton text={url} what={t('centreClient')} />
          </span>
        )}
        {state === 'WAITING' && <span className="endpoint-reason">{reason}</span>}
        {state === 'OFF' && <span className="dimmed">{t('centreOff')}</span>}
      </dd>
    </div>
  );
}

/** Says where nothing can go over SMS now, and why; nothing while it can. */
export function CentreNotice() {
  const t = useText('sms');
  const { data } = useHealth();
  if (!data || data.sms.state === 'BOUND') return null;
  const { state, reason } = data.sms;
  return (
    <div className={state === 'WAITING' ? 'why' : 'note'} role="note">
      <p>
        <StatusMark tone={tones[state]} word={`${t('centre')}: ${t(`centre_${state}`)}`} />
      </p>
      {state === 'WAITING' && <p>{reason}</p>}
      {state === 'OFF' && <p>{t('centreOff')}</p>}
      <p>{t(state === 'OFF' ? 'commandsExpire' : 'commandsWait')}</p>
    </div>
  );
}
