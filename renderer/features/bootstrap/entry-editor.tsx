import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  type BootstrapEntryJson,
  createEntryRequest,
  replaceEntryRequest,
} from '../../../core/contract/bootstrap/entries.ts';
import { maskedSecret } from '../../../core/contract/psk.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { createEntry, entriesUrl, entryUrl, replaceEntry, useConfigs } from './bootstrap-api.ts';

interface Psk {
  readonly identity: string;
  readonly secret: string;
}
const nothing: Psk = { identity: '', secret: '' };

interface EntryEditorProps {
  /** Undefined: a new one. */
  readonly entry?: BootstrapEntryJson;
  readonly onClose: () => void;
  readonly onSaved: (endpointName: string) => void;
}

/** Makes an entry, or changes one, with keys for each run server of the configuration that is chosen. */
export function EntryEditor({ entry, onClose, onSaved }: EntryEditorProps) {
  const t = useText('bootstrap');
  const common = useText('common');
  const queries = useQueryClient();
  const configs = useConfigs();
  const [endpointName, setEndpointName] = useState(entry?.endpointName ?? '');
  const [own, setOwn] = useState<Psk>({ ...nothing, identity: entry?.security.pskInfo.identity ?? '' });
  const [configId, setConfigId] = useState<string | null>(entry?.definition?.bootstrapConfigId ?? null);
  const known = entry?.definition?.runServers ?? [];
  const [run, setRun] = useState<Readonly<Record<string, Psk>>>(() =>
    Object.fromEntries(
      known.map(({ id, security }) => [id, { ...nothing, identity: security?.pskInfo.identity ?? '' }]),
    ),
  );
  const [tried, setTried] = useState(false);
  const chosen = configs.data?.items.find(({ id }) => id === configId)?.runServers;
  // What the entry has is not lost where its configuration is none of those that were listed.
  const isSame = configId === (entry?.definition?.bootstrapConfigId ?? null);
  const servers: readonly { id: string }[] = chosen ?? (isSame ? known : []);
  /** The platform keeps a secret that comes back as it was shown. */
  const hasSecret = (id: string): boolean =>
    known.some((server) => server.id === id && server.security !== undefined);
  const runServers = servers
    .map(({ id }) => ({ id, psk: run[id] ?? nothing }))
    .filter(({ id, psk }) => psk.identity !== '' || psk.secret !== '' || hasSecret(id))
    .map(({ id, psk: { identity, secret } }) => ({
      id,
      security: {
        pskInfo: {
          ...(identity !== '' && { identity }),
          secret: secret === '' && hasSecret(id) ? maskedSecret : secret,
        },
      },
    }));
  const request = {
    endpointName,
    security: {
      mode: 'PSK',
      pskInfo: {
        identity: own.identity || endpointName,
        ...((!entry || own.secret !== '') && { secret: own.secret }),
      },
    },
    ...((configId !== null || runServers.length > 0) && {
      definition: {
        ...(configId !== null && { bootstrapConfigId: configId }),
        ...(runServers.length > 0 && { runServers }),
      },
    }),
  };
  const schema = entry ? replaceEntryRequest : createEntryRequest;
  const problems = problemsOf(schema, request, common('needed'));
  const fault = (path: string): string | undefined => (tried ? problems.get(path) : undefined);
  const save = useMutation({
    mutationFn: () => (entry ? replaceEntry(entry.endpointName, request) : createEntry(request)),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['bootstrap'] });
      onSaved(saved.endpointName);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size === 0) save.mutate();
  };
  const title = entry ? t('editOf', { name: entry.endpointName }) : t('newEntry');
  return (
    <SidePanel title={title} onClose={onClose} wide>
      <form className="stack" onSubmit={submit} aria-label={title}>
        {!entry && (
          <TextInput
            label={t('endpointName')}
            value={endpointName}
            error={fault('endpointName')}
            onChange={({ currentTarget }) => setEndpointName(currentTarget.value.trim())}
            classNames={{ input: 'mono' }}
          />
        )}
        <PskFields
          legend={t('forBootstrap')}
          psk={own}
          identityHint={endpointName}
          secretHint={entry && t('secretStays')}
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
            secretHint={hasSecret(id) ? t('secretStays') : t('runSecretHint')}
            problem={(name) => {
              const index = runServers.findIndex((server) => server.id === id);
              return fault(`definition.runServers.${index}.security.pskInfo.${name}`);
            }}
            onChange={(psk) => setRun({ ...run, [id]: psk })}
          />
        ))}
        <ActionError error={save.error} />
        <FormButtons
          submit={entry ? common('save') : common('create')}
          needs="BOOTSTRAP_W"
          busy={save.isPending}
          onCancel={onClose}
        />
      </form>
      <AsCurl
        method={entry ? 'PUT' : 'POST'}
        path={entry ? entryUrl(entry.endpointName) : entriesUrl}
        body={withoutSecrets(request)}
      />
    </SidePanel>
  );
}

/** A line to show and to paste: what is typed behind dots is not repeated in it, and what stays is named as it is. */
const withoutSecrets = (request: object): unknown =>
  JSON.parse(
    JSON.stringify(request, (name, value) =>
      name === 'secret' && value !== maskedSecret ? 'YOUR_SECRET' : value,
    ),
  );

function PskFields(props: {
  legend: string;
  psk: Psk;
  identityHint: string;
  secretHint?: string | undefined;
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
