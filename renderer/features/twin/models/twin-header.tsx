import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../../i18n/use-text.ts';
import { ViewHeader } from '../../../ui/view-header.tsx';

/** The header of both views, each with a way to the other. */
export function TwinHeader(props: { at: 'models' | 'rules'; note: ReactNode; children: ReactNode }) {
  const t = useText('twinModels');
  const other = props.at === 'models' ? 'rules' : 'models';
  return (
    <ViewHeader title={t(`title_${props.at}`)} note={props.note}>
      <Link to={other === 'rules' ? '/twin/rules' : '/twin'} className="link">
        {t(`title_${other}`)}
      </Link>
      {props.children}
    </ViewHeader>
  );
}
