import type { FleetView } from '../../../core/contract/simulators.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useRate } from './use-rate.ts';

export function FleetFigures({ fleet }: { fleet: FleetView }) {
  const t = useText('simulators');
  const language = usePreferences((state) => state.language);
  const rate = useRate(fleet.sent) ?? 0;
  const number = (value: number): string => count(value, language);
  const figures: [string, string][] = [
    [t('connected'), t('connectedOf', { connected: number(fleet.connected), total: number(fleet.devices) })],
    [t('rate'), t('rateValue', { rate: (fleet.state === 'running' ? rate : 0).toFixed(1) })],
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
