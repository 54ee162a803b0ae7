import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ActionError } from '../../ui/view-states.tsx';
import { ConfirmMove, type PendingMove } from './confirm-move.tsx';
import { DeleteGroup } from './delete-group.tsx';
import { type Dragged, mostUnasked } from './dragged.ts';
import { GroupDevices } from './group-devices.tsx';
import { GroupEditor } from './group-editor.tsx';
import { GroupHeader } from './group-header.tsx';
import { GroupTree } from './group-tree-view.tsx';
import { groupUrl, useGroupCounts } from './groups-api.ts';
import { MovePanel } from './move-panel.tsx';
import { MoveReport } from './move-report.tsx';
import { useMoveDevices } from './use-move-devices.ts';

const nothingChosen: ReadonlySet<string> = new Set();

/** The tree and what can be done in it. */
export function GroupsPage({ groups }: { groups: readonly GroupJson[] }) {
  const t = useText('groups');
  const queries = useQueryClient();
  const [url, setUrl] = useUrlState();
  const counts = useGroupCounts(groups);
  const [dragged, setDragged] = useState<Dragged>();
  const [pending, setPending] = useState<PendingMove>();
  const [deleting, setDeleting] = useState(false);
  const [chosen, setChosen] = useState(nothingChosen);
  const mayMove = useLack('DEVICE_W') === undefined;
  const devices = useMoveDevices();
  const root = groups.find(({ parentId }) => parentId === undefined);
  const opened = groups.find(({ id }) => id === url.group) ?? root;
  const moveGroup = useMutation({
    mutationFn: ({ group, target }: { group: GroupJson; target: GroupJson }) =>
      api.put(groupUrl(group.id), { parentId: target.id }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['groups'] }),
        queries.invalidateQueries({ queryKey: ['devices'] }),
      ]),
  });
  const moved = useMemo<Dragged | undefined>(
    () =>
      url.panel === 'move-devices'
        ? { kind: 'devices', ids: [...chosen] }
        : opened && { kind: 'group', group: opened },
    [url.panel, chosen, opened],
  );
  if (!opened || !root) return null;
  const closePanel = (): void => setUrl({ panel: undefined });
  const open = ({ id }: GroupJson): void => {
    setChosen(nothingChosen);
    devices.forget();
    moveGroup.reset();
    setUrl({ group: id, panel: undefined }, { push: true });
  };
  const run = async (what: Dragged, target: GroupJson): Promise<void> => {
    closePanel();
    if (what.kind === 'group') await moveGroup.mutateAsync({ group: what.group, target });
    else {
      setChosen(nothingChosen);
      await devices.move({ ids: what.ids, groupId: target.id });
    }
  };
  /** Asks first when many devices follow. */
  const ask = (what: Dragged, target: GroupJson): void => {
    const follow =
      what.kind === 'devices' ? what.ids.length : (counts.data?.byId.get(what.group.id)?.all ?? Infinity);
    if (follow > mostUnasked) setPending({ moved: what, target, devices: follow });
    // What went wrong is shown in the view.
    else void run(what, target).catch(() => undefined);
  };
  const parent = groups.find(({ id }) => id === opened.parentId) ?? root;
  const below = groups.filter(({ parentId }) => parentId === opened.id).length;
  return (
    <>
      <div className="tree-area">
        <GroupTree
          groups={groups}
          counts={counts.data}
          selected={opened.id}
          onOpen={open}
          dragged={dragged}
          onDrag={mayMove ? setDragged : undefined}
          onDrop={ask}
        />
        {groups.length <= 1 && <p className="tree-note dimmed">{t('onlyRootText')}</p>}
      </div>
      <section className="group-area" aria-label={opened.path}>
        <GroupHeader
          group={opened}
          count={counts.data?.byId.get(opened.id)}
          chosen={chosen.size}
          onPanel={(panel) => setUrl({ panel })}
          onDelete={() => setDeleting(true)}
        />
        <ActionError error={moveGroup.error ?? counts.error} />
        <MoveReport progress={devices.progress} onClose={devices.forget} />
        <GroupDevices
          key={opened.id}
          group={opened}
          below={url.below === 'yes'}
          chosen={chosen}
          onChoose={setChosen}
          onDrag={mayMove ? setDragged : undefined}
          sort={url.sort}
          onSort={(sort) => setUrl({ sort })}
        />
      </section>
      {url.panel === 'create' && <GroupEditor parent={opened} onClose={closePanel} onSaved={open} />}
      {url.panel === 'edit' && opened !== root && (
        <GroupEditor key={opened.id} group={opened} parent={parent} onClose={closePanel} onSaved={open} />
      )}
      {(url.panel === 'move' || url.panel === 'move-devices') && moved && (
        <MovePanel groups={groups} moved={moved} onClose={closePanel} onMove={ask} />
      )}
      {pending && (
        <ConfirmMove
          pending={pending}
          onClose={() => setPending(undefined)}
          onConfirm={() => run(pending.moved, pending.target)}
        />
      )}
      {deleting && (
        <DeleteGroup
          group={opened}
          devices={counts.data?.byId.get(opened.id)?.own ?? 0}
          groups={below}
          onClose={() => setDeleting(false)}
          onDeleted={() => open(parent)}
        />
      )}
    </>
  );
}
