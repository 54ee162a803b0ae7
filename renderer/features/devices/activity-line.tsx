import { Link } from '@tanstack/react-router';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { InterfaceStatus } from '../../../core/contract/connectors.ts';
import { useText } from '../../i18n/use-text.ts';
import type { DeviceEvent } from '../../live/live-store.ts';
import { IdText } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { MessageRow } from '../messages/message-row.ts';
import { UpdateReason, UpdateStatusMark } from '../resources/update-status.tsx';
import type { CommandChange, Happened, Moment, ParameterChange, UpdateStep } from './merge-activity.ts';

/** One thing that happened to a device. */
export function ActivityLine({ happened }: { happened: Happened }) {
  if ('audit' in happened) return <AuditLine message={happened.audit} />;
  if ('event' in happened) return <EventLine event={happened.event} />;
  if ('command' in happened) return <CommandLine change={happened.command} />;
  if ('parameter' in happened) return <ParameterLine change={happened.parameter} />;
  if ('update' in happened) return <UpdateLine step={happened.update} />;
  if ('version' in happened) return <VersionLine {...happened.version} />;
  if ('moment' in happened) return <MomentLine moment={happened.moment} />;
  return <MessageLine row={happened.message} />;
}

function CommandLine({ change: { commandId, entry } }: { change: CommandChange }) {
  const t = useText('devices');
  const { status, deliveryStatus, errorCode } = entry;
  const bad = status === 'ERROR' || status === 'EXPIRED';
  return (
    <div>
      <StatusMark tone={bad ? 'bad' : status === 'PROCESSED' ? 'ok' : 'quiet'} word={status} />{' '}
      {t('commandStep')} <IdText id={commandId} what={t('commandStep')} />{' '}
      <span className="dimmed">{[deliveryStatus, errorCode].filter(Boolean).join(' · ')}</span>
    </div>
  );
}

function ParameterLine({ change: { name, kind, value } }: { change: ParameterChange }) {
  const t = useText('devices');
  return (
    <div>
      {t(`parameter_${kind}`)} <span className="mono">{`${name} = ${value}`}</span>
    </div>
  );
}

function UpdateLine({ step: { of, kind } }: { step: UpdateStep }) {
  const t = useText('devices');
  const { resourceId, requestedVersion } = of;
  const text = t('updateStep', { resource: resourceId, version: requestedVersion });
  if (kind === 'asked')
    return <div>{t('updateAsked', { resource: resourceId, version: requestedVersion })}</div>;
  return (
    <div>
      <UpdateStatusMark update={of} /> {text} <UpdateReason update={of} />
    </div>
  );
}

function VersionLine({ resourceId, version }: { resourceId: string; version: string }) {
  const t = useText('devices');
  return (
    <div>
      {t('versionReported')} <span className="mono">{`${resourceId} = ${version}`}</span>
    </div>
  );
}

function MessageLine({ row }: { row: MessageRow }) {
  const t = useText('messages');
  return (
    <div className="activity-line">
      <StatusMark tone="ok" word={t('stored')} />
      <Link
        to="/messages"
        search={{ message: row.key } as never}
        className="link mono ellipsis"
        title={row.summary}
      >
        {row.summary || t('panelMessage')}
      </Link>
    </div>
  );
}

function MomentLine({ moment }: { moment: Moment }) {
  const t = useText('devices');
  if (moment.kind === 'registered') return <div>{t('event_created')}</div>;
  return <div>{t(`moment_${moment.kind}`, { connector: moment.connector })}</div>;
}

function AuditLine({ message }: { message: AuditMessage }) {
  const common = useText('common');
  return (
    <div>
      <StatusMark
        tone={message.level === 'error' ? 'bad' : 'quiet'}
        word={common(`level_${message.level}`)}
      />{' '}
      <strong>{message.description}</strong> {message.detailedDescription}
    </div>
  );
}

function EventLine({ event }: { event: DeviceEvent }) {
  const t = useText('devices');
  const common = useText('common');
  if (event.kind !== 'status') return <div>{t(`event_${event.kind}`)}</div>;
  const status = (event.status ?? 'none') as InterfaceStatus | 'none';
  return (
    <div>
      <InterfaceStatusMark status={status} />{' '}
      {t('event_status', { connector: event.connector ?? '', status: common(`status_${status}`) })}
    </div>
  );
}
