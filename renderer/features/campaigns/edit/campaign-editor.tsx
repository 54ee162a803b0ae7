import { Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import type { CampaignJson, CampaignSummary } from '../../../../core/contract/campaigns.ts';
import { platformNow } from '../../../format/platform-time.ts';
import { useText } from '../../../i18n/use-text.ts';
import { CurlLine } from '../../../ui/as-curl.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { ViewHeader } from '../../../ui/view-header.tsx';
import { ActionError } from '../../../ui/view-states.tsx';
import { usePlatformNow } from '../../clock/use-platform-now.ts';
import { hasEnded } from '../campaign-counts.ts';
import {
  campaignHref,
  campaignPath,
  campaignsUrl,
  changeCampaign,
  createCampaign,
  useCampaigns,
} from '../campaigns-api.ts';
import { OperationSentences } from '../operation-sentences.tsx';
import { type CampaignForm, changeOf, checkedBody, formProblems, toBody } from './campaign-form.ts';
import { CampaignReview } from './campaign-review.tsx';
import { type CampaignPartProps, ChooseDevices } from './choose-devices.tsx';
import { commandTemplates } from './command-templates.ts';
import { OperationList } from './operation-list.tsx';
import { PlanningFields } from './planning-fields.tsx';
import { useEligible, useSentCommands } from './use-eligible.ts';
import '../campaigns.css';

interface CampaignEditorProps {
  readonly start: CampaignForm;
  /** The campaign to change; undefined: a new one. */
  readonly campaign?: CampaignJson;
}

/** How much of a campaign may still be changed. */
type Open = 'all' | 'end' | 'name';

function openOf(campaign: CampaignJson | undefined): Open {
  if (!campaign || campaign.campaignStatus === 'SCHEDULED') return 'all';
  return hasEnded(campaign.campaignStatus) || campaign.campaignStatus === 'CANCELING' ? 'name' : 'end';
}

/** Plans a campaign in four steps, of which the last says what will happen. */
export function CampaignEditor({ start, campaign: given }: CampaignEditorProps) {
  // As it was when the form was opened: what changes meanwhile is not taken back by saving.
  const [campaign] = useState(given);
  const t = useText('campaignForm');
  const common = useText('common');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const element = useRef<HTMLFormElement>(null);
  const [form, setForm] = useState(start);
  const [tried, setTried] = useState(false);
  const onChange = (part: Partial<CampaignForm>): void => setForm((before) => ({ ...before, ...part }));
  const open = openOf(given);
  const now = usePlatformNow();
  const problems = formProblems(form, open === 'name' ? Number.NEGATIVE_INFINITY : now, {
    needed: common('needed'),
    filterNeeded: t('filterNeeded'),
    twice: t('twice'),
    notJson: t('notJson'),
    isOver: t('isOver'),
  });
  const body = problems.size === 0 ? checkedBody(form) : undefined;
  const request = () =>
    campaign ? changeOf(campaign, form, new Date(platformNow()).toISOString()) : toBody(form);
  const change = campaign ? request() : undefined;
  const untouched = change !== undefined && Object.keys(change).length === 0;
  const leave = (): void => void navigate({ to: campaign ? campaignHref(campaign.id) : '/campaigns' });
  const save = useMutation({
    mutationFn: () =>
      campaign
        ? changeCampaign(campaign.id, request() as ReturnType<typeof changeOf>)
        : createCampaign(toBody(form) as never),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['campaigns'] });
      await navigate({ to: campaignHref(id) });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (body && !untouched) save.mutate();
    else requestAnimationFrame(() => firstFault(element.current)?.focus());
  };
  const part: CampaignPartProps = { form, problems, tried, onChange };
  return (
    <form className="page campaign-editor" ref={element} onSubmit={submit} onKeyDown={keepEnter} noValidate>
      <ViewHeader title={campaign ? t('edit', { name: campaign.name }) : t('new')} />
      <div className="campaign-columns">
        <div className="campaign-steps">
          <div className="two-columns">
            <TextInput
              label={t('name')}
              value={form.name}
              required
              error={tried || form.name !== '' ? problems.get('name') : undefined}
              onChange={(event) => onChange({ name: event.currentTarget.value })}
            />
            <Textarea
              label={t('description')}
              autosize
              minRows={1}
              maxRows={6}
              value={form.description}
              error={problems.get('description')}
              onChange={(event) => onChange({ description: event.currentTarget.value })}
            />
          </div>
          {open !== 'all' && <p className="note">{t(`open_${open}`)}</p>}
          {open === 'all' && (
            <Step title={t('stepDevices')}>
              <ChooseDevices {...part} />
            </Step>
          )}
          <Step title={t('stepOperations')}>
            {open === 'all' ? <Operations {...part} /> : <Fixed campaign={campaign} />}
          </Step>
          {open !== 'name' && (
            <Step title={t('stepPlanning')}>
              <PlanningFields {...part} mayMoveStart={open === 'all'} />
            </Step>
          )}
        </div>
        <section className="campaign-summary" aria-label={t('stepReview')}>
          <h2>{t('stepReview')}</h2>
          {body ? (
            open !== 'name' && <CampaignReview body={body} begun={open !== 'all'} />
          ) : (
            <p className={tried ? 'field-error' : 'dimmed'} role="status">
              {t('notYet', { count: problems.size })}
            </p>
          )}
          <ActionError error={save.error} />
          <FormButtons
            submit={campaign ? common('save') : t('plan')}
            needs="CAMPAIGN_W"
            busy={save.isPending}
            disabled={untouched}
            onCancel={leave}
          />
          {body && !untouched && (
            <details className="disclosure">
              <summary>{common('asCurl')}</summary>
              <CurlLine
                method={campaign ? 'PATCH' : 'POST'}
                path={campaign ? campaignPath(campaign.id) : campaignsUrl}
                body={campaign ? change : toBody(form)}
              />
            </details>
          )}
        </section>
      </div>
    </form>
  );
}

/** Enter in a field, as after a value of the filter, sends nothing to a thousand devices: the button does. */
function keepEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
}

/** The first field that does not fit, for the focus. */
const firstFault = (form: HTMLFormElement | null): HTMLElement | null =>
  form?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? null;

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="campaign-step" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Operations(props: CampaignPartProps) {
  const { form, problems } = props;
  const fits = form.by === 'filter' && !problems.has('targets.filterQuery');
  const devices = useEligible(fits ? form.filter : undefined).data?.ids ?? none;
  const commands = useSentCommands(devices);
  const campaigns = useCampaigns({ page: 0 }).data?.data ?? noCampaigns;
  const templates = useMemo(() => commandTemplates(commands, campaigns), [commands, campaigns]);
  return <OperationList {...props} templates={templates} />;
}

const none: readonly string[] = [];
const noCampaigns: readonly CampaignSummary[] = [];

function Fixed({ campaign }: { campaign: CampaignJson | undefined }) {
  return <OperationSentences operations={campaign?.operations ?? []} />;
}
