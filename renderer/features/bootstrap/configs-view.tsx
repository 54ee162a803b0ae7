import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { BootstrapConfigJson } from '../../../core/contract/bootstrap/configs.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { deleteConfig, useConfigs } from './bootstrap-api.ts';
import { BootstrapHeader } from './bootstrap-header.tsx';
import { ConfigEditor } from './config-editor.tsx';

const rowKey = ({ id }: BootstrapConfigJson): string => id;

/** Bootstrap configurations: at which servers clients register. */
export default function ConfigsView() {
  const t = useText('bootstrap');
  const language = usePreferences((state) => state.language);
  const query = useConfigs();
  const [url, setUrl] = useUrlState();
  const creating = url.do === 'create';
  const opened = creating ? undefined : query.data?.items.find(({ id }) => id === url.config);
  const columns = useColumns(creating || opened !== undefined);
  const open = (config: string | undefined): void => setUrl({ config, do: undefined });
  const create = (
    <ReasonButton
      needs="BOOTSTRAP_W"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setUrl({ do: 'create', config: undefined })}
    >
      {t('newConfig')}
    </ReasonButton>
  );
  return (
    <div className="list-view">
      <BootstrapHeader at="configs" note={query.data && count(query.data.total, language)}>
        {query.data?.total !== 0 && create}
      </BootstrapHeader>
      <div className="list-and-panel">
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t('emptyConfigs')} action={create}>
                {t('emptyConfigsText')}
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('configs')}
                rows={items}
                columns={columns}
                rowKey={rowKey}
                selected={opened?.id}
                onOpen={({ id }) => open(id)}
              />
            )
          }
        </QueryView>
        {creating && <ConfigEditor onClose={() => open(undefined)} onSaved={open} />}
        {opened && url.do === 'edit' && (
          <ConfigEditor
            key={`edit ${opened.id}`}
            config={opened}
            onClose={() => open(opened.id)}
            onSaved={open}
          />
        )}
        {opened && url.do !== 'edit' && (
          <ConfigPanel
            key={opened.id}
            config={opened}
            onEdit={() => setUrl({ do: 'edit' })}
            onClose={() => open(undefined)}
          />
        )}
      </div>
    </div>
  );
}

function ConfigPanel(props: { config: BootstrapConfigJson; onEdit: () => void; onClose: () => void }) {
  const { config, onEdit, onClose } = props;
  const t = useText('bootstrap');
  const common = useText('common');
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  return (
    <SidePanel title={config.name} onClose={onClose} wide>
      <div className="buttons">
        <ReasonButton variant="default" needs="BOOTSTRAP_W" onClick={onEdit}>
          {common('edit')}
        </ReasonButton>
        <ReasonButton variant="default" needs="BOOTSTRAP_W" onClick={() => setDeleting(true)}>
          {common('delete')}
        </ReasonButton>
      </div>
      <Facts
        facts={[
          ['Id', <IdText key="id" id={config.id} what="Id" />],
          [t('description'), config.description],
          [t('created'), <TimeText key="created" time={config.created} form="full" />],
          [t('updated'), <TimeText key="updated" time={config.updated} form="full" />],
        ]}
      />
      <section aria-label={t('runServers')}>
        <h3>{t('runServers')}</h3>
        <CodeBlock text={JSON.stringify(config.runServers, null, 2)} what={t('whole')} />
      </section>
      {deleting && (
        <ConfirmDelete
          title={t('deleteConfig', { name: config.name })}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteConfig(config.id);
            onClose();
            await queries.invalidateQueries({ queryKey: ['bootstrap'] });
          }}
        >
          <p>{t('deleteConfigText')}</p>
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}

function useColumns(narrow: boolean): Column<BootstrapConfigJson>[] {
  const t = useText('bootstrap');
  return useMemo(() => {
    const columns: Column<BootstrapConfigJson>[] = [
      {
        id: 'name',
        header: t('name'),
        width: 'minmax(160px, 1fr)',
        cell: ({ name, description }) => (
          <strong className="ellipsis" title={description ?? name}>
            {name}
          </strong>
        ),
      },
      {
        id: 'runServers',
        header: t('runServers'),
        width: 'minmax(180px, 1.6fr)',
        cell: ({ runServers }) => {
          const text = runServers
            .map(({ id, useLiveObjects, lwm2mDefinition }) => {
              const uri = useLiveObjects ? t('thisPlatform') : lwm2mDefinition.security.lwm2mServerUri;
              return `${id}: ${uri}`;
            })
            .join(', ');
          return (
            <span className="ellipsis" title={text}>
              {text}
            </span>
          );
        },
      },
      {
        id: 'updated',
        header: t('updated'),
        width: '190px',
        cell: ({ updated }) => <TimeText time={updated} form="full" />,
      },
    ];
    return narrow ? columns.slice(0, 2) : columns;
  }, [t, narrow]);
}
