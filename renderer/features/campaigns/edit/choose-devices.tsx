import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { usePreferences } from '../../../app/preferences.ts';
import { count } from '../../../format/numbers.ts';
import { useText } from '../../../i18n/use-text.ts';
import { useLack } from '../../../session/identity.ts';
import type { Problems } from '../../../ui/form-problems.ts';
import { deviceHref, IdText } from '../../../ui/id-text.tsx';
import FilterArea from '../../devices/filter/filter-area.tsx';
import type { CampaignForm } from './campaign-form.ts';
import { idsOf } from './campaign-form.ts';
import { mostNamed, useEligible, useMissing } from './use-eligible.ts';

/** Every device is in the root group or below it. */
const everyDevice = 'groupPath==/*';

export interface CampaignPartProps {
  readonly form: CampaignForm;
  readonly problems: Problems;
  /** Told when somebody has tried to send it: then what is missing is shown too. */
  readonly tried: boolean;
  readonly onChange: (part: Partial<CampaignForm>) => void;
}

/** Which devices take part: those that fit a filter, or those that are named. */
export function ChooseDevices(props: CampaignPartProps) {
  const t = useText('campaignForm');
  const { form, onChange } = props;
  return (
    <>
      <div className="buttons">
        <SegmentedControl
          aria-label={t('choose')}
          data={[
            { value: 'filter', label: t('byFilter') },
            { value: 'list', label: t('byList') },
          ]}
          value={form.by}
          onChange={(by) => onChange({ by: by as CampaignForm['by'] })}
        />
        {form.by === 'filter' && form.filter !== everyDevice && (
          <Button variant="subtle" onClick={() => onChange({ filter: everyDevice })}>
            {t('everyDevice')}
          </Button>
        )}
      </div>
      {form.by === 'filter' ? <ByFilter {...props} /> : <ByList {...props} />}
    </>
  );
}

function ByFilter({ form, problems, tried, onChange }: CampaignPartProps) {
  const problem = problems.get('targets.filterQuery');
  return (
    <>
      <div className="campaign-filter">
        <FilterArea filter={form.filter} onFilter={(filter) => onChange({ filter })} />
      </div>
      {problem !== undefined && (tried || form.filter !== '') && (
        <p className="field-error" role="status">
          {problem}
        </p>
      )}
      <FitNow filter={problem === undefined ? form.filter : undefined} />
    </>
  );
}

/** How many devices fit now, and the first of them. */
function FitNow({ filter }: { filter: string | undefined }) {
  const t = useText('campaignForm');
  const language = usePreferences((state) => state.language);
  const lack = useLack('DEVICE_R');
  const { data, error } = useEligible(filter);
  if (filter === undefined) return null;
  if (lack !== undefined) return <p className="dimmed">{lack}</p>;
  if (error) return <p className="field-error">{error.message}</p>;
  if (!data) return null;
  const { total, ids } = data;
  return (
    <div className="campaign-fit" role="status">
      <Link to="/devices" search={{ filter } as never} className="link">
        <strong>{t('fitNow', { count: total, total: count(total, language) })}</strong>
      </Link>
      {ids.map((id) => (
        <IdText key={id} id={id} to={deviceHref(id)} />
      ))}
      {total > ids.length && (
        <span className="dimmed">{t('andMore', { total: count(total - ids.length, language) })}</span>
      )}
    </div>
  );
}

function ByList({ form, problems, tried, onChange }: CampaignPartProps) {
  const t = useText('campaignForm');
  const ids = idsOf(form.ids);
  const missing = useMissing(ids).data ?? [];
  const [path, problem] = [...problems].find(([at]) => at.startsWith('targets.idList')) ?? [];
  const place = Number(path?.split('.')[2]);
  const named = Number.isNaN(place) ? problem : `${ids[place]}: ${problem}`;
  return (
    <>
      <Textarea
        label={t('ids')}
        description={t('idsHint')}
        autosize
        minRows={4}
        maxRows={14}
        spellCheck={false}
        value={form.ids}
        error={problem !== undefined && (tried || ids.length > 0) ? named : undefined}
        onChange={(event) => onChange({ ids: event.currentTarget.value })}
        classNames={{ input: 'mono' }}
      />
      {problem === undefined && (
        <div className="campaign-fit" role="status">
          <strong>{t('named', { count: ids.length })}</strong>
          {missing.length > 0 && (
            <span className="reason">
              {t('missing', { count: missing.length, ids: missing.slice(0, 5).join(', ') })}
            </span>
          )}
          {ids.length > mostNamed && <span className="dimmed">{t('lookedUp', { count: mostNamed })}</span>}
        </div>
      )}
    </>
  );
}
