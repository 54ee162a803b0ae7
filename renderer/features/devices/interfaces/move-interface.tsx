import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../../api/client.ts';
import { useText } from '../../../i18n/use-text.ts';
import { AsCurl } from '../../../ui/as-curl.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { deviceHref } from '../../../ui/id-text.tsx';
import { SidePanel } from '../../../ui/side-panel.tsx';
import { ActionError } from '../../../ui/view-states.tsx';
import { DeviceChoice } from '../device-choice.tsx';
import { interfacePath } from './interfaces-api.ts';

/** Gives an interface to another device. Stays open when it is gone, and tells where it is. */
export function MoveInterface(props: { deviceId: string; id: string; onClose: () => void }) {
  const { deviceId, id, onClose } = props;
  const t = useText('interfaces');
  const queries = useQueryClient();
  const [target, setTarget] = useState<string | null>(null);
  const move = useMutation({
    mutationFn: () => api.patch(interfacePath(deviceId, id), { deviceId: target }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['devices'] }),
  });
  if (move.isSuccess && target !== null) {
    return (
      <SidePanel title={t('move')} onClose={onClose}>
        <p role="status">
          {t('moved', { id })}{' '}
          <Link to={deviceHref(target)} search={{ tab: 'interfaces' } as never} className="link">
            {target}
          </Link>
        </p>
      </SidePanel>
    );
  }
  return (
    <SidePanel title={t('move')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (target !== null) move.mutate();
        }}
      >
        <p>{t('moveText', { id })}</p>
        <DeviceChoice label={t('moveTo')} value={target} onChange={setTarget} except={deviceId} />
        <ActionError error={move.error} />
        <FormButtons
          needs="DEVICE_W"
          submit={t('moveDo')}
          busy={move.isPending}
          disabled={target === null}
          onCancel={onClose}
        />
        {target !== null && (
          <AsCurl method="PATCH" path={interfacePath(deviceId, id)} body={{ deviceId: target }} />
        )}
      </form>
    </SidePanel>
  );
}
