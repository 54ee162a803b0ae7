import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { createTenantRequest, type NewTenant, type TenantJson } from '../../../core/contract/tenants.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity } from '../../session/identity.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { IdText } from '../../ui/id-text.tsx';
import { MomentText } from '../../ui/moment-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { AccessPage } from '../access/access-page.tsx';
import { SecretPanel } from '../access/secret-panel.tsx';
import { createTenant, useTenantSwitch, useTenants } from './tenants-api.ts';

const rowKey = ({ id }: TenantJson): string => id;

/** All tenants, for who runs the instance. */
export default function TenantsView() {
  return (
    <AccessPage part="tenants">
      <Tenants />
    </AccessPage>
  );
}

function Tenants() {
  const t = useText('tenants');
  const language = usePreferences((state) => state.language);
  const { data: me } = useIdentity();
  const query = useTenants(me?.operator === true);
  const [url, setUrl] = useUrlState();
  // Both secrets are nowhere but here, and gone when the panel closes.
  const [made, setMade] = useState<NewTenant>();
  const change = useTenantSwitch();
  const columns = useColumns(me?.tenantId, change.isPending, (id) => change.mutate(id));
  const close = () => {
    setMade(undefined);
    setUrl({ create: undefined });
  };
  return (
    <>
      <ViewHeader title={t('title')} note={query.data && count(query.data.length, language)}>
        <Button
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => {
            setMade(undefined);
            setUrl({ create: 'yes' });
          }}
        >
          {t('newTenant')}
        </Button>
      </ViewHeader>
      <p className="dimmed list-note">{t('intro')}</p>
      <ActionError error={change.error} />
      <div className="list-and-panel">
        <QueryView query={query}>
          {(tenants) => <VirtualTable label={t('title')} rows={tenants} columns={columns} rowKey={rowKey} />}
        </QueryView>
        {made ? (
          <SecretPanel
            title={made.name}
            secrets={[
              { name: t('masterKey'), value: made.masterKey },
              { name: t('admin', { login: made.admin.login }), value: made.admin.password },
            ]}
            note={t('madeNote', { login: made.admin.login })}
            onClose={close}
          />
        ) : (
          url.create === 'yes' && (
            <NewTenantPanel
              taken={query.data ?? []}
              onClose={close}
              onMade={(tenant) => {
                close();
                setMade(tenant);
              }}
            />
          )
        )}
      </div>
    </>
  );
}

function useColumns(
  mine: string | undefined,
  busy: boolean,
  onSwitch: (id: string) => void,
): Column<TenantJson>[] {
  const t = useText('tenants');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('name'),
        width: 'minmax(160px, 1fr)',
        cell: ({ name }) => (
          <strong className="ellipsis" title={name}>
            {name}
          </strong>
        ),
      },
      {
        id: 'id',
        header: t('id'),
        width: 'minmax(160px, 1fr)',
        cell: ({ id }) => <IdText id={id} what={t('id')} />,
      },
      {
        id: 'created',
        header: t('created'),
        width: '190px',
        cell: ({ creationTs }) => <MomentText ms={creationTs} />,
      },
      {
        id: 'switch',
        header: '',
        width: '150px',
        cell: ({ id, name }) =>
          id === mine ? (
            <span className="dimmed">{t('here')}</span>
          ) : (
            <Button
              size="compact-xs"
              variant="default"
              disabled={busy}
              aria-label={t('switchTo', { name })}
              onClick={() => onSwitch(id)}
            >
              {t('switch')}
            </Button>
          ),
      },
    ],
    [t, mine, busy, onSwitch],
  );
}

function NewTenantPanel(props: {
  taken: readonly TenantJson[];
  onClose: () => void;
  onMade: (tenant: NewTenant) => void;
}) {
  const t = useText('tenants');
  const common = useText('common');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const wrong = problemsOf(createTenantRequest, { name }, common('needed')).size > 0;
  const taken = props.taken.some((tenant) => tenant.name === name);
  const create = useMutation({
    mutationFn: () => createTenant(name),
    onSuccess: async (tenant) => {
      props.onMade(tenant);
      await queries.invalidateQueries({ queryKey: ['tenants'] });
    },
  });
  return (
    <SidePanel title={t('newTenant')} onClose={props.onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          required
          value={name}
          error={name !== '' && (wrong ? t('nameBad') : taken && t('nameTaken'))}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <p className="dimmed">{t('newText')}</p>
        <ActionError error={create.error} />
        <FormButtons
          submit={common('create')}
          busy={create.isPending}
          disabled={wrong || taken}
          onCancel={props.onClose}
        />
      </form>
    </SidePanel>
  );
}
