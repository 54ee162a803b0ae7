import { Button, Tabs } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { api } from '../../api/client.ts';
import { isSimulated } from '../../api/data-message.ts';
import { useText } from '../../i18n/use-text.ts';
import { useDeviceLive } from '../../live/live.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { DeleteDevice } from './delete-device.tsx';
import { DeviceActivity } from './device-activity.tsx';
import { DeviceInterfaces } from './device-interfaces.tsx';
import { DeviceMessages } from './device-messages.tsx';
import { DeviceOverview } from './device-overview.tsx';
import { devicePath, statusOf } from './devices-api.ts';

const tabs = ['overview', 'messages', 'interfaces', 'activity', 'json'] as const;

/** Everything about one device. */
export default function DeviceView() {
  const { deviceId = '' } = useParams({ strict: false }) as { deviceId?: string };
  const t = useText('devices');
  const query = useQuery({
    queryKey: ['devices', 'one', deviceId],
    queryFn: () => api.get<DeviceJson>(devicePath(deviceId)),
    // Its last contact moves with every message, which no event tells.
    refetchInterval: 10_000,
  });
  return (
    <QueryView
      query={query}
      rows={10}
      way={
        <Link to="/devices" className="link">
          {t('all')}
        </Link>
      }
    >
      {(device) => <DevicePage key={device.id} device={device} />}
    </QueryView>
  );
}

function DevicePage({ device }: { device: DeviceJson }) {
  const t = useText('devices');
  const navigate = useNavigate();
  const [url, setUrl] = useUrlState();
  const [deleting, setDeleting] = useState(false);
  const live = useDeviceLive(device.id);
  const tab = tabs.find((name) => name === url.tab) ?? 'overview';
  return (
    <div className="device-page">
      <div className="view-header">
        <div>
          <h1>
            {device.name ?? device.id} {isSimulated(device.properties) && <SimulatedMark />}
          </h1>
          <div className="device-identity">
            <InterfaceStatusMark status={statusOf(device.interfaces)} />
            {device.name !== undefined && device.name !== device.id && (
              <IdText id={device.id} what={t('id')} />
            )}
            {device.group !== undefined && (
              <Link to="/devices" search={{ group: device.group.path } as never} className="link">
                {device.group.path}
              </Link>
            )}
            {device.tags?.map((tag) => (
              <Link key={tag} to="/devices" search={{ tags: tag } as never} className="tag">
                {tag}
              </Link>
            ))}
          </div>
        </div>
        <div className="view-actions">
          <Button
            variant="default"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            {t('delete')}
          </Button>
        </div>
      </div>
      <Tabs
        value={tab}
        onChange={(next) =>
          setUrl({ tab: next === 'overview' ? undefined : (next ?? undefined) }, { push: true })
        }
        className="device-tabs"
        keepMounted={false}
      >
        <Tabs.List>
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(name)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <DeviceOverview device={device} live={live} />
        </Tabs.Panel>
        <Tabs.Panel value="messages">
          <DeviceMessages deviceId={device.id} live={live} />
        </Tabs.Panel>
        <Tabs.Panel value="interfaces">
          <DeviceInterfaces device={device} />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <DeviceActivity device={device} live={live} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <CodeBlock text={JSON.stringify(device, null, 2)} what={t('json')} />
        </Tabs.Panel>
      </Tabs>
      {deleting && (
        <DeleteDevice
          device={device}
          onClose={() => setDeleting(false)}
          onDeleted={() => void navigate({ to: '/devices' })}
        />
      )}
    </div>
  );
}
