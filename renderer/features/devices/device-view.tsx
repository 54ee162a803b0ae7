import { Button, Tabs } from '@mantine/core';
import { IconPencil, IconSend, IconTrash } from '@tabler/icons-react';
import { useIsMutating, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { api } from '../../api/client.ts';
import { isSimulated } from '../../api/data-message.ts';
import { useText } from '../../i18n/use-text.ts';
import { useDeviceLive } from '../../live/live.tsx';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { LoadingState } from '../../ui/view-states.tsx';
import { DeleteDevice } from './delete-device.tsx';
import type { DevicePanel } from './device-tab-props.ts';
import { deviceTabs } from './device-tabs.ts';
import { devicePath, saveKey, statusOf } from './devices-api.ts';
import { LastTrace } from './last-trace.tsx';

const DevicePanels = lazy(() => import('./device-panels.tsx'));
const panels: readonly DevicePanel[] = ['edit', 'publish', 'add-interface', 'interface', 'move'];
const [overview] = deviceTabs;

/** Everything about one device. */
export default function DeviceView() {
  const { deviceId = '' } = useParams({ strict: false }) as { deviceId?: string };
  const t = useText('devices');
  const saving = useIsMutating({ mutationKey: saveKey(deviceId) }) > 0;
  const query = useQuery({
    queryKey: ['devices', 'one', deviceId],
    queryFn: () => api.get<DeviceJson>(devicePath(deviceId)),
    // It may be given another id just now, and is asked for by that one afterwards.
    enabled: !saving,
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
  const common = useText('common');
  const navigate = useNavigate();
  const [url, setUrl] = useUrlState();
  const [deleting, setDeleting] = useState(false);
  const live = useDeviceLive(device.id);
  const tab = deviceTabs.find(({ name }) => name === url.tab) ?? overview;
  const panel = panels.find((name) => name === url.panel);
  const openPanel = (next: DevicePanel, of?: string): void => setUrl({ panel: next, of });
  const closePanel = (): void => setUrl({ panel: undefined, of: undefined });
  const View = tab.view;
  return (
    <div className="device-page">
      <div className="view-header">
        <div>
          {/* A shortened id is in two parts, which would be read as two words. */}
          <h1 aria-label={device.name === undefined ? device.id : undefined}>
            {device.name ?? <IdText id={device.id} what={t('id')} />}{' '}
            {isSimulated(device.properties) && <SimulatedMark />}
          </h1>
          <DeviceIdentity device={device} />
        </div>
        <div className="view-actions">
          <LastTrace device={device} />
          <Button
            variant="default"
            leftSection={<IconSend size={14} aria-hidden />}
            onClick={() => openPanel('publish')}
          >
            {t('publish')}
          </Button>
          <ReasonButton
            needs="DEVICE_W"
            variant="default"
            leftSection={<IconPencil size={14} aria-hidden />}
            onClick={() => openPanel('edit')}
          >
            {common('edit')}
          </ReasonButton>
          <ReasonButton
            needs="DEVICE_W"
            variant="default"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            {t('delete')}
          </ReasonButton>
        </div>
      </div>
      <div className="list-and-panel">
        <Tabs
          value={tab.name}
          onChange={(next) =>
            setUrl({ tab: next === overview.name ? undefined : (next ?? undefined) }, { push: true })
          }
          className="device-tabs"
          keepMounted={false}
        >
          <Tabs.List>
            {deviceTabs.map(({ name }) => (
              <Tabs.Tab key={name} value={name}>
                {t(name)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={tab.name} key={tab.name}>
            <Suspense fallback={<LoadingState />}>
              <View device={device} live={live} onPanel={openPanel} />
            </Suspense>
          </Tabs.Panel>
        </Tabs>
        {panel !== undefined && (
          <Suspense fallback={null}>
            <DevicePanels
              device={device}
              live={live}
              panel={panel}
              of={url.of}
              onClose={closePanel}
              onSaved={async ({ id }) => {
                if (id === device.id) closePanel();
                else await navigate({ to: deviceHref(id), search: { tab: url.tab }, replace: true } as never);
              }}
            />
          </Suspense>
        )}
      </div>
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

/** What tells a device from others, under its name. */
function DeviceIdentity({ device }: { device: DeviceJson }) {
  const t = useText('devices');
  return (
    <div className="device-identity">
      <InterfaceStatusMark status={statusOf(device.interfaces)} />
      {device.name !== undefined && device.name !== device.id && <IdText id={device.id} what={t('id')} />}
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
  );
}
