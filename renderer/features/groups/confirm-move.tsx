import type { GroupJson } from '../../../core/contract/groups.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { type Dragged, pathUnder } from './dragged.ts';

/** A move with many devices behind it, which waits for an answer. */
export interface PendingMove {
  readonly moved: Dragged;
  readonly target: GroupJson;
  /** Devices that follow. */
  readonly devices: number;
}

/** Asks before a move that many devices follow. */
export function ConfirmMove(props: {
  pending: PendingMove;
  onClose: () => void;
  onConfirm: () => Promise<unknown>;
}) {
  const { moved, target, devices } = props.pending;
  const t = useText('groups');
  const language = usePreferences((state) => state.language);
  const total = count(devices, language);
  return (
    <ConfirmDelete
      title={t('moveTitle', { path: target.path })}
      confirm={t('moveDo')}
      harmless
      onClose={props.onClose}
      onConfirm={props.onConfirm}
    >
      {moved.kind === 'group' ? (
        <>
          <p>
            {t('moveGroupFollows', {
              path: moved.group.path,
              after: pathUnder(target, moved.group.pathNode ?? ''),
              count: devices,
              total,
            })}
          </p>
          <p>{t('pathsFollow', { path: moved.group.path })}</p>
        </>
      ) : (
        <p>{t('moveDevicesFollows', { count: devices, total, path: target.path })}</p>
      )}
    </ConfirmDelete>
  );
}
