import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';

/** What a view would show, and the one action that fills it. */
export function EmptyState(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <h2>{props.title}</h2>
      {props.children && <p>{props.children}</p>}
      {props.action}
    </div>
  );
}

/** Grey lines in the place of rows; nothing at all for the first 300 ms. */
export function LoadingState({ rows = 8 }: { rows?: number }) {
  const t = useText('common');
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className="loading" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, index) => index).map((index) => (
        <Skeleton key={index} height={12} my={10} width={`${92 - ((index * 13) % 40)}%`} />
      ))}
    </div>
  );
}

/** What failed, why, what to do, and a way to try again. */
export function ErrorState({
  error,
  onRetry,
  way,
}: {
  error: unknown;
  onRetry?: () => void;
  way?: ReactNode;
}) {
  const t = useText('common');
  return (
    <div className="state state-error" role="alert">
      <IconAlertTriangle size={20} aria-hidden />
      <h2>{t('failed')}</h2>
      <ErrorReason error={error} />
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('retry')}
        </Button>
      )}
      {way}
    </div>
  );
}

/** Why an action of the user did not work, in the place of the action. */
export function ActionError({ error }: { error: unknown }) {
  const t = useText('common');
  if (error === null || error === undefined) return null;
  return (
    <div className="action-error" role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div>
        <strong>{t('failedAction')}</strong>
        <ErrorReason error={error} />
      </div>
    </div>
  );
}

function ErrorReason({ error }: { error: unknown }) {
  const t = useText('common');
  const known = error instanceof ApiError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const advice = known && t(adviceFor(known.status));
  return (
    <>
      <p>
        {message}
        {known?.details && <span className="details"> {known.details}</span>}
      </p>
      {advice && <p>{advice}</p>}
      {known && (
        <p className="code-line">
          {known.code}
          {known.status > 0 && ` · HTTP ${known.status}`}
        </p>
      )}
    </>
  );
}

/** What to do about a failure of this HTTP status. */
function adviceFor(status: number) {
  if (status === 0) return 'noAnswer';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'notThere';
  return status >= 500 ? 'serverFault' : 'checkRequest';
}
