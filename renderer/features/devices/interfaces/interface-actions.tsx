import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionStatuses } from '../../../../core/contract/connectors.ts';
import { interfaceKindOf } from '../../../../core/contract/interface-kinds/index.ts';
import type { InterfaceJson } from '../../../../core/contract/interfaces.ts';
import { api } from '../../../api/client.ts';
import { useText } from '../../../i18n/use-text.ts';
import { ConfirmDelete } from '../../../ui/confirm-delete.tsx';
import { ReasonButton } from '../../../ui/reason-button.tsx';
import { ActionError } from '../../../ui/view-states.tsx';
import { interfaceId, interfacePath } from './interfaces-api.ts';

interface InterfaceActionsProps {
  readonly deviceId: string;
  readonly each: InterfaceJson;
  readonly onPanel: (panel: 'interface' | 'move') => void;
}

/** What can be done with an interface where it stands. */
export function InterfaceActions({ deviceId, each, onPanel }: InterfaceActionsProps) {
  const t = useText('interfaces');
  const common = useText('common');
  const queries = useQueryClient();
  const [asking, setAsking] = useState<'disable' | 'delete'>();
  const id = interfaceId(each);
  const path = interfacePath(deviceId, id);
  const refresh = () => queries.invalidateQueries({ queryKey: ['devices'] });
  const enable = useMutation({ mutationFn: () => api.patch(path, { enabled: true }), onSuccess: refresh });
  // Some are online for good, and have no session.
  const isLive =
    sessionStatuses.includes(each.status) && interfaceKindOf(each.connector).onlineEndsWithProgram;
  return (
    <div>
      <div className="buttons">
        <ReasonButton needs="DEVICE_W" variant="default" onClick={() => onPanel('interface')}>
          {common('edit')}
        </ReasonButton>
        {each.enabled ? (
          <ReasonButton needs="DEVICE_W" variant="default" onClick={() => setAsking('disable')}>
            {t('disable')}
          </ReasonButton>
        ) : (
          <ReasonButton
            needs="DEVICE_W"
            variant="default"
            loading={enable.isPending}
            onClick={() => enable.mutate()}
          >
            {t('enable')}
          </ReasonButton>
        )}
        <ReasonButton needs="DEVICE_W" variant="default" onClick={() => onPanel('move')}>
          {t('moveOpen')}
        </ReasonButton>
        <ReasonButton needs="DEVICE_W" variant="default" onClick={() => setAsking('delete')}>
          {common('delete')}
        </ReasonButton>
      </div>
      <ActionError error={enable.error} />
      {asking === 'disable' && (
        <ConfirmDelete
          title={t('disableTitle', { id })}
          confirm={t('disable')}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await api.patch(path, { enabled: false });
            await refresh();
          }}
        >
          <p>{t(isLive ? 'disableLive' : 'disableText')}</p>
        </ConfirmDelete>
      )}
      {asking === 'delete' && (
        <ConfirmDelete
          title={t('deleteTitle', { id })}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await api.delete(path);
            await refresh();
          }}
        >
          <p>{t(isLive ? 'deleteLive' : 'deleteText')}</p>
        </ConfirmDelete>
      )}
    </div>
  );
}
