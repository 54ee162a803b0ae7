import type { TargetCounts } from '../../../core/contract/campaigns.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { sharesOf } from './campaign-counts.ts';
import './campaigns.css';

interface CountBarProps {
  /** Whose bar it is. */
  readonly name: string;
  readonly counts: TargetCounts;
  readonly tall?: boolean;
}

/** How many devices are in each state, as parts of one bar. */
export function CountBar({ name, counts, tall = false }: CountBarProps) {
  const t = useText('campaigns');
  const language = usePreferences((state) => state.language);
  const shares = sharesOf(counts);
  const parts = shares
    .map(({ status, devices }) =>
      t('barPart', { total: count(devices, language), status: t(`target_${status}`) }),
    )
    .join(', ');
  const label = t('barLabel', { name, parts });
  return (
    <span
      className={tall ? 'count-bar count-bar-tall' : 'count-bar'}
      role="img"
      aria-label={label}
      title={parts}
    >
      {shares.map(({ status, percent }) => (
        <span key={status} className={`share share-${status}`} style={{ width: `${percent}%` }} />
      ))}
    </span>
  );
}
