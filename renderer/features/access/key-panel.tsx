import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { KeyState } from './key-state.tsx';
import { deleteKey, updateKey } from './keys-api.ts';

interface KeyPanelProps {
  readonly apiKey: ApiKeyJson;
  readonly onClose: () => void;
  readonly onSecret: (key: ApiKeyJson) => void;
}

export function KeyPanel({ apiKey, onClose, onSecret }: KeyPanelProps) {
  const t = useText('access');
  const common = useText('common');
  const queries = useQueryClient();
  const [asking, setAsking] = useState<'delete' | 'regenerate'>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['keys'] });
  const toggle = useMutation({
    mutationFn: () => updateKey(apiKey.id, { active: !apiKey.active }),
    onSuccess: refresh,
  });
  const { label } = apiKey;
  return (
    <SidePanel title={label} onClose={onClose}>
      <KeyState apiKey={apiKey} />
      <dl className="facts">
        <div>
          <dt>{t('id')}</dt>
          <dd>
            <IdText id={apiKey.id} what={t('id')} />
          </dd>
        </div>
        {apiKey.description && (
          <div>
            <dt>{t('description')}</dt>
            <dd>{apiKey.description}</dd>
          </div>
        )}
        <div>
          <dt>{t('roles')}</dt>
          <dd className="mono">{apiKey.roles.join(', ')}</dd>
        </div>
        {apiKey.scope.fifos.length > 0 && (
          <div>
            <dt>{t('scope')}</dt>
            <dd className="mono">{apiKey.scope.fifos.join(', ')}</dd>
          </div>
        )}
      </dl>
      {apiKey.masterKey ? (
        <p className="dimmed">{t('masterNote')}</p>
      ) : (
        <div className="buttons">
          <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
            {apiKey.active ? t('disable') : t('enable')}
          </Button>
          <Button variant="default" onClick={() => setAsking('regenerate')}>
            {t('regenerate')}
          </Button>
          <Button variant="default" onClick={() => setAsking('delete')}>
            {common('delete')}
          </Button>
        </div>
      )}
      <ActionError error={toggle.error} />
      {asking === 'delete' && (
        <ConfirmDelete
          title={t('deleteTitle', { label })}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await deleteKey(apiKey.id);
            onClose();
            await refresh();
          }}
        >
          <p>{t('deleteText')}</p>
        </ConfirmDelete>
      )}
      {asking === 'regenerate' && (
        <ConfirmDelete
          title={t('regenerateTitle', { label })}
          confirm={t('regenerateDo')}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            onSecret(await updateKey(apiKey.id, { regenerateValue: true }));
            await refresh();
          }}
        >
          <p>{t('regenerateText')}</p>
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}
