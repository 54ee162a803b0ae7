import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { loraRegions } from '../../../core/contract/lora/regions.ts';
import { useText } from '../../i18n/use-text.ts';
import type { Problems } from '../../ui/form-problems.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { AnswersField } from './answers-field.tsx';
import { type FleetForm, jsonProblems } from './fleet-form.ts';
import { LppBuilder } from './lpp-builder.tsx';

interface KindFieldsProps {
  readonly form: FleetForm;
  readonly problems: Problems;
  readonly onChange: (change: (before: FleetForm) => FleetForm) => void;
}

/** What only devices have that speak MQTT themselves. */
export function MqttFields({ form, problems, onChange }: KindFieldsProps) {
  const t = useText('simulators');
  const change = (part: Partial<FleetForm['mqtt']>) =>
    onChange((before) => ({ ...before, mqtt: { ...before.mqtt, ...part } }));
  return (
    <>
      <TextInput
        label={t('topic')}
        value={form.mqtt.topic}
        error={problems.get('topic')}
        onChange={(event) => change({ topic: event.currentTarget.value })}
        classNames={{ input: 'mono' }}
      />
      <Checkbox
        label={t('tls')}
        checked={form.mqtt.tls}
        onChange={(event) => change({ tls: event.currentTarget.checked })}
      />
    </>
  );
}

const versions = ['1.0', '1.1'] as const;

/** What only LwM2M devices have. */
export function Lwm2mFields({ form, problems, onChange }: KindFieldsProps) {
  const t = useText('simulators');
  const change = (part: Partial<FleetForm['lwm2m']>) =>
    onChange((before) => ({ ...before, lwm2m: { ...before.lwm2m, ...part } }));
  return (
    <>
      <div className="two-columns">
        <Select
          label={t('lwm2mVersion')}
          data={[...versions]}
          value={form.lwm2m.version}
          allowDeselect={false}
          onChange={(version) => change({ version: version as (typeof versions)[number] })}
        />
        <NumberInput
          label={t('lifetime')}
          value={form.lwm2m.lifetimeS}
          min={1}
          error={problems.get('lifetimeS')}
          onChange={(value) => change({ lifetimeS: Number(value) })}
        />
      </div>
      <Checkbox
        label={t('queueMode')}
        checked={form.lwm2m.queueMode}
        onChange={(event) => change({ queueMode: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('bootstrap')}
        checked={form.lwm2m.bootstrap}
        onChange={(event) => change({ bootstrap: event.currentTarget.checked })}
      />
      <JsonEditor
        label={t('deviceJson')}
        value={form.device}
        error={jsonProblems(problems, 'device')}
        onChange={(device) => onChange((before) => ({ ...before, device }))}
      />
    </>
  );
}

const classes = ['A', 'C'] as const;

/** What only LoRa devices have. */
export function LoraFields({ form, problems, onChange }: KindFieldsProps) {
  const t = useText('simulators');
  const { lora } = form;
  const change = (part: Partial<FleetForm['lora']>) =>
    onChange((before) => ({ ...before, lora: { ...before.lora, ...part } }));
  const number = (name: 'spreadingFactor' | 'port', label: string) => (
    <NumberInput
      label={label}
      value={lora[name]}
      min={1}
      error={problems.get(name)}
      onChange={(value) => change({ [name]: Number(value) })}
    />
  );
  return (
    <>
      <div className="two-columns">
        <Select
          label={t('region')}
          data={[...loraRegions]}
          value={lora.region}
          allowDeselect={false}
          onChange={(region) => change({ region: region as (typeof loraRegions)[number] })}
        />
        <Select
          label={t('deviceClass')}
          data={[...classes]}
          value={lora.deviceClass}
          allowDeselect={false}
          onChange={(deviceClass) => change({ deviceClass: deviceClass as (typeof classes)[number] })}
        />
      </div>
      <div className="two-columns">
        {number('spreadingFactor', t('spreadingFactor'))}
        {number('port', t('loraPort'))}
      </div>
      <Checkbox
        label={t('confirmed')}
        checked={lora.confirmed}
        onChange={(event) => change({ confirmed: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('adr')}
        checked={lora.adr}
        onChange={(event) => change({ adr: event.currentTarget.checked })}
      />
      <LppBuilder
        payload={form.loraPayload}
        onChange={(loraPayload) => onChange((before) => ({ ...before, loraPayload }))}
      />
      <JsonEditor
        label={t('payload')}
        value={form.loraPayload}
        error={jsonProblems(problems, 'loraPayload')}
        onChange={(loraPayload) => onChange((before) => ({ ...before, loraPayload }))}
      />
      <JsonEditor
        label={t('networkJson')}
        value={form.network}
        error={jsonProblems(problems, 'network')}
        onChange={(network) => onChange((before) => ({ ...before, network }))}
      />
    </>
  );
}

/** What only handsets have. */
export function SmsFields({ form, problems, onChange }: KindFieldsProps) {
  const t = useText('simulators');
  const { sms } = form;
  const field = (name: keyof FleetForm['sms'], label: string) => (
    <TextInput
      label={label}
      value={sms[name]}
      error={problems.get(name)}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onChange((before) => ({ ...before, sms: { ...before.sms, [name]: value } }));
      }}
      classNames={{ input: 'mono' }}
    />
  );
  return (
    <>
      <div className="two-columns">
        {field('firstMsisdn', t('firstMsisdn'))}
        {field('serverNumber', t('serverNumber'))}
      </div>
      <AnswersField
        answers={form.answers}
        problems={problems}
        onChange={(answers) => onChange((before) => ({ ...before, answers }))}
      />
      <JsonEditor
        label={t('handsetJson')}
        value={form.handset}
        error={jsonProblems(problems, 'handset')}
        onChange={(handset) => onChange((before) => ({ ...before, handset }))}
      />
    </>
  );
}
