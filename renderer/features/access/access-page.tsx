import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity } from '../../session/identity.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { AccessTabs, accessParts } from './access-tabs.tsx';

type Part = (typeof accessParts)[number]['name'];

/** One of the parts of Access, for who may see it. */
export function AccessPage({ part, children }: { part: Part; children: ReactNode }) {
  const t = useText('access');
  const { data: me } = useIdentity();
  const isOpen = !me || accessParts.find(({ name }) => name === part)?.isOpen(me);
  const other = me && accessParts.find((each) => each.isOpen(me));
  if (!isOpen && part === 'keys' && other) return <Navigate to={other.path} replace />;
  return (
    <div className="list-view">
      <AccessTabs />
      {isOpen ? children : <EmptyState title={t('closed')}>{t(`closed_${part}`)}</EmptyState>}
    </div>
  );
}
