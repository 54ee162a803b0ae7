import { Link } from '@tanstack/react-router';
import type {
  CampaignSummary,
  CampaignTargetJson,
  OperationError,
} from '../../../core/contract/campaigns.ts';
import { useText } from '../../i18n/use-text.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { Permitted } from '../../ui/permitted.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { CommandDetails } from '../commands/command-details.tsx';
import { useCommand } from '../commands/commands-api.ts';
import { TargetMark } from './campaign-marks.tsx';

type Operation = CampaignTargetJson['operations'][number];

interface TargetPanelProps {
  readonly target: CampaignTargetJson;
  readonly campaign: CampaignSummary;
  readonly onClose: () => void;
}

/** One device in a campaign: each operation, what it is as a command, and why it failed. */
export function TargetPanel({ target, campaign, onClose }: TargetPanelProps) {
  const t = useText('campaigns');
  const { deviceId, status, error, operations } = target;
  const notBegun = campaign.operations.slice(operations.length);
  return (
    <SidePanel title={t('device')} onClose={onClose} wide>
      <IdText id={deviceId} to={deviceHref(deviceId)} what={t('device')} />
      <p className="inline flat">
        <TargetMark status={status} />
        <Link to={deviceHref(deviceId)} className="link">
          {t('toDevice')}
        </Link>
        {campaign.operations.some(({ action }) => action.startsWith('resource')) && (
          <Link to={deviceHref(deviceId)} search={{ tab: 'resources' } as never} className="link">
            {t('toResources')}
          </Link>
        )}
        {campaign.operations.some(({ action }) => action === 'configure') && (
          <Link to={deviceHref(deviceId)} search={{ tab: 'configuration' } as never} className="link">
            {t('toConfiguration')}
          </Link>
        )}
      </p>
      {error && <Failure error={error} />}
      {operations.map((operation, index) => (
        <OperationPart
          key={operation.operationId}
          deviceId={deviceId}
          operation={operation}
          place={index + 1}
          maxRetry={Number(campaign.operations[index]?.definition.maxRetry ?? 0)}
        />
      ))}
      {notBegun.map(({ action }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: their order is what tells operations apart
        <h3 key={index} className="dimmed">
          {t('operationAt', { place: operations.length + index + 1, action: t(`action_${action}`) })}:{' '}
          {t('notBegun')}
        </h3>
      ))}
    </SidePanel>
  );
}

interface OperationPartProps {
  readonly deviceId: string;
  readonly operation: Operation;
  readonly place: number;
  readonly maxRetry: number;
}

function OperationPart({ deviceId, operation, place, maxRetry }: OperationPartProps) {
  const t = useText('campaigns');
  const { action, operationId, operationStatus, currentRetry, started, ended, error } = operation;
  const isCommand = action === 'command';
  const facts: Fact[] = [
    [t('status'), <TargetMark key="status" status={operationStatus} />],
    [t('retries'), maxRetry > 0 && t('attempt', { number: currentRetry + 1, most: maxRetry + 1 })],
    [t('startedAt'), <TimeText key="started" time={started} form="full" />],
    [t('endedAt'), ended !== undefined && <TimeText time={ended} form="full" />],
    [
      t(isCommand ? 'commandId' : 'operationId'),
      <IdText
        key="id"
        id={operationId}
        what={t(isCommand ? 'commandId' : 'operationId')}
        to={isCommand ? `${deviceHref(deviceId)}?tab=commands&command=${operationId}` : undefined}
      />,
    ],
  ];
  return (
    <section>
      <h3>{t('operationAt', { place, action: t(`action_${action}`) })}</h3>
      <Facts facts={facts} />
      {error && <Failure error={error} />}
      {isCommand && (
        <Permitted needs="DEVICE_R">
          <CommandPart commandId={operationId} />
        </Permitted>
      )}
    </section>
  );
}

function Failure({ error }: { error: OperationError }) {
  const t = useText('campaigns');
  const facts: Fact[] = [
    [
      t('code'),
      <span key="code" className="mono">
        {error.code}
      </span>,
    ],
    [t('origin'), t(`origin_${error.origin}`)],
    [t('deviceCode'), error.deviceCode],
    [t('details'), error.details],
  ];
  return (
    <div className="why" role="note">
      <Facts facts={facts} />
    </div>
  );
}

function CommandPart({ commandId }: { commandId: string }) {
  const query = useCommand(commandId);
  return (
    <QueryView query={query} rows={4}>
      {(command) => <CommandDetails command={command} />}
    </QueryView>
  );
}
