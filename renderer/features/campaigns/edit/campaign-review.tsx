import type { ReactNode } from 'react';
import { type CreateCampaignRequest, wantedValues } from '../../../../core/contract/campaigns.ts';
import { usePreferences } from '../../../app/preferences.ts';
import { count, duration } from '../../../format/numbers.ts';
import { useText } from '../../../i18n/use-text.ts';
import { TimeText } from '../../../ui/time-text.tsx';
import { usePlatformNow } from '../../clock/use-platform-now.ts';
import { useEligible, useMissing } from './use-eligible.ts';

interface CampaignReviewProps {
  readonly body: CreateCampaignRequest;
  /** True when it has begun: its devices are known. */
  readonly begun: boolean;
}

/** A campaign in words: when, on which devices, what, and until when. */
export function CampaignReview({ body, begun }: CampaignReviewProps) {
  const t = useText('campaignForm');
  return (
    <div className="campaign-review">
      {!begun && <Begin body={body} />}
      {!begun && <Who body={body} />}
      <ol>
        {body.operations.map((operation, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: their order is what tells operations apart
          <li key={index}>
            <OperationWords operation={operation} />
          </li>
        ))}
      </ol>
      {body.operations.length > 1 && <p>{t('oneAfterOther')}</p>}
      <End body={body} />
    </div>
  );
}

function Begin({ body: { planning } }: { body: CreateCampaignRequest }) {
  const t = useText('campaignForm');
  const now = usePlatformNow();
  const start = planning?.startDate ?? undefined;
  const waitMs = start === undefined ? 0 : Date.parse(start) - now;
  if (start === undefined || waitMs <= 0) {
    return <p>{t(start === undefined ? 'beginsNow' : 'beginsPassed')}</p>;
  }
  return (
    <p>
      <Words text={t('beginsAt', { moment: '\0', wait: duration(Math.ceil(waitMs / 1000) * 1000) })}>
        <TimeText time={start} form="full" />
      </Words>
    </p>
  );
}

function Who({ body: { targets, options, planning } }: { body: CreateCampaignRequest }) {
  const t = useText('campaignForm');
  const language = usePreferences((state) => state.language);
  const filter = targets.filterQuery ?? undefined;
  const named = [...new Set(targets.idList ?? [])];
  const eligible = useEligible(filter).data;
  const missing = useMissing(named).data ?? [];
  const number = (value: number): string => count(value, language);
  if (filter === undefined) {
    return (
      <p>
        {t('onNamed', { count: named.length, total: number(named.length) })}{' '}
        {missing.length > 0 && <span className="reason">{t('willFail', { count: missing.length })}</span>}
      </p>
    );
  }
  return (
    <p>
      <Words text={t(planning?.startDate ? 'onFittingThen' : 'onFitting', { filter: '\0' })}>
        <code>{filter}</code>
      </Words>{' '}
      {eligible && (
        <strong>{t('thatIsNow', { count: eligible.total, total: number(eligible.total) })}</strong>
      )}{' '}
      {options?.dynamicallyAddEligibleDevice && t('laterToo')}
    </p>
  );
}

function OperationWords({ operation }: { operation: CreateCampaignRequest['operations'][number] }) {
  const t = useText('campaignForm');
  const retries = t('repeats', { count: operation.definition.maxRetry });
  if (operation.action === 'configure') {
    const values = Object.entries(wantedValues(operation.definition.assetParameters));
    return (
      <>
        {t('asksFor')}{' '}
        {values.map(([key, { type, value }], index) => (
          <span key={key}>
            {index > 0 && ', '}
            <code>{`${key} = ${JSON.stringify(value)}`}</code> <span className="dimmed">{type}</span>
          </span>
        ))}
        . {retries}
      </>
    );
  }
  if (
    operation.action === 'twin-operation' ||
    operation.action === 'twin-add-observation' ||
    operation.action === 'twin-clear-observations'
  ) {
    const { maxRetry: _, ...asked } = operation.definition;
    return (
      <>
        {t(`do_${operation.action}`)} <code>{JSON.stringify(asked)}</code>. {retries}
      </>
    );
  }
  const { definition } = operation;
  if ('resourceId' in definition) {
    const version = 'targetVersion' in definition ? definition.targetVersion : definition.requestedVersion;
    return (
      <>
        {t('brings', { version, resource: definition.resourceId })} {retries}
      </>
    );
  }
  const [connector, value] =
    'request' in definition
      ? [definition.request.connector, definition.request.value]
      : ['mqtt', { event: definition.event, data: definition.data }];
  return (
    <>
      <Words text={t('sends', { connector, value: '\0' })}>
        <code>{JSON.stringify(value)}</code>
      </Words>{' '}
      {retries}
    </>
  );
}

function End({ body: { planning, options } }: { body: CreateCampaignRequest }) {
  const t = useText('campaignForm');
  const end = planning?.endDate ?? undefined;
  if (end === undefined) {
    return options?.dynamicallyAddEligibleDevice ? (
      <p className="reason">{t('endsNever')}</p>
    ) : (
      <p>{t('endsDone')}</p>
    );
  }
  return (
    <p>
      <Words text={t('endsAt', { moment: '\0' })}>
        <TimeText time={end} form="full" />
      </Words>
    </p>
  );
}

/** A text with its one gap filled. */
function Words({ text, children }: { text: string; children: ReactNode }) {
  const [before, after] = text.split('\0');
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}
