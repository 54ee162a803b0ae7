import { Button, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  type BootstrapConfigJson,
  bootstrapConfigRequest,
} from '../../../core/contract/bootstrap/configs.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { configsUrl, createConfig, replaceConfig } from './bootstrap-api.ts';
import { formOfConfig, newConfig, newRunServer, type RunServerForm, toConfigRequest } from './config-form.ts';
import { RunServerFields } from './run-server-fields.tsx';

interface ConfigEditorProps {
  /** Undefined: a new one. */
  readonly config?: BootstrapConfigJson;
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
}

/** Makes a configuration, or changes one, with all that the API has. */
export function ConfigEditor({ config, onClose, onSaved }: ConfigEditorProps) {
  const t = useText('bootstrap');
  const common = useText('common');
  const queries = useQueryClient();
  const [form, setForm] = useState(() => (config ? formOfConfig(config) : newConfig));
  const [tried, setTried] = useState(false);
  const request = toConfigRequest(form);
  const problems = problemsOf(bootstrapConfigRequest, request, common('needed'));
  const fault = (path: string): string | undefined => (tried ? problems.get(path) : undefined);
  const { runServers } = form;
  const save = useMutation({
    mutationFn: () => (config ? replaceConfig(config.id, request) : createConfig(request)),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['bootstrap'] });
      onSaved(id);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size === 0) save.mutate();
  };
  const set = (change: Partial<typeof form>): void => {
    save.reset();
    setForm((before) => ({ ...before, ...change }));
  };
  const setServer = (index: number, change: Partial<RunServerForm>): void =>
    set({ runServers: runServers.map((each, at) => (at === index ? { ...each, ...change } : each)) });
  const title = config ? t('editOf', { name: config.name }) : t('newConfig');
  const path = config ? `${configsUrl}/${config.id}` : configsUrl;
  return (
    <SidePanel title={title} onClose={onClose} wide>
      <form className="stack" onSubmit={submit} aria-label={title}>
        <TextInput
          label={t('name')}
          error={fault('name')}
          value={form.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <Textarea
          label={t('description')}
          autosize
          minRows={2}
          value={form.description}
          error={fault('description')}
          onChange={({ currentTarget }) => set({ description: currentTarget.value })}
        />
        {runServers.map((server, index) => (
          <RunServerFields
            // biome-ignore lint/suspicious/noArrayIndexKey: an id is typed, and may be the same for a moment
            key={index}
            form={server}
            number={index + 1}
            fault={(at) => fault(`runServers.${index}.${at}`)}
            onChange={(change) => setServer(index, change)}
            onRemove={
              runServers.length > 1
                ? () => set({ runServers: runServers.filter((_, at) => at !== index) })
                : undefined
            }
          />
        ))}
        <div className="buttons">
          <Button
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() =>
              set({
                runServers: [
                  ...runServers,
                  newRunServer(runServers.length + 1, !runServers.some(({ own }) => own)),
                ],
              })
            }
          >
            {t('addRunServer')}
          </Button>
        </div>
        <ActionError error={save.error} />
        <FormButtons
          submit={config ? common('save') : common('create')}
          needs="BOOTSTRAP_W"
          busy={save.isPending}
          onCancel={onClose}
        />
      </form>
      <AsCurl method={config ? 'PUT' : 'POST'} path={path} body={request} />
    </SidePanel>
  );
}
