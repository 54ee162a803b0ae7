import { useState } from 'react';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { useText } from '../../i18n/use-text.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { canDrop, type Dragged } from './dragged.ts';
import { GroupChoice } from './group-choice.tsx';

interface MovePanelProps {
  readonly groups: readonly GroupJson[];
  readonly moved: Dragged;
  readonly onClose: () => void;
  readonly onMove: (moved: Dragged, target: GroupJson) => void;
}

/** What a drag does, without a pointer: the group is chosen from a list. */
export function MovePanel({ groups, moved, onClose, onMove }: MovePanelProps) {
  const t = useText('groups');
  const [target, setTarget] = useState<string | null>(null);
  const found = groups.find(({ id }) => id === target);
  const except = new Set(groups.filter((group) => !canDrop(moved, group)).map(({ id }) => id));
  return (
    <SidePanel title={t('move')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (found) onMove(moved, found);
        }}
      >
        <p>
          {moved.kind === 'group'
            ? t('moveGroup', { path: moved.group.path })
            : t('moveDevices', { count: moved.ids.length })}
        </p>
        <GroupChoice label={t('moveTo')} value={target} onChange={setTarget} except={except} />
        <FormButtons
          needs="DEVICE_W"
          submit={t('moveDo')}
          busy={false}
          disabled={!found}
          onCancel={onClose}
        />
      </form>
    </SidePanel>
  );
}
