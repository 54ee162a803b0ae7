import { NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FleetConnector, FleetTemplate } from '../../../core/contract/simulators.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemBelow } from '../../ui/form-problems.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { checkFleet, connectedBy, freeName, isSilent, jsonProblems, toFleetForm } from './fleet-form.ts';
import { idName } from './id-name.ts';
import { LoraFields, Lwm2mFields, MqttFields, SmsFields } from './kind-fields.tsx';
import { RespondersField } from './responders-field.tsx';
import { createFleet, simulatorsUrl, startFleet } from './simulators-api.ts';

const connectors = ['mqtt', 'x-connector', 'lwm2m', 'lora', 'sms'] as const;

interface FleetEditorProps {
  /** What to begin with; none: a plain one. */
  readonly template: FleetTemplate | undefined;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

export function FleetEditor({ template, taken, onClose }: FleetEditorProps) {
  const t = useText('simulators');
  const common = useText('common');
  const queries = useQueryClient();
  const [form, setForm] = useState(() => {
    const made = toFleetForm(template);
    return { ...made, fields: { ...made.fields, name: freeName(made.fields.name, taken) } };
  });
  const { fields } = form;
  const change = (part: Partial<typeof fields>) => setForm({ ...form, fields: { ...fields, ...part } });
  const { connector } = fields;
  const { template: fleet, problems } = checkFleet(form, common('needed'));
  const create = useMutation({
    mutationFn: async () => {
      if (!fleet) return;
      await startFleet((await createFleet(fleet)).id);
      await queries.invalidateQueries({ queryKey: ['simulators'] });
      onClose();
    },
  });
  const number = (name: 'count' | 'periodMs' | 'seed' | 'jitter', label: string, step = 1) => (
    <NumberInput
      label={label}
      value={fields[name]}
      min={0}
      step={step}
      error={problems.get(name)}
      onChange={(value) => change({ [name]: Number(value) })}
    />
  );
  return (
    <SidePanel title={t('newFleet')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput
          label={t('name')}
          required
          value={fields.name}
          error={problems.get('name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Select
          label={t('connector')}
          data={connectors.map((value) => ({ value, label: t(`connector_${value}`) }))}
          value={fields.connector}
          allowDeselect={false}
          onChange={(next) => setForm({ ...form, fields: connectedBy(fields, next as FleetConnector) })}
        />
        <div className="two-columns">
          {number('count', t('count'))}
          {number('periodMs', t(connector === 'lwm2m' ? 'valuePeriod' : 'period'), 100)}
        </div>
        <p className="flat dimmed" role="status">
          {fleet && isSilent(fleet)
            ? t('silent')
            : t(connector === 'lwm2m' ? 'changesPerSecond' : 'perSecond', {
                rate: Number(((fields.count * 1000) / (fields.periodMs || 1)).toPrecision(3)),
              })}
        </p>
        <TextInput
          label={t(connector === 'sms' ? 'handsetName' : idName[connector])}
          description={t(connector === 'lora' ? 'devEuiHint' : 'idPatternHint', { n: '{n}' })}
          value={fields.idPattern}
          error={problems.get('idPattern')}
          onChange={(event) => change({ idPattern: event.currentTarget.value })}
          classNames={{ input: 'mono' }}
        />
        <TextInput
          label={t('groupPath')}
          description={t('groupPathHint')}
          value={fields.groupPath ?? ''}
          error={problems.get('groupPath')}
          onChange={(event) => change({ groupPath: event.currentTarget.value })}
        />
        <TagsInput
          label={t('tags')}
          value={fields.tags}
          error={problemBelow(problems, 'tags')}
          onChange={(tags) => change({ tags })}
          acceptValueOnBlur
        />
        <div className="two-columns">
          {number('jitter', t('jitter'), 0.1)}
          {number('seed', t('seed'))}
        </div>
        {connector === 'mqtt' && <MqttFields form={form} problems={problems} onChange={setForm} />}
        {connector === 'lwm2m' && <Lwm2mFields form={form} problems={problems} onChange={setForm} />}
        {connector === 'lora' && <LoraFields form={form} problems={problems} onChange={setForm} />}
        {connector === 'sms' && <SmsFields form={form} problems={problems} onChange={setForm} />}
        {(connector === 'mqtt' || connector === 'x-connector') && (
          <>
            <JsonEditor
              label={t('payload')}
              value={form.payload}
              error={jsonProblems(problems, 'payload')}
              onChange={(payload) => setForm((before) => ({ ...before, payload }))}
            />
            <RespondersField
              value={form.responders}
              error={jsonProblems(problems, 'responders')}
              onChange={(responders) => setForm((before) => ({ ...before, responders }))}
            />
          </>
        )}
        <ActionError error={create.error} />
        <FormButtons
          submit={t('startNow')}
          needs="DEVICE_W"
          busy={create.isPending}
          disabled={fleet === undefined}
          onCancel={onClose}
        />
        {fleet && <AsCurl method="POST" path={simulatorsUrl} body={fleet} />}
      </form>
    </SidePanel>
  );
}
