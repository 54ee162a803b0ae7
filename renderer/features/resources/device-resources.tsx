import { Group } from '@mantine/core';
import { IconCloudDownload, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeviceResourceJson, UpdateJson } from '../../../core/contract/resource-updates.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ReasonIcon } from '../../ui/reason-icon.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ActionError, EmptyState } from '../../ui/view-states.tsx';
import type { DeviceTabProps } from '../devices/device-tab-props.ts';
import { AskUpdate } from './ask-update.tsx';
import { useCancelUpdate, useDeviceResources } from './device-resources-api.ts';
import { resourceHref } from './repository-api.ts';
import { UpdateReason, UpdateStatusMark } from './update-status.tsx';

/** Resources of a device: what it has beside what was asked for, how far that is, and what was before. */
export default function DeviceResources({ device }: DeviceTabProps) {
  const t = useText('resources');
  const query = useDeviceResources(device.id);
  const cancel = useCancelUpdate(device.id);
  /** The resource that the form begins with; empty: any. */
  const [asking, setAsking] = useState<string>();
  const ask = (
    <ReasonButton
      variant="default"
      needs="DEVICE_W"
      leftSection={<IconCloudDownload size={14} aria-hidden />}
      onClick={() => setAsking('')}
    >
      {t('ask')}
    </ReasonButton>
  );
  return (
    <QueryView query={query}>
      {({ resources, updates }) => (
        <div className="page-part configuration-tab">
          <div className="buttons">
            {ask}
            <a href="#/resources" className="link">
              {t('toRepository')}
            </a>
          </div>
          {asking !== undefined && (
            <AskUpdate
              key={asking}
              deviceId={device.id}
              resources={resources}
              resourceId={asking}
              onClose={() => setAsking(undefined)}
            />
          )}
          <ActionError error={cancel.error} />
          {Object.keys(resources).length === 0 ? (
            <EmptyState title={t('deviceNone')}>{t('deviceNoneText')}</EmptyState>
          ) : (
            <ResourceTable
              resources={resources}
              updates={updates}
              onAsk={setAsking}
              onCancel={(id, force) => cancel.mutate({ id, force })}
            />
          )}
          {updates.length > 0 && <UpdateHistory updates={updates} />}
        </div>
      )}
    </QueryView>
  );
}

function ResourceTable(props: {
  resources: Readonly<Record<string, DeviceResourceJson>>;
  /** The newest first. */
  updates: readonly UpdateJson[];
  onAsk: (resourceId: string) => void;
  onCancel: (updateId: string, force: boolean) => void;
}) {
  const t = useText('resources');
  return (
    <table className="plain-table" aria-label={t('title')}>
      <thead>
        <tr>
          {(['id', 'reported', 'requested', 'status', 'actions'] as const).map((name) => (
            <th key={name} scope="col">
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Object.entries(props.resources)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, { reported, requested }]) => {
            const update = props.updates.find(({ resourceId }) => resourceId === name);
            const { status = 'DONE', id = '' } = update ?? {};
            const isWaiting = status === 'PENDING';
            const isOpen = isWaiting || status === 'SENT' || status === 'IN_PROGRESS';
            return (
              <tr key={name}>
                <th scope="row">
                  <a href={`#${resourceHref(name)}`} className="link mono">
                    {name}
                  </a>
                </th>
                <td>
                  <StampedVersion of={reported} />
                </td>
                <td>
                  <StampedVersion of={requested} />
                </td>
                <td>{update && <UpdateStatusMark update={update} />}</td>
                <td>
                  <Group gap={4} wrap="nowrap">
                    <ReasonIcon
                      label={t('updateOf', { name })}
                      needs="DEVICE_W"
                      onClick={() => props.onAsk(name)}
                    >
                      <IconCloudDownload size={14} />
                    </ReasonIcon>
                    {isOpen && (
                      <ReasonIcon
                        label={isWaiting ? t('cancel', { name }) : t('cancelForce', { name })}
                        needs="DEVICE_W"
                        onClick={() => props.onCancel(id, !isWaiting)}
                      >
                        <IconPlayerStop size={14} />
                      </ReasonIcon>
                    )}
                  </Group>
                </td>
              </tr>
            );
          })}
      </tbody>
    </table>
  );
}

function StampedVersion({ of }: { of: { version: string; timestamp: string } | undefined }) {
  if (!of) return null;
  return (
    <span className="parameter-value">
      <span className="mono">{of.version}</span>
      <TimeText time={of.timestamp} form="relative" />
    </span>
  );
}

/** What happened to an update, when somebody wants to see it. */
function UpdateSteps({ update: { history } }: { update: UpdateJson }) {
  const t = useText('resources');
  if (history.length === 0) return null;
  return (
    <details>
      <summary>{t('steps', { count: history.length })}</summary>
      <ol>
        {history.map(({ timestamp, status, details }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only added at the end
          <li key={index}>
            <TimeText time={timestamp} form="full" /> <span className="mono">{status}</span> {details}
          </li>
        ))}
      </ol>
    </details>
  );
}

function UpdateHistory({ updates }: { updates: readonly UpdateJson[] }) {
  const t = useText('resources');
  return (
    <section>
      <h3>{t('history')}</h3>
      <table className="plain-table" aria-label={t('history')}>
        <thead>
          <tr>
            {(['when', 'id', 'from', 'to', 'state', 'outcome'] as const).map((name) => (
              <th key={name} scope="col">
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {updates.map((update) => (
            <tr key={update.id}>
              <td>
                <TimeText time={update.created} form="full" />
              </td>
              <td>
                <a href={`#${resourceHref(update.resourceId)}`} className="link mono">
                  {update.resourceId}
                </a>
              </td>
              <td className="mono">{update.initialVersion ?? t('unknownVersion')}</td>
              <td className="mono">{update.requestedVersion}</td>
              <td>
                <UpdateStatusMark update={update} />
              </td>
              <td>
                <UpdateReason update={update} />
                <UpdateSteps update={update} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
