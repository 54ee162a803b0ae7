import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { ViewHeader } from '../../ui/view-header.tsx';

/** The header of both views, each with a way to the other. */
export function BootstrapHeader(props: { at: 'entries' | 'configs'; note: ReactNode; children: ReactNode }) {
  const t = useText('bootstrap');
  const other = props.at === 'entries' ? 'configs' : 'entries';
  return (
    <ViewHeader
      title={props.at === 'entries' ? t('title') : `${t('title')}: ${t('configs')}`}
      note={props.note}
    >
      <Link to={other === 'configs' ? '/bootstrap/configs' : '/bootstrap'} className="link">
        {t(other)}
      </Link>
      {props.children}
    </ViewHeader>
  );
}
