import { Checkbox } from '@mantine/core';
import { usePreferences } from '../../../app/preferences.ts';
import { bothTimes, dateTime, zoneAt } from '../../../format/time.ts';
import { useText } from '../../../i18n/use-text.ts';
import { MomentField } from '../../../ui/moment-field.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { useClock } from '../../clock/clock-api.ts';
import { usePlatformNow } from '../../clock/use-platform-now.ts';
import type { CampaignPartProps } from './choose-devices.tsx';

interface PlanningFieldsProps extends CampaignPartProps {
  /** False when it has begun. */
  readonly mayMoveStart: boolean;
}

/** When a campaign begins and ends, by the platform's clock. */
export function PlanningFields({ form, problems, mayMoveStart, onChange }: PlanningFieldsProps) {
  const t = useText('campaignForm');
  const utc = usePreferences((state) => state.utc);
  const now = usePlatformNow();
  const mode = useClock().data?.mode ?? 'real';
  return (
    <>
      <p className="flat">
        {t('platformTime')}{' '}
        <span className="time" title={bothTimes(now)}>
          {dateTime(now, utc).slice(0, 19)} {zoneAt(now, utc)}
        </span>{' '}
        {mode !== 'real' && <StatusMark tone="warn" word={t(`clock_${mode}`)} />}
      </p>
      <div className="two-columns">
        <MomentField
          label={t('start')}
          description={t('startHint')}
          value={form.start}
          disabled={!mayMoveStart}
          error={problems.get('planning.startDate')}
          onChange={(start) => onChange({ start })}
        />
        <MomentField
          label={t('end')}
          description={t('endHint')}
          value={form.end}
          error={problems.get('planning.endDate')}
          onChange={(end) => onChange({ end })}
        />
      </div>
      {form.by === 'filter' && (
        <Checkbox
          label={t('dynamic')}
          description={t('dynamicHint')}
          checked={form.dynamic}
          onChange={(event) => onChange({ dynamic: event.currentTarget.checked })}
        />
      )}
    </>
  );
}
