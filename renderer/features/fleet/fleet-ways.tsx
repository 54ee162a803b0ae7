import { Link } from '@tanstack/react-router';
import { useText } from '../../i18n/use-text.ts';
import { useDeviceFilters } from '../devices/filter/use-device-filters.ts';
import './fleet-ways.css';

const ways = [
  { name: 'list', path: '/devices' },
  { name: 'map', path: '/devices/map' },
  { name: 'counts', path: '/devices/counts' },
] as const;

/** Leads to the same devices in another way: the filter comes along. */
export function FleetWays() {
  const t = useText('fleet');
  const { whole } = useDeviceFilters();
  return (
    <nav className="fleet-ways" aria-label={t('ways')}>
      {ways.map(({ name, path }) => (
        <Link
          key={name}
          to={path}
          search={{ filter: whole } as never}
          className="fleet-way"
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {t(name)}
        </Link>
      ))}
    </nav>
  );
}
