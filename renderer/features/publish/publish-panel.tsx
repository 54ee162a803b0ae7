import { Checkbox, PasswordInput, TextInput } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { useText } from '../../i18n/use-text.ts';
import type { LiveSnapshot } from '../../live/live-store.ts';
import { useLack } from '../../session/identity.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError, LoadingState } from '../../ui/view-states.tsx';
import { useKeyLack } from '../access/use-key-lack.ts';
import { firstTopic } from '../connect/snippets.ts';
import { useDeviceMessages } from '../messages/messages-api.ts';
import { useSimulated } from '../simulators/use-simulated.ts';
import { firstPayloadOf } from './first-payload.ts';
import { NodeForm } from './node-form.tsx';
import { publishOnce } from './publish-api.ts';
import { PublishLines } from './publish-lines.tsx';
import { PublishOutcome } from './publish-outcome.tsx';

interface PublishPanelProps {
  readonly device: DeviceJson;
  readonly live: LiveSnapshot;
  readonly onClose: () => void;
}

/** Sends what is written here in the name of the device: also what the platform will refuse. */
export function PublishPanel({ device, live, onClose }: PublishPanelProps) {
  const t = useText('publish');
  const enabledOf = (name: string) =>
    device.interfaces?.find(({ connector, enabled }) => connector === name && enabled);
  const via = enabledOf('mqtt');
  const node = enabledOf('x-connector');
  const sent = useDeviceMessages(device.id);
  const entry = live.entries.find(({ kind }) => kind === 'message');
  const last = entry?.kind === 'message' ? entry.message : sent.data?.messages[0];
  return (
    <SidePanel title={t('title')} onClose={onClose} wide>
      {via === undefined && node === undefined ? (
        <p>{t('noMqtt')}</p>
      ) : sent.isLoading ? (
        <LoadingState />
      ) : via === undefined ? (
        node && <NodeForm device={device} nodeId={node.nodeId} payload={firstPayloadOf(last)} />
      ) : (
        <PublishForm
          device={device}
          clientId={via.nodeId}
          online={via.status === 'ONLINE'}
          payload={firstPayloadOf(last)}
        />
      )}
    </SidePanel>
  );
}

interface PublishFormProps {
  readonly device: DeviceJson;
  readonly clientId: string;
  readonly online: boolean;
  /** To begin editing from. */
  readonly payload: string;
}

function PublishForm({ device, clientId, online, payload: given }: PublishFormProps) {
  const t = useText('publish');
  const simulated = useSimulated(device, clientId);
  const [topic, setTopic] = useState(firstTopic);
  const [payload, setPayload] = useState(given);
  const [key, setKey] = useState('');
  const [endsSession, setEndsSession] = useState(false);
  const keyLack = useKeyLack('DEVICE_ACCESS');
  const mayTrace = useLack('DATA_R') === undefined;
  const simulatorLack = useLack('DEVICE_W');
  const publish = useMutation({
    mutationFn: () =>
      publishOnce({ clientId, topic, payload, key: key || undefined, simulated, traced: mayTrace }),
  });
  const takesOver = online && !simulated;
  const lack = simulated ? simulatorLack : key === '' ? keyLack : undefined;
  const why = topic === '' ? t('topicNeeded') : takesOver && !endsSession ? t('endFirst') : lack;
  return (
    <>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          publish.mutate();
        }}
      >
        <p className="flat dimmed">{simulated ? t('overSimulator') : t('overMqtt', { client: clientId })}</p>
        <TextInput
          label={t('topic')}
          value={topic}
          onChange={(event) => setTopic(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
        />
        <JsonEditor label={t('payload')} value={payload} onChange={setPayload} height={80} />
        {takesOver && (
          <Checkbox
            label={t('endSession')}
            description={t('endSessionHint')}
            checked={endsSession}
            onChange={(event) => setEndsSession(event.currentTarget.checked)}
          />
        )}
        {!simulated && (
          <PasswordInput
            label={t('key')}
            description={keyLack === undefined ? t('keyMade') : t('keyNeeded')}
            value={key}
            autoComplete="off"
            onChange={(event) => setKey(event.currentTarget.value.trim())}
            classNames={{ input: 'mono' }}
          />
        )}
        <div className="buttons">
          <ReasonButton
            type="submit"
            why={why}
            loading={publish.isPending}
            leftSection={<IconSend size={14} aria-hidden />}
          >
            {t('publish')}
          </ReasonButton>
        </div>
        <ActionError error={publish.error} />
        {publish.data && !publish.isPending && <PublishOutcome published={publish.data} />}
      </form>
      <PublishLines
        publication={{ clientId, topic, payload, streamId: device.defaultDataStreamId ?? device.id }}
        simulated={simulated}
        apiKey={key}
        onKey={setKey}
        open
      />
    </>
  );
}
