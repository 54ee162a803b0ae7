import { Link } from '@tanstack/react-router';
import type { FleetView } from '../../../core/contract/simulators.ts';
import { duration } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { FleetControls } from './fleet-controls.tsx';
import { FleetFigures } from './fleet-figures.tsx';
import { isSilent } from './fleet-form.ts';
import { FleetState } from './fleet-state.tsx';

export const fleetHref = (id: string): string => `/simulators/${encodeURIComponent(id)}`;

/** @param at when the fleet was looked at, in milliseconds */
export function FleetCard({ fleet, at }: { fleet: FleetView; at: number }) {
  const t = useText('simulators');
  const { template } = fleet;
  const { name, idPattern, periodMs } = template;
  return (
    <li className="card">
      <div className="card-title">
        <h3>
          <Link to={fleetHref(fleet.id)} className="link">
            {name}
          </Link>
        </h3>
        <FleetState state={fleet.state} />
      </div>
      <p className="flat dimmed">
        <span className="mono">{idPattern}</span>,{' '}
        {isSilent(template) ? t('silentEach') : t('each', { period: duration(periodMs) })}
      </p>
      {fleet.problem !== null && (
        <div className="why" role="note">
          <p>{fleet.problem}</p>
        </div>
      )}
      <FleetFigures fleet={fleet} at={at} />
      <FleetControls fleet={fleet} />
    </li>
  );
}
