import { Select, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SmsAction, SmsDetails } from '../../../core/contract/simulated-sms.ts';
import type { SimulatedDeviceDetails } from '../../../core/contract/simulators.ts';
import { useText } from '../../i18n/use-text.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { smsLength } from '../sms/sms-length.ts';
import { HandsetAnswers } from './handset-answers.tsx';
import { HandsetThread } from './handset-thread.tsx';
import { actOn, sendOnce, useRefreshDevice } from './simulators-api.ts';

interface HandsetProps {
  readonly fleetId: string;
  readonly device: SimulatedDeviceDetails;
}

/** A phone: its messages, a line to type on, and what can happen to it. */
export function Handset({ fleetId, device }: HandsetProps) {
  const t = useText('simulators');
  const { sms } = device;
  if (!sms) return <p className="dimmed">{t('notConnected')}</p>;
  return (
    <>
      <section className="phone" aria-label={t('phone', { number: sms.msisdn })}>
        <div className="phone-status">
          <span className="mono">{sms.msisdn}</span>
          <span>{t(sms.power === 'off' ? 'phoneOff' : `network_${sms.network}`)}</span>
          <span>{t('inboxUse', { used: sms.inbox.used, size: sms.inbox.size })}</span>
        </div>
        <HandsetThread messages={sms.messages} isOff={sms.power === 'off'} />
        <Compose fleetId={fleetId} device={device} sms={sms} />
      </section>
      <HandsetActions fleetId={fleetId} device={device} sms={sms} />
      <HandsetAnswers fleetId={fleetId} device={device} answers={sms.answers} />
    </>
  );
}

/** What one types on, with what it costs. */
function Compose({ fleetId, device, sms }: HandsetProps & { sms: SmsDetails }) {
  const t = useText('simulators');
  const [to, setTo] = useState(sms.serverNumber);
  const [text, setText] = useState('');
  const [form, setForm] = useState<'text' | 'binary'>('text');
  const refresh = useRefreshDevice(fleetId);
  const send = useMutation({
    mutationFn: () => sendOnce(fleetId, device.number, { to, text, form }),
    onSuccess: () => {
      setText('');
      return refresh();
    },
  });
  const { encoding, segments, left } = smsLength(text);
  const isOn = device.state === 'connected';
  return (
    <form
      className="phone-compose"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <div className="two-columns">
        <TextInput label={t('smsTo')} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        <Select
          label={t('smsForm')}
          data={[
            { value: 'text', label: t('form_text') },
            { value: 'binary', label: t('form_binary') },
          ]}
          value={form}
          allowDeselect={false}
          onChange={(next) => setForm(next as 'text' | 'binary')}
        />
      </div>
      <Textarea
        label={t('smsText')}
        value={text}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        disabled={!isOn}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="buttons">
        <ReasonButton needs="DEVICE_W" type="submit" disabled={!isOn || text === ''} loading={send.isPending}>
          {t('sendSms')}
        </ReasonButton>
        <span className="dimmed">
          {!isOn
            ? t(sms.power === 'off' ? 'phoneIsOff' : 'notConnected')
            : form === 'text' && t('smsCost', { encoding, segments, left })}
        </span>
      </div>
      <ActionError error={send.error} />
    </form>
  );
}

/** What its owner, and the network, do to it. */
function HandsetActions({ fleetId, device, sms }: HandsetProps & { sms: SmsDetails }) {
  const t = useText('simulators');
  const refresh = useRefreshDevice(fleetId);
  const act = useMutation({
    mutationFn: (action: SmsAction) => actOn(fleetId, device.number, action),
    onSuccess: refresh,
  });
  const actions = [
    sms.power === 'on' ? 'switchOff' : 'switchOn',
    sms.network === 'home' ? 'roam' : 'comeHome',
    'fillInbox',
    'emptyInbox',
  ] as const;
  return (
    <>
      <div className="buttons">
        {actions.map((action) => (
          <ReasonButton
            key={action}
            needs="DEVICE_W"
            variant="default"
            disabled={device.state === 'stopped'}
            onClick={() => act.mutate({ action })}
          >
            {t(`act_${action}`)}
          </ReasonButton>
        ))}
      </div>
      <ActionError error={act.error} />
    </>
  );
}
