import '../twin.css';
import { Switch } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useMemo } from 'react';
import { usePreferences } from '../../../app/preferences.ts';
import { count } from '../../../format/numbers.ts';
import { useText } from '../../../i18n/use-text.ts';
import { FilterInput } from '../../../ui/filter-input.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ReasonButton } from '../../../ui/reason-button.tsx';
import { useUrlState } from '../../../ui/use-url-state.ts';
import { EmptyState } from '../../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';
import { matches } from '../twin-model.ts';
import { ImportModel } from './import-model.tsx';
import { ModelPanel } from './model-panel.tsx';
import { type ModelLine, useModels, versionOf } from './models-api.ts';
import { TwinHeader } from './twin-header.tsx';

const rowKey = ({ objectDefinitionId }: ModelLine): string => objectDefinitionId;

/** Definitions of LwM2M objects: the public ones, and those that were imported. */
export default function ModelsView() {
  const t = useText('twinModels');
  const language = usePreferences((state) => state.language);
  const query = useModels();
  const [url, setUrl] = useUrlState();
  const { find = '', model } = url;
  const custom = url.custom === 'yes';
  const importing = url.do === 'import';
  const columns = useColumns(importing || model !== undefined);
  const open = (id: string | undefined): void => setUrl({ model: id, do: undefined });
  const listed = useMemo(
    () =>
      (query.data ?? []).filter(
        ({ objectDefinitionId, pathSegment, name, owner }) =>
          (!custom || owner !== undefined) && matches(find, `/${pathSegment}`, name, objectDefinitionId),
      ),
    [query.data, find, custom],
  );
  const total = query.data?.length ?? 0;
  const note = { shown: count(listed.length, language), total: count(total, language) };
  return (
    <div className="list-view">
      <TwinHeader at="models" note={query.data && (listed.length < total ? t('shown', note) : note.total)}>
        <ReasonButton
          needs="DEVICE_W"
          leftSection={<IconFileImport size={14} aria-hidden />}
          onClick={() => setUrl({ do: 'import', model: undefined })}
        >
          {t('import')}
        </ReasonButton>
      </TwinHeader>
      <div className="filters-row">
        <div className="filters">
          <FilterInput
            label={t('find')}
            value={find}
            width={260}
            onChange={(next) => setUrl({ find: next })}
          />
          <Switch
            label={t('onlyCustom')}
            checked={custom}
            onChange={({ currentTarget }) => setUrl({ custom: currentTarget.checked ? 'yes' : undefined })}
          />
        </div>
      </div>
      <div className="list-and-panel">
        <QueryView query={query}>
          {() =>
            listed.length === 0 ? (
              <EmptyState title={custom && find === '' ? t('noCustom') : t('none')}>
                {custom && find === '' ? t('noCustomText') : undefined}
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('title_models')}
                rows={listed}
                columns={columns}
                rowKey={rowKey}
                selected={model}
                onOpen={({ objectDefinitionId }) => open(objectDefinitionId)}
              />
            )
          }
        </QueryView>
        {importing && <ImportModel onClose={() => open(undefined)} onImported={open} />}
        {!importing && model !== undefined && (
          <ModelPanel key={model} id={model} onClose={() => open(undefined)} />
        )}
      </div>
    </div>
  );
}

function useColumns(narrow: boolean): Column<ModelLine>[] {
  const t = useText('twinModels');
  return useMemo(() => {
    const columns: Column<ModelLine>[] = [
      {
        id: 'id',
        header: t('id'),
        width: '80px',
        numeric: true,
        cell: ({ pathSegment }) => <span className="mono">{pathSegment}</span>,
      },
      {
        id: 'name',
        header: t('name'),
        width: 'minmax(160px, 1fr)',
        cell: ({ name, description }) => (
          <strong className="ellipsis" title={description}>
            {name}
          </strong>
        ),
      },
      {
        id: 'version',
        header: t('version'),
        width: '90px',
        cell: ({ objectDefinitionId }) => versionOf(objectDefinitionId),
      },
      {
        id: 'owner',
        header: t('owner'),
        width: '110px',
        cell: ({ owner }) => (owner === undefined ? t('public') : <span className="tag">{t('custom')}</span>),
      },
      {
        id: 'instances',
        header: t('instances'),
        width: '110px',
        cell: ({ maxOccurs }) => (maxOccurs === 1 ? t('one') : t('many')),
      },
      {
        id: 'operations',
        header: t('operations'),
        width: '130px',
        cell: ({ operations }) => <span className="dimmed">{operations.join(', ')}</span>,
      },
      {
        id: 'definition',
        header: t('definition'),
        width: 'minmax(190px, 0.8fr)',
        cell: ({ objectDefinitionId }) => (
          <span className="mono ellipsis" title={objectDefinitionId}>
            {objectDefinitionId}
          </span>
        ),
      },
    ];
    return narrow ? columns.slice(0, 4) : columns;
  }, [t, narrow]);
}
