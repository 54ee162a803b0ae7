import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { bootstrapConfigRequest } from '../../../core/contract/bootstrap/configs.ts';
import { securityModes } from '../../../core/contract/bootstrap/server-objects.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { configsUrl, createConfig } from './bootstrap-api.ts';

const start = {
  ...{ name: '', description: '', id: 'LOServer', own: true, renew: false, uri: '', mode: '0' },
  ...{ shortServerId: '1', lifetime: '300', binding: 'U' },
};
type Form = typeof start;

const numberOf = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));
const modes = Object.values(securityModes);

/** The body of the call; what is left empty is left out. */
function toRequest({ name, description, id, own, renew, ...form }: Form) {
  const shortServerId = numberOf(form.shortServerId);
  const lifetime = numberOf(form.lifetime);
  return {
    name,
    ...(description !== '' && { description }),
    runServers: [
      {
        ...{ id, useLiveObjects: own },
        ...(own && renew && { renewSecurityOnBootstrap: true }),
        lwm2mDefinition: {
          security: {
            shortServerId,
            ...(!own && { lwm2mServerUri: form.uri, securityMode: Number(form.mode) }),
          },
          server: {
            shortServerId,
            ...(lifetime !== undefined && { lifetime }),
            ...(form.binding !== '' && { binding: form.binding }),
          },
        },
      },
    ],
  };
}

/** Makes a configuration with one run server and its usual fields. */
export function CreateConfig(props: { onClose: () => void; onCreated: (id: string) => void }) {
  const t = useText('bootstrap');
  const common = useText('common');
  const queries = useQueryClient();
  const [form, setForm] = useState(start);
  const [tried, setTried] = useState(false);
  const request = toRequest(form);
  const problems = problemsOf(bootstrapConfigRequest, request, common('needed'));
  const fault = (path: string): string | undefined => (tried ? problems.get(path) : undefined);
  const ofSecurity = (name: string) => fault(`runServers.0.lwm2mDefinition.security.${name}`);
  const ofServer = (name: string) => fault(`runServers.0.lwm2mDefinition.server.${name}`);
  const create = useMutation({
    mutationFn: () => createConfig(request),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['bootstrap'] });
      props.onCreated(made.id);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size === 0) create.mutate();
  };
  const set = (change: Partial<Form>): void => {
    create.reset();
    setForm((before) => ({ ...before, ...change }));
  };
  const textField = (name: 'name' | 'id' | 'uri' | 'shortServerId' | 'lifetime' | 'binding') => ({
    value: form[name],
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      set({ [name]: currentTarget.value }),
  });
  return (
    <SidePanel title={t('newConfig')} onClose={props.onClose} wide>
      <form className="stack" onSubmit={submit} aria-label={t('newConfig')}>
        <TextInput label={t('name')} error={fault('name')} {...textField('name')} />
        <Textarea
          label={t('description')}
          autosize
          minRows={2}
          value={form.description}
          error={fault('description')}
          onChange={({ currentTarget }) => set({ description: currentTarget.value })}
        />
        <TextInput label={t('runServerId')} error={fault('runServers.0.id')} {...textField('id')} />
        <Switch
          label={t('useLiveObjects')}
          checked={form.own}
          onChange={({ currentTarget }) => set({ own: currentTarget.checked })}
        />
        {form.own ? (
          <Switch
            label={t('renew')}
            description={t('renewHint')}
            checked={form.renew}
            onChange={({ currentTarget }) => set({ renew: currentTarget.checked })}
          />
        ) : (
          <>
            <TextInput
              label={t('uri')}
              placeholder="coaps://host:5684"
              error={ofSecurity('lwm2mServerUri')}
              classNames={{ input: 'mono' }}
              {...textField('uri')}
            />
            <Select
              label={t('mode')}
              allowDeselect={false}
              data={modes.map((mode) => ({ value: String(mode), label: t(`mode_${mode}`) }))}
              value={form.mode}
              onChange={(mode) => mode !== null && set({ mode })}
            />
          </>
        )}
        <TextInput
          label={t('shortServerId')}
          inputMode="numeric"
          error={ofSecurity('shortServerId')}
          {...textField('shortServerId')}
        />
        <TextInput
          label={t('lifetime')}
          inputMode="numeric"
          error={ofServer('lifetime')}
          {...textField('lifetime')}
        />
        <TextInput label={t('binding')} error={ofServer('binding')} {...textField('binding')} />
        <p className="dimmed">{t('moreByApi')}</p>
        <ActionError error={create.error} />
        <FormButtons
          submit={common('create')}
          needs="BOOTSTRAP_W"
          busy={create.isPending}
          onCancel={props.onClose}
        />
      </form>
      <AsCurl method="POST" path={configsUrl} body={request} />
    </SidePanel>
  );
}
