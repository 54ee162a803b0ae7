import { useQueryClient } from '@tanstack/react-query';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { api } from '../../api/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { useDeviceMessages } from '../messages/messages-api.ts';
import { devicePath } from './devices-api.ts';

interface DeleteDeviceProps {
  readonly device: DeviceJson;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

export function DeleteDevice({ device, onClose, onDeleted }: DeleteDeviceProps) {
  const t = useText('devices');
  const language = usePreferences((state) => state.language);
  const queries = useQueryClient();
  const sent = useDeviceMessages(device.id);
  const total = sent.data?.streams.reduce((sum, stream) => sum + stream.count, 0);
  return (
    <ConfirmDelete
      title={t('deleteTitle', { name: device.name ?? device.id })}
      confirm={t('delete')}
      onClose={onClose}
      onConfirm={async () => {
        await api.delete(devicePath(device.id));
        onDeleted();
        await queries.invalidateQueries({ queryKey: ['devices', 'list'] });
      }}
    >
      <p>{t('deleteText', { count: device.interfaces?.length ?? 0 })}</p>
      {total !== undefined && <p>{t('deleteKept', { total: count(total, language) })}</p>}
    </ConfirmDelete>
  );
}
