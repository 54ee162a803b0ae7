import { Button, Select, Switch, TextInput } from '@mantine/core';
import { securityModes } from '../../../core/contract/bootstrap/server-objects.ts';
import { useText } from '../../i18n/use-text.ts';
import {
  type FieldTexts,
  type RunServerForm,
  type SecurityField,
  type ServerField,
  securityFields,
  serverFields,
} from './config-form.ts';

interface RunServerFieldsProps {
  readonly form: RunServerForm;
  /** From 1. */
  readonly number: number;
  /** What does not fit, by its path in the run server. */
  readonly fault: (path: string) => string | undefined;
  readonly onChange: (change: Partial<RunServerForm>) => void;
  /** Undefined: it is the only one. */
  readonly onRemove: (() => void) | undefined;
}

const modes = Object.values(securityModes);
type TextName =
  | 'id'
  | 'uri'
  | 'shortServerId'
  | 'lifetime'
  | 'binding'
  | 'securityInstance'
  | 'serverInstance';

/** A server at which clients register: the usual fields, and behind them all others of its two objects. */
export function RunServerFields({ form, number, fault, onChange, onRemove }: RunServerFieldsProps) {
  const t = useText('bootstrap');
  const ofSecurity = (name: string) => fault(`lwm2mDefinition.security.${name}`);
  const ofServer = (name: string) => fault(`lwm2mDefinition.server.${name}`);
  const field = (name: TextName, error: string | undefined) => ({
    value: form[name],
    error,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ [name]: currentTarget.value }),
  });
  return (
    <fieldset className="stack run-server">
      <legend>{t('runServerNumber', { number })}</legend>
      <TextInput label={t('runServerId')} {...field('id', fault('id'))} />
      <Switch
        label={t('useLiveObjects')}
        checked={form.own}
        error={fault('useLiveObjects')}
        onChange={({ currentTarget }) => onChange({ own: currentTarget.checked })}
      />
      {form.own ? (
        <Switch
          label={t('renew')}
          description={t('renewHint')}
          checked={form.renew}
          onChange={({ currentTarget }) => onChange({ renew: currentTarget.checked })}
        />
      ) : (
        <>
          <TextInput
            label={t('uri')}
            placeholder="coaps://host:5684"
            classNames={{ input: 'mono' }}
            {...field('uri', ofSecurity('lwm2mServerUri'))}
          />
          <Select
            label={t('mode')}
            allowDeselect={false}
            data={modes.map((mode) => ({ value: String(mode), label: t(`mode_${mode}`) }))}
            value={form.mode}
            onChange={(mode) => mode !== null && onChange({ mode })}
          />
        </>
      )}
      <TextInput
        label={t('shortServerId')}
        inputMode="numeric"
        {...field('shortServerId', ofSecurity('shortServerId'))}
      />
      <TextInput label={t('lifetime')} inputMode="numeric" {...field('lifetime', ofServer('lifetime'))} />
      <TextInput label={t('binding')} {...field('binding', ofServer('binding'))} />
      <details className="disclosure">
        <summary>{t('moreSecurity')}</summary>
        <div className="stack">
          <TextInput
            label={t('objectInstance')}
            description={t('objectInstanceHint')}
            inputMode="numeric"
            {...field('securityInstance', ofSecurity('settings.objectInstanceId'))}
          />
          <ObjectFields
            fields={securityFields}
            texts={form.security}
            fault={ofSecurity}
            onChange={(security) => onChange({ security })}
          />
        </div>
      </details>
      <details className="disclosure">
        <summary>{t('moreServer')}</summary>
        <div className="stack">
          <TextInput
            label={t('objectInstance')}
            description={t('objectInstanceHint')}
            inputMode="numeric"
            {...field('serverInstance', ofServer('settings.objectInstanceId'))}
          />
          <ObjectFields
            fields={serverFields}
            texts={form.server}
            fault={ofServer}
            onChange={(server) => onChange({ server })}
          />
        </div>
      </details>
      {onRemove && (
        <div className="buttons">
          <Button variant="default" onClick={onRemove}>
            {t('removeRunServer', { id: form.id })}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface ObjectFieldsProps {
  readonly fields: Partial<Readonly<Record<SecurityField | ServerField, string>>>;
  readonly texts: FieldTexts;
  readonly fault: (name: string) => string | undefined;
  readonly onChange: (texts: FieldTexts) => void;
}

function ObjectFields({ fields, texts, fault, onChange }: ObjectFieldsProps) {
  const t = useText('bootstrap');
  return (Object.entries(fields) as [SecurityField | ServerField, string][]).map(([name, kind]) => {
    const set = (text: string): void => onChange({ ...texts, [name]: text });
    return kind === 'flag' ? (
      <Select
        key={name}
        label={t(`field_${name}`)}
        placeholder={t('notSet')}
        clearable
        data={[
          { value: 'true', label: t('yes') },
          { value: 'false', label: t('no') },
        ]}
        value={texts[name] || null}
        error={fault(name)}
        onChange={(next) => set(next ?? '')}
      />
    ) : (
      <TextInput
        key={name}
        label={t(`field_${name}`)}
        placeholder={t('notSet')}
        value={texts[name] ?? ''}
        error={fault(name)}
        inputMode={kind === 'number' ? 'numeric' : 'text'}
        onChange={({ currentTarget }) => set(currentTarget.value)}
      />
    );
  });
}
