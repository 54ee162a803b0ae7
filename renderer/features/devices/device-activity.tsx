import { useQuery } from '@tanstack/react-query';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { InterfaceStatus } from '../../../core/contract/connectors.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import type { DeviceEvent, LiveSnapshot } from '../../live/live-store.ts';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { mergeActivity } from './merge-activity.ts';

/** What happened to the device: the audit log, and its states since this page was opened. */
export function DeviceActivity({ deviceId, live }: { deviceId: string; live: LiveSnapshot }) {
  const t = useText('devices');
  const audit = useQuery({
    queryKey: ['audit', 'device', deviceId],
    queryFn: () =>
      api.get<AuditMessage[]>('/api/v0/auditlog/messages', {
        query: { 'source.deviceId': deviceId, limit: 200 },
      }),
  });
  return (
    <QueryView query={audit}>
      {(messages) => {
        const happened = mergeActivity(
          messages,
          live.devices.filter((event) => event.deviceId === deviceId),
        );
        if (happened.length === 0) return <EmptyState title={t('noActivity')} />;
        return (
          <ol className="activity">
            {happened.map(({ key, time, audit: message, event }) => (
              <li key={key}>
                <TimeText time={time} form="full" />
                {message && <AuditLine message={message} />}
                {event && <EventLine event={event} />}
              </li>
            ))}
          </ol>
        );
      }}
    </QueryView>
  );
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
