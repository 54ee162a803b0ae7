import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { EmptyState } from '../ui/view-states.tsx';

export function NotFound() {
  const t = useText('shell');
  return (
    <EmptyState
      title={t('notFound')}
      action={
        <Link to="/" className="link">
          {t('toDashboard')}
        </Link>
      }
    />
  );
}
