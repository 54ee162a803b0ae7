import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type {
  FleetView,
  MqttFleetTemplate,
  SimulatedDeviceDetails,
} from '../../../core/contract/simulators.ts';
import { useText } from '../../i18n/use-text.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { NodeLines } from '../publish/node-lines.tsx';
import { PublishLines } from '../publish/publish-lines.tsx';
import { deviceIdOf } from './device-id.ts';
import { sendOnce, useRefreshDevice } from './simulators-api.ts';

/** Makes a device send what is written here, as it is: also what the platform will refuse. */
export function SendOnceForm({
  fleet,
  template,
  device,
}: {
  fleet: FleetView;
  template: MqttFleetTemplate;
  device: SimulatedDeviceDetails;
}) {
  const t = useText('simulators');
  const refresh = useRefreshDevice(fleet.id);
  const [topic, setTopic] = useState(template.topic);
  const [payload, setPayload] = useState(() => pretty(device.nextPayload ?? ''));
  const [key, setKey] = useState('');
  const send = useMutation({
    mutationFn: () => sendOnce(fleet.id, device.number, { topic, payload }),
    onSuccess: refresh,
  });
  const { clientId } = device;
  const { connector } = template;
  const simulated = { fleetId: fleet.id, number: device.number };
  const connected = device.state === 'connected';
  return (
    <section>
      <h3>{t('sendOnce')}</h3>
      <div className="stack">
        <TextInput
          label={t('topic')}
          value={topic}
          onChange={(event) => setTopic(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
        />
        <JsonEditor label={t('payload')} value={payload} onChange={setPayload} height={80} />
        <div className="buttons">
          <ReasonButton
            needs="DEVICE_W"
            disabled={!connected || topic === ''}
            loading={send.isPending}
            onClick={() => send.mutate()}
          >
            {t('sendNow')}
          </ReasonButton>
          <Button variant="default" onClick={() => setPayload(pretty(device.nextPayload ?? ''))}>
            {t('nextPayload')}
          </Button>
          <span role="status" className="dimmed">
            {connected ? send.isSuccess && t('wasSent') : t('notConnected')}
          </span>
        </div>
        <ActionError error={send.error} />
        {connector === 'x-connector' ? (
          <NodeLines nodeId={clientId} topic={topic} payload={payload} simulated={simulated} />
        ) : (
          <PublishLines
            publication={{ clientId, topic, payload, streamId: deviceIdOf(clientId, connector) }}
            simulated={simulated}
            apiKey={key}
            onKey={setKey}
          />
        )}
      </div>
    </section>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
