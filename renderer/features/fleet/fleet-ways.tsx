import { Link } from '@tanstack/react-router';
import { useText } from '../../i18n/use-text.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { rsqlOf } from './narrower.ts';
import './fleet-ways.css';

const ways = [
  { name: 'list', path: '/devices' },
  { name: 'map', path: '/devices/map' },
  { name: 'counts', path: '/devices/counts' },
] as const;

/** Leads to the same devices in another way: the filter comes along. */
export function FleetWays() {
  const t = useText('fleet');
  const [{ text, group, tags, status, connector, filter }] = useUrlState();
  const rsql = rsqlOf({ text, group, tags, status, connector, filter });
  return (
    <nav className="fleet-ways" aria-label={t('ways')}>
      {ways.map(({ name, path }) => (
        <Link
          key={name}
          to={path}
          search={{ filter: rsql } as never}
          className="fleet-way"
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {t(name)}
        </Link>
      ))}
    </nav>
  );
}
