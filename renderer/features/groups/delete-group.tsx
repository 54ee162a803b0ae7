import { useQueryClient } from '@tanstack/react-query';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { groupUrl } from './groups-api.ts';

/** Deletes a group; where the rules do not let it, says what is in the way. */
export function DeleteGroup(props: {
  group: GroupJson;
  devices: number;
  groups: number;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { group, devices, groups } = props;
  const t = useText('groups');
  const queries = useQueryClient();
  const isFree = devices === 0 && groups === 0;
  return (
    <ConfirmDelete
      title={t('deleteTitle', { path: group.path })}
      disabled={!isFree}
      onClose={props.onClose}
      onConfirm={async () => {
        await api.delete(groupUrl(group.id));
        await queries.invalidateQueries({ queryKey: ['groups'] });
        props.onDeleted();
      }}
    >
      <p>{t('deleteRule')}</p>
      {devices > 0 && <p>{t('deleteDevices', { count: devices })}</p>}
      {groups > 0 && <p>{t('deleteGroups', { count: groups })}</p>}
      {isFree && <p>{t('deleteFree')}</p>}
    </ConfirmDelete>
  );
}
