import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { CommandJson } from '../../../core/contract/commands.ts';
import type { ConfigurationJson, ParametersJson } from '../../../core/contract/configuration.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { Permitted } from '../../ui/permitted.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { type MessageRow, rowOfEntry, rowOfMessage } from '../messages/message-row.ts';
import { useDeviceMessages } from '../messages/messages-api.ts';
import { useDeviceResources } from '../resources/device-resources-api.ts';
import { ActivityLine } from './activity-line.tsx';
import type { DeviceTabProps } from './device-tab-props.ts';
import { devicePath } from './devices-api.ts';
import { mergeActivity } from './merge-activity.ts';

/** Lines shown at the most: further back, the views of messages and of the audit log are the better place. */
const mostLines = 300;
/** The newest ones; further back, the API is the better place. */
const commandsAsked = 50;
const noMessages: readonly MessageRow[] = [];

/** All that happened to the device in one timeline: messages, states, sessions, refusals. */
export default function DeviceActivity({ device, live }: DeviceTabProps) {
  const t = useText('devices');
  const [url, setUrl] = useUrlState();
  const withMessages = url.messages !== 'no';
  const mayAudit = useLack('LOGS_R') === undefined;
  const audit = useQuery({
    enabled: mayAudit,
    queryKey: ['audit', 'device', device.id],
    queryFn: () =>
      api.get<AuditMessage[]>('/api/v0/auditlog/messages', {
        query: { 'source.deviceId': device.id, limit: 200 },
      }),
  });
  const { commands, parameters } = useRequests(device.id);
  const { updates, resources } = useDeviceResources(device.id).data ?? noResources;
  const before = useDeviceMessages(device.id);
  const messages = useMemo(() => {
    const rows = new Map<string, MessageRow>();
    // Newest first, as far as one of them goes. What was refused is in the audit log too, with the reason.
    for (const entry of live.entries) if (entry.kind === 'message') rows.set(entry.key, rowOfEntry(entry));
    for (const message of before.data?.messages ?? []) rows.set(message.id, rowOfMessage(message));
    return [...rows.values()];
  }, [before.data, live.entries]);
  const timeline = (audited: readonly AuditMessage[]) => {
    const happened = mergeActivity({
      device,
      audit: audited,
      events: live.devices.filter((event) => event.deviceId === device.id),
      messages: withMessages ? messages : noMessages,
      commands,
      parameters,
      updates,
      resources,
    });
    return (
      <ol className="activity">
        {happened.slice(0, mostLines).map((each) => (
          <li key={each.key}>
            <TimeText time={each.time} form="full" />
            <ActivityLine happened={each} />
          </li>
        ))}
      </ol>
    );
  };
  return (
    <>
      <div className="activity-choice">
        <Switch
          label={t('withMessages')}
          checked={withMessages}
          onChange={(event) => setUrl({ messages: event.currentTarget.checked ? undefined : 'no' })}
        />
      </div>
      <Permitted needs="LOGS_R">{null}</Permitted>
      {mayAudit ? <QueryView query={audit}>{timeline}</QueryView> : timeline([])}
    </>
  );
}

const noResources = { updates: [], resources: {} };
const noCommands: readonly CommandJson[] = [];
const noParameters: ParametersJson = {};

/** What was asked of the device, and how far that has come. */
function useRequests(deviceId: string): { commands: readonly CommandJson[]; parameters: ParametersJson } {
  const path = devicePath(deviceId);
  const commands = useQuery({
    queryKey: ['commands', 'device', deviceId],
    queryFn: () => api.get<CommandJson[]>(`${path}/commands`, { query: { limit: commandsAsked } }),
  });
  const configuration = useQuery({
    queryKey: ['configuration', 'device', deviceId],
    queryFn: () => api.get<ConfigurationJson>(`${path}/config`),
  });
  return {
    commands: commands.data ?? noCommands,
    parameters: configuration.data?.parameters ?? noParameters,
  };
}
