import { Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type ConfigType, configTypes, type ParameterJson } from '../../../core/contract/configuration.ts';
import { useText } from '../../i18n/use-text.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { useConfigurationAct } from './configuration-api.ts';
import { type ParameterDraft, parameterValue, problemsOf } from './parameter-value.ts';

interface ParameterFormProps {
  readonly deviceId: string;
  /** The parameter to change; undefined: a new one. */
  readonly of?: { readonly key: string; readonly parameter: ParameterJson };
  readonly onClose: () => void;
}

/** Asks for another value of a parameter, or for a new one. */
export function ParameterForm({ deviceId, of, onClose }: ParameterFormProps) {
  const t = useText('configuration');
  const act = useConfigurationAct(deviceId, onClose);
  const known = of?.parameter.requested ?? of?.parameter.reported;
  const [draft, setDraft] = useState<ParameterDraft>({
    key: of?.key ?? '',
    type: known?.type ?? 'STRING',
    text: String(known?.value ?? ''),
  });
  const [tried, setTried] = useState(false);
  const problems = problemsOf(draft);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    const parameter = { type: draft.type, value: parameterValue(draft) };
    act.mutate({ request: { parameters: { [draft.key]: parameter } } });
  };
  return (
    <form className="stack" onSubmit={submit} aria-label={of ? t('change', { key: of.key }) : t('add')}>
      <h3>{of ? t('change', { key: of.key }) : t('add')}</h3>
      {!of && (
        <TextInput
          label={t('key')}
          value={draft.key}
          error={tried ? problems.key : undefined}
          onChange={({ currentTarget: { value } }) => setDraft((before) => ({ ...before, key: value }))}
          classNames={{ input: 'mono' }}
        />
      )}
      <Select
        label={t('type')}
        data={[...configTypes]}
        value={draft.type}
        allowDeselect={false}
        onChange={(type) => setDraft((before) => ({ ...before, type: type as ConfigType }))}
      />
      <TextInput
        label={t('value')}
        description={draft.type === 'BINARY' ? t('base64') : undefined}
        value={draft.text}
        error={tried ? problems.value : undefined}
        onChange={({ currentTarget: { value } }) => setDraft((before) => ({ ...before, text: value }))}
        classNames={{ input: 'mono' }}
      />
      <FormButtons submit={t('ask')} needs="DEVICE_W" busy={act.isPending} onCancel={onClose} />
      <ActionError error={act.error} />
    </form>
  );
}
