import { IconChevronDown, IconChevronRight, IconFolder } from '@tabler/icons-react';
import { type DragEvent, type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { treeMove } from '../../ui/tree-move.ts';
import { canDrop, type Dragged } from './dragged.ts';
import type { GroupCounts } from './group-counts.ts';
import { type GroupLine, groupLines } from './group-tree.ts';

interface GroupTreeProps {
  readonly groups: readonly GroupJson[];
  readonly counts: GroupCounts | undefined;
  readonly selected: string | undefined;
  readonly onOpen: (group: GroupJson) => void;
  /** What is being dragged, from here or from elsewhere. */
  readonly dragged: Dragged | undefined;
  /** Undefined: nothing may be moved. */
  readonly onDrag: ((dragged: Dragged | undefined) => void) | undefined;
  readonly onDrop: (dragged: Dragged, target: GroupJson) => void;
}

/** A tree to walk with the arrow keys; Enter opens a group. Groups and devices can be dropped on its lines. */
export function GroupTree(props: GroupTreeProps) {
  const { groups, selected, dragged } = props;
  const t = useText('groups');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [over, setOver] = useState<string>();
  const tree = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => groupLines(groups, closed), [groups, closed]);
  const chosen = lines.findIndex(({ group }) => group.id === selected);
  const [active, setActive] = useState(Math.max(0, chosen));
  const toggle = (id: string): void => {
    const next = new Set(closed);
    if (!next.delete(id)) next.add(id);
    setClosed(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = treeMove(event.key, active, lines);
    if (move === undefined) {
      const line = lines[active];
      if (event.key !== 'Enter' || line === undefined) return;
      props.onOpen(line.group);
    } else if ('toggle' in move) toggle(lines[move.toggle]?.group.id ?? '');
    else {
      setActive(move.focus);
      tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[move.focus]?.focus();
    }
    event.preventDefault();
  };
  // A group that was closed by its parent may have had the focus.
  const focusable = Math.min(active, lines.length - 1);
  return (
    <div ref={tree} className="tree" role="tree" aria-label={t('title')} onKeyDown={onKeyDown}>
      {lines.map((line, index) => {
        const { group } = line;
        const takes = canDrop(dragged, group);
        return (
          <Line
            key={group.id}
            line={line}
            counts={props.counts}
            selected={group.id === selected}
            focusable={index === focusable}
            target={takes && over === group.id}
            onFocus={() => setActive(index)}
            onOpen={() => props.onOpen(group)}
            onToggle={() => toggle(group.id)}
            drag={{
              draggable: props.onDrag !== undefined && group.parentId !== undefined,
              onDragStart: (event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', group.path);
                props.onDrag?.({ kind: 'group', group });
              },
              onDragEnd: () => props.onDrag?.(undefined),
              onDragOver: (event) => {
                if (!takes) return;
                event.preventDefault();
                if (over !== group.id) setOver(group.id);
              },
              onDragLeave: () => setOver(undefined),
              onDrop: (event) => {
                event.preventDefault();
                setOver(undefined);
                if (takes && dragged) props.onDrop(dragged, group);
                props.onDrag?.(undefined);
              },
            }}
          />
        );
      })}
    </div>
  );
}

interface Drag {
  readonly draggable: boolean;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragEnd: () => void;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDragLeave: () => void;
  readonly onDrop: (event: DragEvent) => void;
}

function Line(props: {
  line: GroupLine;
  counts: GroupCounts | undefined;
  selected: boolean;
  focusable: boolean;
  target: boolean;
  onFocus: () => void;
  onOpen: () => void;
  onToggle: () => void;
  drag: Drag;
}) {
  const t = useText('groups');
  const { group, level, children, open } = props.line;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const classes = ['tree-line'];
  if (props.selected) classes.push('selected');
  if (props.target) classes.push('drop-target');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its lines
    <div
      role="treeitem"
      className={classes.join(' ')}
      style={{ paddingInlineStart: (level - 1) * 20 + 8 }}
      tabIndex={props.focusable ? 0 : -1}
      aria-level={level}
      aria-selected={props.selected}
      aria-expanded={children > 0 ? open : undefined}
      title={group.description ? `${group.path}\n${group.description}` : group.path}
      onFocus={props.onFocus}
      onClick={props.onOpen}
      {...props.drag}
    >
      <span
        className="tree-toggle"
        aria-hidden="true"
        onClick={(event) => {
          if (children === 0) return;
          event.stopPropagation();
          props.onToggle();
        }}
      >
        {children > 0 && <Chevron size={14} />}
      </span>
      <IconFolder size={16} aria-hidden />
      <span className="tree-name ellipsis">{group.pathNode ?? t('root')}</span>
      <LineCount id={group.id} counts={props.counts} />
    </div>
  );
}

/** How many devices are in the group and below it. */
function LineCount({ id, counts }: { id: string; counts: GroupCounts | undefined }) {
  const t = useText('groups');
  const language = usePreferences((state) => state.language);
  const found = counts?.byId.get(id);
  if (!counts || !found) return null;
  const total = count(found.all, language) + (counts.exact ? '' : '+');
  return <span className="tree-count">{t('count', { count: found.all, total })}</span>;
}
