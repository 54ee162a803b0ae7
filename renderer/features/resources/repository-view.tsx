import { IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { ResourceJson } from '../../../core/contract/resources.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { MomentText } from '../../ui/moment-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { CreateResource } from './create-resource.tsx';
import { useRepository } from './repository-api.ts';
import { ResourcePanel } from './resource-panel.tsx';

const rowKey = ({ resourceId }: ResourceJson): string => resourceId;

/** The repository: resources, and the versions of the one that is opened. */
export default function RepositoryView() {
  const t = useText('resources');
  const language = usePreferences((state) => state.language);
  const query = useRepository();
  const [url, setUrl] = useUrlState();
  const opened = query.data?.find(({ resourceId }) => resourceId === url.resource);
  const creating = url.create === 'yes';
  const columns = useColumns(creating || opened !== undefined);
  const open = (id: string | undefined): void => setUrl({ resource: id, create: undefined });
  const create = (
    <ReasonButton
      needs="DEVICE_W"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setUrl({ create: 'yes', resource: undefined })}
    >
      {t('create')}
    </ReasonButton>
  );
  return (
    <div className="list-view">
      <ViewHeader title={t('title')} note={query.data && count(query.data.length, language)}>
        {query.data?.length !== 0 && create}
      </ViewHeader>
      <div className="list-and-panel">
        <QueryView query={query}>
          {(resources) =>
            resources.length === 0 ? (
              <EmptyState title={t('empty')} action={create}>
                {t('emptyText')}
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('title')}
                rows={resources}
                columns={columns}
                rowKey={rowKey}
                selected={opened?.resourceId}
                onOpen={({ resourceId }) => open(resourceId)}
              />
            )
          }
        </QueryView>
        {creating ? (
          <CreateResource startWith={url.resource} onClose={() => open(undefined)} onCreated={open} />
        ) : (
          opened && (
            <ResourcePanel key={opened.resourceId} resource={opened} onClose={() => open(undefined)} />
          )
        )}
        {!creating && !opened && query.data && url.resource !== undefined && (
          <SidePanel title={url.resource} onClose={() => open(undefined)}>
            <p>{t('notKept')}</p>
            <div className="buttons">
              <ReasonButton needs="DEVICE_W" onClick={() => setUrl({ create: 'yes' })}>
                {t('keepIt')}
              </ReasonButton>
            </div>
          </SidePanel>
        )}
      </div>
    </div>
  );
}

function useColumns(narrow: boolean): Column<ResourceJson>[] {
  const t = useText('resources');
  return useMemo(() => {
    const columns: Column<ResourceJson>[] = [
      {
        id: 'id',
        header: t('id'),
        width: 'minmax(180px, 1fr)',
        cell: ({ resourceId }) => (
          <strong className="ellipsis mono" title={resourceId}>
            {resourceId}
          </strong>
        ),
      },
      {
        id: 'label',
        header: t('label'),
        width: 'minmax(140px, 1.4fr)',
        cell: ({ label, description }) => (
          <span className="ellipsis" title={description ?? label}>
            {label ?? description}
          </span>
        ),
      },
      {
        id: 'transport',
        header: t('transport'),
        width: '120px',
        cell: ({ metadata }) => (metadata.secured === 'true' ? 'HTTPS' : 'HTTP'),
      },
      {
        id: 'updated',
        header: t('updated'),
        width: '190px',
        cell: ({ updated }) => <MomentText ms={updated} />,
      },
    ];
    return narrow ? columns.slice(0, 2) : columns;
  }, [t, narrow]);
}
