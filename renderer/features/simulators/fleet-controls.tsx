import { Checkbox } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FleetView } from '../../../core/contract/simulators.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { deleteFleet, startFleet, stopFleet } from './simulators-api.ts';

/** Start, stop, delete. */
export function FleetControls({ fleet, onDeleted }: { fleet: FleetView; onDeleted?: () => void }) {
  const t = useText('simulators');
  const common = useText('common');
  const language = usePreferences((state) => state.language);
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const [devicesToo, setDevicesToo] = useState(true);
  const refresh = () => queries.invalidateQueries({ queryKey: ['simulators'] });
  const running = fleet.state === 'running' || fleet.state === 'starting';
  const { name } = fleet.template;
  const toggle = useMutation({
    mutationFn: () => (running ? stopFleet(fleet.id) : startFleet(fleet.id)),
    onSuccess: refresh,
  });
  return (
    <>
      <div className="buttons">
        <ReasonButton
          needs="DEVICE_W"
          variant="default"
          leftSection={
            running ? <IconPlayerStop size={14} aria-hidden /> : <IconPlayerPlay size={14} aria-hidden />
          }
          loading={toggle.isPending}
          disabled={fleet.state === 'stopping'}
          aria-label={`${running ? t('stop') : t('start')} ${name}`}
          onClick={() => toggle.mutate()}
        >
          {running ? t('stop') : t('start')}
        </ReasonButton>
        <ReasonButton
          needs="DEVICE_W"
          variant="default"
          leftSection={<IconTrash size={14} aria-hidden />}
          aria-label={`${common('delete')} ${name}`}
          onClick={() => setDeleting(true)}
        >
          {common('delete')}
        </ReasonButton>
      </div>
      <ActionError error={toggle.error} />
      {deleting && (
        <ConfirmDelete
          title={t('deleteTitle', { name })}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteFleet(fleet.id, devicesToo);
            onDeleted?.();
            await refresh();
          }}
        >
          <p>{t('deleteText', { total: count(fleet.devices, language) })}</p>
          <Checkbox
            label={t('deleteDevices')}
            checked={devicesToo}
            onChange={(event) => setDevicesToo(event.currentTarget.checked)}
          />
        </ConfirmDelete>
      )}
    </>
  );
}
