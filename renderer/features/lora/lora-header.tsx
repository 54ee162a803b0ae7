import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import '../fleet/fleet-ways.css';

const ways = [
  { name: 'gateways', path: '/lora' },
  { name: 'map', path: '/lora/map' },
  { name: 'frames', path: '/lora/frames' },
] as const;

/** The header of each view of the LoRa network, with the ways to the others. */
export function LoraHeader(props: {
  at: (typeof ways)[number]['name'];
  note?: ReactNode;
  children?: ReactNode;
}) {
  const t = useText('lora');
  return (
    <ViewHeader title={t(`title_${props.at}`)} note={props.note}>
      <nav className="fleet-ways" aria-label={t('ways')}>
        {ways.map(({ name, path }) => (
          <Link
            key={name}
            to={path}
            className="fleet-way"
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {t(name)}
          </Link>
        ))}
      </nav>
      {props.children}
    </ViewHeader>
  );
}
