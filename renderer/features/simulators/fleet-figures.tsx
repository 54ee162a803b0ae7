import type { FleetView } from '../../../core/contract/simulators.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count, rate } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useRate } from './use-rate.ts';

/** @param at when the fleet was looked at, in milliseconds */
export function FleetFigures({ fleet, at }: { fleet: FleetView; at: number }) {
  const t = useText('simulators');
  const language = usePreferences((state) => state.language);
  const perSecond = useRate(fleet.sent, at) ?? 0;
  const number = (value: number): string => count(value, language);
  const figures: [string, string][] = [
    [t('connected'), t('connectedOf', { connected: number(fleet.connected), total: number(fleet.devices) })],
    [t('rate'), t('rateValue', { rate: rate(fleet.state === 'running' ? perSecond : 0, language) })],
    [t('sent'), number(fleet.sent)],
    [t('acknowledged'), number(fleet.acknowledged)],
    [t('received'), number(fleet.received)],
    [t('errors'), number(fleet.errors)],
    [t('skipped'), number(fleet.skipped)],
  ];
  return (
    <dl className="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
