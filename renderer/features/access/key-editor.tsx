import { Checkbox, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { roles as allRoles, type Role } from '../../../core/contract/roles.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity } from '../../session/identity.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemBelow } from '../../ui/form-problems.ts';
import { MomentField } from '../../ui/moment-field.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { useCertificates } from '../certificates/certificates-api.ts';
import { useFifos } from '../routing/routing-api.ts';
import { type KeyForm, keyProblems, toCreateRequest, toKeyForm, toUpdateRequest } from './key-form.ts';
import { createKey, keysUrl, keyUrl, updateKey } from './keys-api.ts';
import { RoleChoice } from './role-choice.tsx';
import { useKeyPresets } from './use-key-presets.ts';

interface KeyEditorProps {
  readonly keys: readonly ApiKeyJson[];
  /** The key to change; none: a new one. */
  readonly apiKey?: ApiKeyJson | undefined;
  /** For a new key: the one it shall stand below. */
  readonly parentId?: string | undefined;
  readonly onClose: () => void;
  readonly onSaved: (key: ApiKeyJson) => void;
}

type FaultyField = 'label' | 'description' | 'from' | 'to' | 'scope' | 'clientCert' | 'sessionTtl';

const busRoles: readonly Role[] = ['BUS_R', 'BUS_W'];
const mqttRoles: readonly Role[] = ['BUS_R', 'BUS_W', 'DEVICE_ACCESS', 'CONNECTOR_ACCESS'];

/** Makes an API key, or changes one. */
export function KeyEditor({ keys, apiKey, parentId, onClose, onSaved }: KeyEditorProps) {
  const t = useText('access');
  const common = useText('common');
  const queries = useQueryClient();
  const { data: identity } = useIdentity();
  const [form, setForm] = useState(() => toKeyForm(apiKey, parentId));
  const change = (part: Partial<KeyForm>) => setForm((before) => ({ ...before, ...part }));
  const presets = useKeyPresets();
  const problems = keyProblems(form, apiKey, common('needed'));
  const request = apiKey ? toUpdateRequest(form, apiKey) : undefined;
  const save = useMutation({
    mutationFn: () => (apiKey && request ? updateKey(apiKey.id, request) : createKey(toCreateRequest(form))),
    onSuccess: async (saved) => {
      onSaved(saved);
      await queries.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  const parent = keys.find(({ id }) => id === form.parentId);
  const mine = identity?.roles ?? allRoles;
  const allowed = mine.filter((role) => !parent || parent.roles.includes(role));
  const has = (some: readonly Role[]) => some.some((role) => form.roles.includes(role));
  const fault = (name: FaultyField, shown: boolean) =>
    shown && problemBelow(problems, name) !== undefined && t(`fault_${name}`);
  const nothing = request !== undefined && Object.keys(request).length === 0;
  return (
    <SidePanel title={apiKey ? t('editKey', { label: apiKey.label }) : t('newKey')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label={t('label')}
          description={t('labelHint')}
          required
          value={form.label}
          error={fault('label', form.label !== '')}
          onChange={(event) => change({ label: event.currentTarget.value })}
        />
        <TextInput
          label={t('description')}
          value={form.description}
          error={fault('description', true)}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        {!apiKey && (
          <Select
            label={t('parent')}
            description={t('parentHint')}
            placeholder={t(identity?.user ? 'parentMaster' : 'parentDefault')}
            data={keys
              .filter(({ userId }) => userId === undefined)
              .map(({ id, label }) => ({ value: id, label }))}
            value={form.parentId || null}
            clearable
            searchable
            onChange={(next) => change({ parentId: next ?? '' })}
          />
        )}
        {!apiKey?.masterKey && (
          <>
            <RoleChoice
              value={form.roles}
              onChange={(roles) => change({ roles })}
              presets={presets}
              allowed={allowed}
            />
            <div className="two-columns">
              <MomentField
                label={t('from')}
                description={t('fromHint')}
                value={form.from}
                error={fault('from', true)}
                onChange={(from) => change({ from })}
              />
              <MomentField
                label={t('to')}
                description={t('toHint')}
                value={form.to}
                error={fault('to', true)}
                onChange={(to) => change({ to })}
              />
            </div>
            {!apiKey && (
              <NumberInput
                label={t('idle')}
                description={t('idleHint')}
                value={form.idleMinutes}
                min={1}
                error={fault('sessionTtl', form.idleMinutes !== '')}
                onChange={(value) => change({ idleMinutes: String(value) })}
              />
            )}
            {(has(busRoles) || form.fifos.length > 0) && (
              <FifoChoice
                value={form.fifos}
                onChange={(fifos) => change({ fifos })}
                error={fault('scope', true)}
              />
            )}
            {(has(mqttRoles) || form.certRequired) && (
              <ClientCertificate form={form} onChange={change} error={fault('clientCert', true)} />
            )}
          </>
        )}
        <ActionError error={save.error} />
        <FormButtons
          submit={apiKey ? common('save') : common('create')}
          needs="API_KEY_W"
          busy={save.isPending}
          disabled={nothing || problems.size > 0}
          onCancel={onClose}
        />
        {!nothing && problems.size === 0 && (
          <AsCurl
            method="POST"
            path={apiKey ? keyUrl(apiKey.id) : keysUrl}
            body={request ?? toCreateRequest(form)}
          />
        )}
      </form>
    </SidePanel>
  );
}

type Fault = string | false;

function FifoChoice(props: { value: readonly string[]; onChange: (value: string[]) => void; error: Fault }) {
  const t = useText('access');
  const { data: identity } = useIdentity();
  const fifos = useFifos({ enabled: identity?.roles.includes('BUS_CONFIG_R') === true });
  return (
    <TagsInput
      label={t('scope')}
      description={t('scopeHint')}
      data={identity?.fifos ?? fifos.data?.map(({ name }) => name) ?? []}
      value={[...props.value]}
      onChange={props.onChange}
      error={props.error}
      acceptValueOnBlur
    />
  );
}

function ClientCertificate(props: {
  form: KeyForm;
  onChange: (part: Partial<KeyForm>) => void;
  error: Fault;
}) {
  const t = useText('access');
  const { certRequired, caCertIds } = props.form;
  const certificates = useCertificates();
  const none = certificates.data?.length === 0;
  return (
    <fieldset className="roles stack">
      <legend>{t('clientCert')}</legend>
      <Switch
        label={t('certRequired')}
        description={none ? t('certNone') : t('certRequiredHint')}
        checked={certRequired}
        disabled={none && !certRequired}
        onChange={(event) => props.onChange({ certRequired: event.currentTarget.checked })}
      />
      {none && (
        <a href="#/access/certificates?create=yes" className="link">
          {t('addCertificate')}
        </a>
      )}
      {certRequired && (
        <Checkbox.Group
          label={t('certBy')}
          value={[...caCertIds]}
          onChange={(next) => props.onChange({ caCertIds: next })}
          error={props.error}
        >
          {(certificates.data ?? []).map(({ id, comment, subject }) => (
            <Checkbox key={id} mt={4} value={id} label={comment ?? subject} />
          ))}
        </Checkbox.Group>
      )}
      <ActionError error={certificates.error} />
    </fieldset>
  );
}
