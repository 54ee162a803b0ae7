import type { UserJson } from '../../../core/contract/users.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

const marks = {
  enabled: { tone: 'ok' },
  disabled: { tone: 'quiet', shape: 'square' },
  suspended: { tone: 'quiet', shape: 'square' },
} as const;

/** Whether a user may sign in. */
export function UserStateMark({ user }: { user: UserJson }) {
  const t = useText('users');
  if (user.locked) return <StatusMark tone="warn" word={t('locked')} />;
  return <StatusMark {...marks[user.state]} word={t(`state_${user.state}`)} />;
}
