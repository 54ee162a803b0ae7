import { IconTrash, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ResourceJson, VersionJson } from '../../../core/contract/resources.ts';
import { bytes } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { MomentText } from '../../ui/moment-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ReasonIcon } from '../../ui/reason-icon.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { deleteResource, deleteVersion, useVersions } from './repository-api.ts';
import { UploadVersion } from './upload-version.tsx';

/** A resource of the repository with its versions, to which another is uploaded. */
export function ResourcePanel({ resource, onClose }: { resource: ResourceJson; onClose: () => void }) {
  const t = useText('resources');
  const common = useText('common');
  const query = useVersions(resource.resourceId);
  const [uploading, setUploading] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const { resourceId, metadata, versionAliases } = resource;
  const others = Object.entries(metadata).filter(([name]) => name !== 'secured');
  const upload = (
    <ReasonButton
      needs="DEVICE_W"
      leftSection={<IconUpload size={14} aria-hidden />}
      onClick={() => setUploading(true)}
    >
      {t('upload')}
    </ReasonButton>
  );
  return (
    <SidePanel title={resource.label ?? resourceId} onClose={onClose} wide>
      <div className="buttons">
        {!uploading && query.data?.length !== 0 && upload}
        <ReasonButton variant="default" needs="DEVICE_W" onClick={() => setDeleting(true)}>
          {common('delete')}
        </ReasonButton>
      </div>
      {uploading && <UploadVersion resourceId={resourceId} onClose={() => setUploading(false)} />}
      <section aria-label={t('versions')}>
        <h3>{t('versions')}</h3>
        <QueryView query={query} rows={3}>
          {(versions) =>
            versions.length === 0 ? (
              <EmptyState title={t('versionsNone')} {...(!uploading && { action: upload })}>
                {t('versionsNoneText')}
              </EmptyState>
            ) : (
              <Versions resourceId={resourceId} versions={versions} />
            )
          }
        </QueryView>
      </section>
      <Facts
        facts={[
          [t('id'), <IdText key="id" id={resourceId} what={t('id')} />],
          [t('description'), resource.description],
          [t('transport'), metadata.secured === 'true' ? 'HTTPS' : 'HTTP'],
          [t('metadata'), others.map(([name, value]) => `${name}: ${value}`).join(', ')],
          [t('aliases'), versionAliases.join(', ')],
          [t('created'), <MomentText key="created" ms={resource.created} />],
          [t('updated'), <MomentText key="updated" ms={resource.updated} />],
        ]}
      />
      {deleting && (
        <DeleteResource
          id={resourceId}
          count={query.data?.length ?? 0}
          onClose={() => setDeleting(false)}
          onDeleted={onClose}
        />
      )}
    </SidePanel>
  );
}

function Versions({ resourceId, versions }: { resourceId: string; versions: readonly VersionJson[] }) {
  const t = useText('resources');
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState<VersionJson>();
  return (
    <>
      <table className="plain-table" aria-label={t('versions')}>
        <thead>
          <tr>
            {(['version', 'size', 'from', 'md5', 'created'] as const).map((name) => (
              <th key={name} scope="col" className={name === 'size' ? 'numeric' : undefined}>
                {t(name)}
              </th>
            ))}
            <th scope="col">{t('actions')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => {
            const { resourceVersionId: name, size, compatibleVersions, checksum, created } = version;
            return (
              <tr key={name}>
                <th scope="row" className="mono" title={version.description}>
                  {name}
                </th>
                <td className="numeric" title={`${size} B`}>
                  {bytes(size)}
                </td>
                <td>
                  {compatibleVersions.length === 0 ? t('compatibleAll') : compatibleVersions.join(', ')}
                </td>
                <td>
                  <CopyButton text={checksum} what={t('checksum')} />
                </td>
                <td>
                  <MomentText ms={created} />
                </td>
                <td>
                  <ReasonIcon
                    label={t('delete', { name })}
                    needs="DEVICE_W"
                    onClick={() => setDeleting(version)}
                  >
                    <IconTrash size={14} />
                  </ReasonIcon>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {deleting && (
        <ConfirmDelete
          title={t('deleteVersion', { name: deleting.resourceVersionId })}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await deleteVersion(resourceId, deleting.resourceVersionId);
            await queries.invalidateQueries({ queryKey: ['resources', 'versions', resourceId] });
          }}
        >
          <p>{t('deleteVersionText', { size: bytes(deleting.size) })}</p>
        </ConfirmDelete>
      )}
    </>
  );
}

function DeleteResource(props: { id: string; count: number; onClose: () => void; onDeleted: () => void }) {
  const t = useText('resources');
  const queries = useQueryClient();
  return (
    <ConfirmDelete
      title={t('deleteResource', { name: props.id })}
      onClose={props.onClose}
      onConfirm={async () => {
        await deleteResource(props.id);
        props.onDeleted();
        await queries.invalidateQueries({ queryKey: ['resources', 'repository'] });
      }}
    >
      <p>{t('deleteResourceText', { count: props.count })}</p>
    </ConfirmDelete>
  );
}
