import { Link } from '@tanstack/react-router';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { Published } from './publish-api.ts';

/** What the platform made of it: acknowledged it always is, also when it was refused. */
export function PublishOutcome({ published: { trace } }: { published: Published }) {
  const t = useText('publish');
  if (!trace) {
    return (
      <div role="status">
        <StatusMark tone="ok" word={t('acknowledged')} />
        <p className="dimmed">{t('noTrace')}</p>
      </div>
    );
  }
  const refused = trace.outcome !== 'ok';
  const reason = trace.steps.findLast(({ outcome }) => outcome !== 'ok')?.reason;
  return (
    <div role="status" className={refused ? 'why' : undefined}>
      <StatusMark tone={refused ? 'bad' : 'ok'} word={refused ? t('refused') : t('acknowledged')} />
      {refused && reason !== undefined && <p>{reason}</p>}{' '}
      <Link to="/messages" search={{ message: trace.traceId } as never} className="link">
        {t('itsWay')}
      </Link>
    </div>
  );
}
