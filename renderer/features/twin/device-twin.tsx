import './twin.css';
import { Button, SegmentedControl } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import type { DeviceTabProps } from '../devices/device-tab-props.ts';
import type { OperationDraft } from './operation-draft.ts';
import { OperationPanel } from './operation-panel.tsx';
import { useTwinObjects, useTwinObservations, useTwinOperations } from './twin-api.ts';
import { TwinObjects } from './twin-objects.tsx';
import { TwinObservations } from './twin-observations.tsx';
import { TwinOperations } from './twin-operations.tsx';
import { useTwinLive } from './use-twin-live.ts';

const parts = ['objects', 'operations', 'observations'] as const;
type Part = (typeof parts)[number];

/** The twin of a device, live: its objects, what was asked of it, and what it is observed for. */
export default function DeviceTwin({ device, onPanel }: DeviceTabProps) {
  const t = useText('twin');
  if (device.interfaces?.some(({ connector }) => connector === 'lwm2m')) return <Twin device={device} />;
  return (
    <EmptyState
      title={t('noTwin')}
      action={<Button onClick={() => onPanel('add-interface')}>{t('addInterface')}</Button>}
    >
      {t('noTwinText')}
    </EmptyState>
  );
}

function Twin({ device }: { device: DeviceJson }) {
  const t = useText('twin');
  const [url, setUrl] = useUrlState();
  const part = parts.find((name) => name === url.twin) ?? 'objects';
  const [draft, setDraft] = useState<Partial<OperationDraft>>();
  /** A form for the same again begins anew. */
  const [drafts, setDrafts] = useState(0);
  useTwinLive(device.id);
  const objects = useTwinObjects(device.id);
  const operations = useTwinOperations(device.id);
  const observations = useTwinObservations(device.id);
  const openForm = (next: Partial<OperationDraft>): void => {
    setDraft(next);
    setDrafts((count) => count + 1);
  };
  const openOperation = (operation: string): void =>
    setUrl({ twin: 'operations', operation }, { push: true });
  const show = (next: Part): void => setUrl({ twin: next === 'objects' ? undefined : next }, { push: true });
  const counts = {
    objects: objects.data?.objects.length,
    operations: operations.data?.length,
    observations: observations.data?.length,
  };
  return (
    <div className="list-and-panel">
      <div className="twin-tab">
        <div className="twin-parts">
          <SegmentedControl
            aria-label={t('part')}
            data={parts.map((value) => ({
              value,
              label: [t(value), counts[value]].filter((word) => word !== undefined).join(' '),
            }))}
            value={part}
            onChange={(next) => show(parts.find((name) => name === next) ?? 'objects')}
          />
          <ReasonButton
            needs="DEVICE_W"
            variant="default"
            leftSection={<IconSend size={14} aria-hidden />}
            onClick={() => openForm({})}
          >
            {t('newOperation')}
          </ReasonButton>
          <OfflineNote device={device} />
        </div>
        <QueryView query={objects} rows={10}>
          {({ objects: known }) => {
            const asked = operations.data ?? [];
            const observed = observations.data ?? [];
            if (part === 'operations') {
              return (
                <QueryView query={operations}>
                  {(all) => <TwinOperations deviceId={device.id} operations={all} onForm={openForm} />}
                </QueryView>
              );
            }
            if (part === 'observations') {
              return (
                <QueryView query={observations}>
                  {(all) => <TwinObservations deviceId={device.id} objects={known} observations={all} />}
                </QueryView>
              );
            }
            if (known.length === 0) return <NoObjects />;
            return (
              <TwinObjects
                device={device}
                objects={known}
                operations={asked}
                observations={observed}
                onForm={openForm}
                onOperation={openOperation}
              />
            );
          }}
        </QueryView>
      </div>
      {draft && (
        <OperationPanel
          key={drafts}
          deviceId={device.id}
          objects={objects.data?.objects ?? []}
          draft={draft}
          onClose={() => setDraft(undefined)}
          onAsked={(operation) => {
            setDraft(undefined);
            if (part === 'operations') setUrl({ operation });
          }}
        />
      )}
    </div>
  );
}

function NoObjects() {
  const t = useText('twin');
  return (
    <EmptyState
      title={t('noObjects')}
      action={
        <Button component="a" href="#/connect" variant="default">
          {t('howToConnect')}
        </Button>
      }
    >
      {t('noObjectsText')}
    </EmptyState>
  );
}

const waiting = ['REGISTERED', 'OFFLINE', 'SLEEPING', 'DEACTIVATED'] as const;

/** Why what is asked does not go out now. */
function OfflineNote({ device }: { device: DeviceJson }) {
  const t = useText('twin');
  const status = device.interfaces?.find(({ connector }) => connector === 'lwm2m')?.status;
  const known = waiting.find((each) => each === status);
  return known === undefined ? null : (
    <p className="notice flat" role="status">
      {t(`offline_${known}`)}
    </p>
  );
}
