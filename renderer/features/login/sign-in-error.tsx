import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { ActionError } from '../../ui/view-states.tsx';

const known = {
  UNAUTHORIZED: 'wrong',
  USER_LOCKED: 'locked',
  USER_DISABLED: 'disabled',
  GENERIC_TOO_MANY_REQUESTS_ERROR: 'busy',
} as const;

const instant = /\d{4}-\d\d-\d\dT[\d:.]+Z/;

interface SignInErrorProps {
  readonly error: unknown;
  /** It was an API key. */
  readonly ofKey?: boolean;
  /** It was one's own old password. */
  readonly own?: boolean;
}

/** Why a password was refused, and what to do. */
export function SignInError({ error, ofKey = false, own = false }: SignInErrorProps) {
  const t = useText('login');
  const failure = error instanceof ApiError ? error : undefined;
  const name = ofKey ? undefined : known[failure?.code as keyof typeof known];
  if (!failure || name === undefined) return <ActionError error={error} />;
  // The end of a lock stands in the details, for people; without it the rest is still true.
  const [until] = (name === 'locked' && instant.exec(failure.details ?? '')) || [];
  return (
    <div className="action-error" role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div>
        <strong>{t(own && name === 'wrong' ? 'wrongOwn' : name)}</strong>
        {until !== undefined && (
          <p>
            {t('lockedUntil')} <TimeText time={until} form="relative" />
          </p>
        )}
        <p>{t(`${name}Text`)}</p>
        <p className="code-line">
          {failure.code} · HTTP {failure.status}
        </p>
      </div>
    </div>
  );
}
