import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createEntryRequest } from '../../../core/contract/bootstrap/entries.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { createEntry, entriesUrl, useConfigs } from './bootstrap-api.ts';

interface Psk {
  readonly identity: string;
  readonly secret: string;
}
const nothing: Psk = { identity: '', secret: '' };

/** Makes an entry, with keys for each run server of the configuration that is chosen. */
export function CreateEntry(props: { onClose: () => void; onCreated: (endpointName: string) => void }) {
  const t = useText('bootstrap');
  const common = useText('common');
  const queries = useQueryClient();
  const configs = useConfigs();
  const [endpointName, setEndpointName] = useState('');
  const [own, setOwn] = useState(nothing);
  const [configId, setConfigId] = useState<string | null>(null);
  const [run, setRun] = useState<Readonly<Record<string, Psk>>>({});
  const [tried, setTried] = useState(false);
  const servers = configs.data?.items.find(({ id }) => id === configId)?.runServers ?? [];
  const runServers = servers
    .map(({ id }) => ({ id, psk: run[id] ?? nothing }))
    .filter(({ psk }) => psk.identity !== '' || psk.secret !== '')
    .map(({ id, psk: { identity, secret } }) => ({
      id,
      security: { pskInfo: { ...(identity !== '' && { identity }), secret } },
    }));
  const request = {
    endpointName,
    security: { mode: 'PSK', pskInfo: { identity: own.identity || endpointName, secret: own.secret } },
    ...(configId !== null && {
      definition: { bootstrapConfigId: configId, ...(runServers.length > 0 && { runServers }) },
    }),
  };
  const problems = problemsOf(createEntryRequest, request, common('needed'));
  const fault = (path: string): string | undefined => (tried ? problems.get(path) : undefined);
  const create = useMutation({
    mutationFn: () => createEntry(request),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['bootstrap'] });
      props.onCreated(made.endpointName);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size === 0) create.mutate();
  };
  return (
    <SidePanel title={t('newEntry')} onClose={props.onClose} wide>
      <form className="stack" onSubmit={submit} aria-label={t('newEntry')}>
        <TextInput
          label={t('endpointName')}
          value={endpointName}
          error={fault('endpointName')}
          onChange={({ currentTarget }) => setEndpointName(currentTarget.value.trim())}
          classNames={{ input: 'mono' }}
        />
        <PskFields
          legend={t('forBootstrap')}
          psk={own}
          identityHint={endpointName}
          problem={(name) => fault(`security.pskInfo.${name}`)}
          onChange={setOwn}
        />
        <Select
          label={t('config')}
          clearable
          data={(configs.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={configId}
          onChange={setConfigId}
        />
        {servers.map(({ id }) => (
          <PskFields
            key={id}
            legend={t('forRunServer', { id })}
            psk={run[id] ?? nothing}
            identityHint={own.identity || endpointName}
            secretHint={t('runSecretHint')}
            problem={(name) => {
              const index = runServers.findIndex((server) => server.id === id);
              return fault(`definition.runServers.${index}.security.pskInfo.${name}`);
            }}
            onChange={(psk) => setRun({ ...run, [id]: psk })}
          />
        ))}
        <ActionError error={create.error} />
        <FormButtons
          submit={common('create')}
          needs="BOOTSTRAP_W"
          busy={create.isPending}
          onCancel={props.onClose}
        />
      </form>
      <AsCurl method="POST" path={entriesUrl} body={withoutSecrets(request)} />
    </SidePanel>
  );
}

/** A line to show and to paste: what is typed behind dots is not repeated in it. */
const withoutSecrets = (request: object): unknown =>
  JSON.parse(JSON.stringify(request, (name, value) => (name === 'secret' ? 'YOUR_SECRET' : value)));

function PskFields(props: {
  legend: string;
  psk: Psk;
  identityHint: string;
  secretHint?: string;
  problem: (name: keyof Psk) => string | undefined;
  onChange: (psk: Psk) => void;
}) {
  const t = useText('bootstrap');
  const { psk, onChange } = props;
  return (
    <fieldset className="stack">
      <legend>{props.legend}</legend>
      <TextInput
        label={t('identity')}
        placeholder={props.identityHint}
        value={psk.identity}
        error={props.problem('identity')}
        onChange={({ currentTarget }) => onChange({ ...psk, identity: currentTarget.value.trim() })}
        classNames={{ input: 'mono' }}
      />
      <PasswordInput
        label={t('secret')}
        description={props.secretHint ?? t('secretHint')}
        autoComplete="off"
        value={psk.secret}
        error={props.problem('secret')}
        onChange={({ currentTarget }) => onChange({ ...psk, secret: currentTarget.value })}
      />
    </fieldset>
  );
}
