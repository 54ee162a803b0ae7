import { IconChevronDown, IconChevronRight, IconFolder } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { type GroupLine, groupLines, treeMove } from './group-tree.ts';
import { useGroupCounts } from './groups-api.ts';

interface GroupTreeProps {
  readonly groups: readonly GroupJson[];
  readonly selected: string | undefined;
  readonly onOpen: (group: GroupJson) => void;
}

/** A tree to walk with the arrow keys; Enter opens a group. */
export function GroupTree({ groups, selected, onOpen }: GroupTreeProps) {
  const t = useText('groups');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const tree = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => groupLines(groups, closed), [groups, closed]);
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
      onOpen(line.group);
    } else if ('toggle' in move) toggle(move.toggle);
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
      {lines.map((line, index) => (
        <Line
          key={line.group.id}
          line={line}
          selected={line.group.id === selected}
          focusable={index === focusable}
          onFocus={() => setActive(index)}
          onOpen={() => onOpen(line.group)}
          onToggle={() => toggle(line.group.id)}
        />
      ))}
    </div>
  );
}

function Line(props: {
  line: GroupLine;
  selected: boolean;
  focusable: boolean;
  onFocus: () => void;
  onOpen: () => void;
  onToggle: () => void;
}) {
  const t = useText('groups');
  const { group, level, children, open } = props.line;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its lines
    <div
      role="treeitem"
      className={props.selected ? 'tree-line selected' : 'tree-line'}
      style={{ paddingInlineStart: (level - 1) * 20 + 8 }}
      tabIndex={props.focusable ? 0 : -1}
      aria-level={level}
      aria-selected={props.selected}
      aria-expanded={children > 0 ? open : undefined}
      onFocus={props.onFocus}
      onClick={props.onOpen}
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
      <span className="ellipsis">{group.pathNode ?? t('root')}</span>
      <span className="tree-path dimmed ellipsis">{group.description ?? ''}</span>
      <GroupCount path={group.path} />
    </div>
  );
}

/** How many devices are in the group and below it. */
function GroupCount({ path }: { path: string }) {
  const t = useText('groups');
  const language = usePreferences((state) => state.language);
  const { data } = useGroupCounts(path);
  if (!data) return null;
  return (
    <span className="tree-count">{t('count', { count: data.all, total: count(data.all, language) })}</span>
  );
}
