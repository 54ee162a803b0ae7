import { Link } from '@tanstack/react-router';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';

interface AuditPanelProps {
  readonly message: AuditMessage;
  /** Of a simulated device. */
  readonly simulated: boolean;
  readonly onClose: () => void;
}

export function AuditPanel({ message, simulated, onClose }: AuditPanelProps) {
  const t = useText('audit');
  const common = useText('common');
  const { level, source, content } = message;
  const traceId = content?.traceId;
  return (
    <SidePanel title={t('entry')} onClose={onClose}>
      <p>
        <StatusMark tone={level === 'error' ? 'bad' : 'quiet'} word={common(`level_${level}`)} />{' '}
        <strong>{message.description}</strong>
      </p>
      {message.detailedDescription && <p>{message.detailedDescription}</p>}
      <dl className="facts">
        <div>
          <dt>{t('time')}</dt>
          <dd>
            <TimeText time={message.timestamp} form="full" />
          </dd>
        </div>
        <div>
          <dt>{t('category')}</dt>
          <dd>
            {message.category} / {message.subcategory}
          </dd>
        </div>
        <div>
          <dt>{t('type')}</dt>
          <dd className="mono">{message.type}</dd>
        </div>
        {source.deviceId !== undefined && (
          <div>
            <dt>{t('device')}</dt>
            <dd>
              <IdText id={source.deviceId} to={deviceHref(source.deviceId)} what={t('device')} />
              {simulated && <SimulatedMark />}
            </dd>
          </div>
        )}
      </dl>
      {typeof traceId === 'string' && (
        <p>
          <Link to="/messages" search={{ message: traceId } as never} className="link">
            {t('trace')}
          </Link>
        </p>
      )}
      <h3>{t('whole')}</h3>
      <CodeBlock text={JSON.stringify(message, null, 2)} what={t('whole')} wrap />
    </SidePanel>
  );
}
