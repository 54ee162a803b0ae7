import { Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { LoraDeviceDetails } from '../../../core/contract/simulated-lora.ts';
import type {
  DeviceAction,
  LoraFleetTemplate,
  SimulatedDeviceDetails,
} from '../../../core/contract/simulators.ts';
import { useText } from '../../i18n/use-text.ts';
import { inDegrees } from '../../ui/map/mercator.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { actOn, sendOnce, useRefreshDevice } from './simulators-api.ts';

interface LoraDeviceProps {
  readonly fleetId: string;
  readonly template: LoraFleetTemplate;
  readonly device: SimulatedDeviceDetails;
}

const actions: readonly DeviceAction[] = [
  { action: 'linkCheck' },
  { action: 'deviceTime' },
  { action: 'rejoin' },
  { action: 'badMic' },
  { action: 'replay' },
  { action: 'gatewayOutage', gateway: 1, seconds: 60 },
];

/** What is special about a LoRa device: its session, its gateways, its inbox, and what can happen to it. */
export function LoraDevice({ fleetId, template, device }: LoraDeviceProps) {
  const t = useText('simulators');
  const refresh = useRefreshDevice(fleetId);
  const act = useMutation({
    mutationFn: (action: DeviceAction) => actOn(fleetId, device.number, action),
    onSuccess: refresh,
  });
  const { lora, state } = device;
  if (!lora) return <p className="dimmed">{t('notConnected')}</p>;
  const facts: [string, string][] = [
    [t('devAddr'), lora.devAddr ?? '-'],
    [t('dataRate'), lora.dataRate],
    [t('txPower'), `${lora.txPowerDbm} dBm`],
    [t('counters'), `${lora.fCntUp}, ${lora.fCntDown ?? '-'}`],
    [t('battery'), String(lora.battery)],
    [t('position'), inDegrees(lora.position)],
    [t('lastAnswer'), lora.lastAnswer ?? '-'],
  ];
  return (
    <>
      <dl className="figures">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Inbox inbox={lora.inbox} />
      <UplinkForm fleetId={fleetId} template={template} device={device} />
      <div className="buttons">
        {actions.map((action) => (
          <ReasonButton
            key={action.action}
            needs="DEVICE_W"
            variant="default"
            disabled={state !== 'connected'}
            onClick={() => act.mutate(action)}
          >
            {t(`act_${action.action}` as 'act_rejoin')}
          </ReasonButton>
        ))}
        <span role="status" className="dimmed">
          {act.isSuccess && t('wasDone', { action: t(`act_${act.variables.action}` as 'act_rejoin') })}
        </span>
      </div>
      <ActionError error={act.error} />
      <Gateways gateways={lora.gateways} />
    </>
  );
}

function Inbox({ inbox }: { inbox: LoraDeviceDetails['inbox'] }) {
  const t = useText('simulators');
  return (
    <section aria-label={t('inbox')}>
      <h3>{t('inbox')}</h3>
      {inbox.length === 0 ? (
        <p className="dimmed">{t('emptyInbox')}</p>
      ) : (
        <ul className="plain-list">
          {inbox.map(({ time, port, data, fCnt, window, rssi, snr, confirmed }) => (
            <li key={`${time} ${fCnt}`}>
              <strong className="mono break">{data}</strong> {t('inboxPort', { port })}
              {confirmed && `, ${t('sendConfirmed')}`}{' '}
              <span className="dimmed">
                {window}, {rssi} dBm, {snr} dB, <TimeText time={time} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Makes a device send an uplink. */
function UplinkForm({ fleetId, template, device }: LoraDeviceProps) {
  const t = useText('simulators');
  const refresh = useRefreshDevice(fleetId);
  const [port, setPort] = useState(template.port);
  const [data, setData] = useState(() => device.nextPayload ?? '');
  const [confirmed, setConfirmed] = useState(template.confirmed);
  const send = useMutation({
    mutationFn: () => sendOnce(fleetId, device.number, { port, data, confirmed }),
    onSettled: refresh,
  });
  const connected = device.state === 'connected';
  return (
    <section className="stack">
      <h3>{t('sendOnce')}</h3>
      <div className="two-columns">
        <TextInput
          label={t('hexData')}
          value={data}
          onChange={(event) => setData(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
        />
        <NumberInput
          label={t('loraPort')}
          value={port}
          min={1}
          max={223}
          onChange={(value) => setPort(Number(value))}
        />
      </div>
      <Checkbox
        label={t('sendConfirmed')}
        checked={confirmed}
        onChange={(event) => setConfirmed(event.currentTarget.checked)}
      />
      <div className="buttons">
        <ReasonButton
          needs="DEVICE_W"
          disabled={!connected}
          loading={send.isPending}
          onClick={() => send.mutate()}
        >
          {t('sendNow')}
        </ReasonButton>
        <span role="status" className="dimmed">
          {connected ? send.isSuccess && t('wasSent') : t('notConnected')}
        </span>
      </div>
      <ActionError error={send.error} />
    </section>
  );
}

const tones = { online: 'ok', outage: 'bad', unreachable: 'warn' } as const;

function Gateways({ gateways }: { gateways: LoraDeviceDetails['gateways'] }) {
  const t = useText('simulators');
  return (
    <section aria-label={t('gateways')}>
      <h3>{t('gateways')}</h3>
      <ol className="plain-list">
        {gateways.map(({ id, state, distanceM, rssi, snr }) => (
          <li key={id}>
            <span className="mono">{id}</span> <StatusMark tone={tones[state]} word={t(`gateway_${state}`)} />{' '}
            {distanceM} m, {rssi === null ? t('notHeard') : `${rssi} dBm, ${snr} dB`}
          </li>
        ))}
      </ol>
    </section>
  );
}
