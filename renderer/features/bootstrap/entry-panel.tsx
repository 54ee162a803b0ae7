import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { BootstrapEntryJson } from '../../../core/contract/bootstrap/entries.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { deleteEntry, useConfigs } from './bootstrap-api.ts';
import { BootstrapStatusMark } from './bootstrap-status.tsx';

/** An entry with what was sent to its client last; keys are not shown. */
export function EntryPanel(props: { entry: BootstrapEntryJson; onEdit: () => void; onClose: () => void }) {
  const { entry, onEdit, onClose } = props;
  const t = useText('bootstrap');
  const common = useText('common');
  const queries = useQueryClient();
  const configs = useConfigs();
  const [deleting, setDeleting] = useState(false);
  const { endpointName, security, definition, activity } = entry;
  const { lastBootstrapRequestDate: requested, lastBootstrapFinishDate: finished } = activity;
  const configId = definition?.bootstrapConfigId;
  const config = configs.data?.items.find(({ id }) => id === configId);
  const sent = activity.endpointBootstrapConfig;
  return (
    <SidePanel title={endpointName} onClose={onClose} wide>
      <div className="buttons">
        <ReasonButton variant="default" needs="BOOTSTRAP_W" onClick={onEdit}>
          {common('edit')}
        </ReasonButton>
        <ReasonButton variant="default" needs="BOOTSTRAP_W" onClick={() => setDeleting(true)}>
          {common('delete')}
        </ReasonButton>
        {activity.status === 'FAILED' && (
          <Link to="/audit" search={{ q: endpointName } as never} className="link">
            {t('whyFailed')}
          </Link>
        )}
      </div>
      <Facts
        facts={[
          [t('status'), <BootstrapStatusMark key="status" status={activity.status} />],
          [t('finishes'), activity.bootstrapFinishCount],
          [t('requests'), activity.bootstrapRequestCount],
          [t('lastRequest'), requested && <TimeText key="requested" time={requested} form="full" />],
          [t('lastFinish'), finished && <TimeText key="finished" time={finished} form="full" />],
          [t('identity'), <IdText key="identity" id={security.pskInfo.identity} what={t('identity')} />],
          [
            t('config'),
            configId !== undefined && (
              <Link
                key="config"
                to="/bootstrap/configs"
                search={{ config: configId } as never}
                className="link"
              >
                {config?.name ?? configId}
              </Link>
            ),
          ],
          [t('runServers'), definition?.runServers?.map(({ id }) => id).join(', ')],
          [t('created'), <TimeText key="created" time={entry.created} form="full" />],
          [t('updated'), <TimeText key="updated" time={entry.updated} form="full" />],
        ]}
      />
      {sent && (
        <section aria-label={t('sent')}>
          <h3>{t('sent')}</h3>
          <CodeBlock text={JSON.stringify(sent, null, 2)} what={t('sent')} />
        </section>
      )}
      {deleting && (
        <ConfirmDelete
          title={t('deleteEntry', { name: endpointName })}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteEntry(endpointName);
            onClose();
            await queries.invalidateQueries({ queryKey: ['bootstrap'] });
          }}
        >
          <p>{t('deleteEntryText')}</p>
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}
