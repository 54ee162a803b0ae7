import { IconFileImport, IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { BootstrapEntryJson } from '../../../core/contract/bootstrap/entries.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { useConfigs, useEntries } from './bootstrap-api.ts';
import { BootstrapHeader } from './bootstrap-header.tsx';
import { BootstrapStatusMark } from './bootstrap-status.tsx';
import { EntryEditor } from './entry-editor.tsx';
import { EntryPanel } from './entry-panel.tsx';
import { ImportEntries } from './import-entries.tsx';

const rowKey = ({ endpointName }: BootstrapEntryJson): string => endpointName;

/** Bootstrap entries: who may ask where to register, and what has become of it. */
export default function EntriesView() {
  const t = useText('bootstrap');
  const language = usePreferences((state) => state.language);
  const query = useEntries();
  const [url, setUrl] = useUrlState();
  const opened = query.data?.items.find(({ endpointName }) => endpointName === url.entry);
  const columns = useColumns(url.do !== undefined || opened !== undefined);
  const open = (entry: string | undefined): void => setUrl({ entry, do: undefined });
  const close = (): void => open(undefined);
  const create = (
    <ReasonButton
      needs="BOOTSTRAP_W"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setUrl({ do: 'create', entry: undefined })}
    >
      {t('newEntry')}
    </ReasonButton>
  );
  const { items, total } = query.data ?? { items: [], total: 0 };
  const shown = { shown: count(items.length, language), total: count(total, language) };
  return (
    <div className="list-view">
      <BootstrapHeader
        at="entries"
        note={query.data && (items.length < total ? t('shown', shown) : count(total, language))}
      >
        <ReasonButton
          needs="BOOTSTRAP_W"
          variant="default"
          leftSection={<IconFileImport size={14} aria-hidden />}
          onClick={() => setUrl({ do: 'import', entry: undefined })}
        >
          {t('importFile')}
        </ReasonButton>
        {total > 0 && create}
      </BootstrapHeader>
      <div className="list-and-panel">
        <QueryView query={query}>
          {({ items: entries }) =>
            entries.length === 0 ? (
              <EmptyState title={t('empty')} action={create}>
                {t('emptyText')}
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('entries')}
                rows={entries}
                columns={columns}
                rowKey={rowKey}
                selected={opened?.endpointName}
                onOpen={({ endpointName }) => open(endpointName)}
              />
            )
          }
        </QueryView>
        {url.do === 'create' && <EntryEditor onClose={close} onSaved={open} />}
        {url.do === 'edit' && opened && (
          <EntryEditor
            key={opened.endpointName}
            entry={opened}
            onClose={() => open(opened.endpointName)}
            onSaved={open}
          />
        )}
        {url.do === 'import' && <ImportEntries onClose={close} />}
        {url.do === undefined && opened && (
          <EntryPanel
            key={opened.endpointName}
            entry={opened}
            onEdit={() => setUrl({ do: 'edit' })}
            onClose={close}
          />
        )}
      </div>
    </div>
  );
}

function useColumns(narrow: boolean): Column<BootstrapEntryJson>[] {
  const t = useText('bootstrap');
  const { data } = useConfigs();
  return useMemo(() => {
    const names = new Map(data?.items.map(({ id, name }) => [id, name]));
    const columns: Column<BootstrapEntryJson>[] = [
      {
        id: 'endpointName',
        header: t('endpointName'),
        width: 'minmax(180px, 1.4fr)',
        cell: ({ endpointName }) => (
          <strong className="ellipsis mono" title={endpointName}>
            {endpointName}
          </strong>
        ),
      },
      {
        id: 'status',
        header: t('status'),
        width: '130px',
        cell: ({ activity }) => <BootstrapStatusMark status={activity.status} />,
      },
      {
        id: 'config',
        header: t('config'),
        width: 'minmax(140px, 1fr)',
        cell: ({ definition }) => {
          const id = definition?.bootstrapConfigId;
          const name = id === undefined ? t('noConfig') : (names.get(id) ?? id);
          return (
            <span className="ellipsis" title={name}>
              {name}
            </span>
          );
        },
      },
      {
        id: 'counts',
        header: `${t('finishes')} / ${t('requests')}`,
        width: '170px',
        cell: ({ activity }) => `${activity.bootstrapFinishCount} / ${activity.bootstrapRequestCount}`,
      },
      {
        id: 'last',
        header: t('lastRequest'),
        width: '190px',
        cell: ({ activity: { lastBootstrapRequestDate: time } }) =>
          time !== undefined && <TimeText time={time} form="relative" />,
      },
    ];
    return narrow ? columns.slice(0, 2) : columns;
  }, [t, narrow, data]);
}
