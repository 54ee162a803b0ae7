import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { InterfaceStatus } from '../../../core/contract/connectors.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import type { DeviceEvent } from '../../live/live-store.ts';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { type MessageRow, rowOfEntry, rowOfMessage } from '../messages/message-row.ts';
import { useDeviceMessages } from '../messages/messages-api.ts';
import type { DeviceTabProps } from './device-tab-props.ts';
import { type Happened, type Moment, mergeActivity } from './merge-activity.ts';

/** Lines shown at the most: further back, the views of messages and of the audit log are the better place. */
const mostLines = 300;
const noMessages: readonly MessageRow[] = [];

/** All that happened to the device in one timeline: messages, states, sessions, refusals. */
export default function DeviceActivity({ device, live }: DeviceTabProps) {
  const t = useText('devices');
  const [url, setUrl] = useUrlState();
  const withMessages = url.messages !== 'no';
  const audit = useQuery({
    queryKey: ['audit', 'device', device.id],
    queryFn: () =>
      api.get<AuditMessage[]>('/api/v0/auditlog/messages', {
        query: { 'source.deviceId': device.id, limit: 200 },
      }),
  });
  const before = useDeviceMessages(device.id);
  const messages = useMemo(() => {
    const rows = new Map<string, MessageRow>();
    for (const message of before.data?.messages ?? []) rows.set(message.id, rowOfMessage(message));
    // What was refused is in the audit log too, with the reason.
    for (const entry of live.entries) if (entry.kind === 'message') rows.set(entry.key, rowOfEntry(entry));
    return [...rows.values()];
  }, [before.data, live.entries]);
  return (
    <>
      <div className="activity-choice">
        <Switch
          label={t('withMessages')}
          checked={withMessages}
          onChange={(event) => setUrl({ messages: event.currentTarget.checked ? undefined : 'no' })}
        />
      </div>
      <QueryView query={audit}>
        {(audited) => {
          const happened = mergeActivity({
            device,
            audit: audited,
            events: live.devices.filter((event) => event.deviceId === device.id),
            messages: withMessages ? messages : noMessages,
          });
          return (
            <ol className="activity">
              {happened.slice(0, mostLines).map((each) => (
                <li key={each.key}>
                  <TimeText time={each.time} form="full" />
                  <Line happened={each} />
                </li>
              ))}
            </ol>
          );
        }}
      </QueryView>
    </>
  );
}

function Line({ happened }: { happened: Happened }) {
  if ('audit' in happened) return <AuditLine message={happened.audit} />;
  if ('event' in happened) return <EventLine event={happened.event} />;
  if ('moment' in happened) return <MomentLine moment={happened.moment} />;
  return <MessageLine row={happened.message} />;
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
