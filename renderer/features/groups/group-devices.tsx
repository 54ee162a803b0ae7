import { Checkbox } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type DragEvent, useMemo } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref } from '../../ui/id-text.tsx';
import { ActionError, EmptyState, ErrorState, LoadingState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { useDeviceColumns } from '../devices/device-columns.tsx';
import { wholeFilter } from '../devices/filter/whole-filter.ts';
import { useDevicePages } from '../devices/use-device-pages.ts';
import type { Dragged } from './dragged.ts';
import { withBelow } from './groups-api.ts';

interface GroupDevicesProps {
  readonly group: GroupJson;
  /** True: also the devices of the groups below. */
  readonly below: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  /** Undefined: nothing may be moved. */
  readonly onDrag: ((dragged: Dragged | undefined) => void) | undefined;
  readonly sort: string | undefined;
  readonly onSort: (sort: string | undefined) => void;
}

const rowKey = ({ id }: DeviceJson): string => id;
const shownColumns = ['status', 'name', 'id'];

/** The devices of a group; to be chosen, and dragged into another. */
export function GroupDevices(props: GroupDevicesProps) {
  const { group, below, chosen, onChoose, onDrag } = props;
  const t = useText('groups');
  const navigate = useNavigate();
  const path = below ? withBelow(group.path) : group.path;
  const { first, rows, total, onRange, failure } = useDevicePages({
    filter: wholeFilter({ group: path }),
    sort: props.sort,
  });
  const all = useDeviceColumns();
  const columns = useMemo(() => {
    const choice: Column<DeviceJson> = {
      id: 'choice',
      header: '',
      width: '36px',
      cell: ({ id, name }) => (
        <Checkbox
          aria-label={t('choose', { name: name ?? id })}
          checked={chosen.has(id)}
          onChange={(event) => {
            const next = new Set(chosen);
            if (event.currentTarget.checked) next.add(id);
            else next.delete(id);
            onChoose(next);
          }}
        />
      ),
    };
    const wanted = below ? [...shownColumns, 'group'] : shownColumns;
    return [choice, ...all.filter(({ id }) => wanted.includes(id))];
  }, [all, chosen, onChoose, below, t]);
  const drag = {
    onDragStart: (event: DragEvent, { id }: DeviceJson): void => {
      const ids = chosen.has(id) ? [...chosen] : [id];
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', ids.join('\n'));
      onDrag?.({ kind: 'devices', ids });
    },
    onDragEnd: () => onDrag?.(undefined),
  };
  if (first.isPending) return <LoadingState rows={10} />;
  if (first.data === undefined) {
    return <ErrorState error={first.error} onRetry={() => void first.refetch()} />;
  }
  if (total === 0) return <EmptyState title={t('noDevices')}>{t('noDevicesText')}</EmptyState>;
  return (
    <>
      <ActionError error={failure} />
      <VirtualTable
        label={t('devicesOf', { path: group.path })}
        rows={rows}
        columns={columns}
        rowKey={rowKey}
        onOpen={({ id }) => void navigate({ to: deviceHref(id) })}
        sort={props.sort}
        onSort={props.onSort}
        onRange={onRange}
        {...(onDrag && { drag })}
      />
    </>
  );
}
