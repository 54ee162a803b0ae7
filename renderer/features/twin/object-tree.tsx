import { IconAlertTriangle, IconBox, IconChevronDown, IconChevronRight, IconCube } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { treeMove } from '../../ui/tree-move.ts';
import { type ObjectLine, objectLines } from './object-lines.ts';
import type { TwinObject } from './twin-model.ts';

interface ObjectTreeProps {
  readonly objects: readonly TwinObject[];
  /** Path of the object or instance that is shown. */
  readonly selected: string | undefined;
  readonly onOpen: (path: string) => void;
}

/** Objects and their instances, to walk with the arrow keys; Enter shows one. */
export function ObjectTree({ objects, selected, onOpen }: ObjectTreeProps) {
  const t = useText('twin');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const tree = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => objectLines(objects, opened), [objects, opened]);
  const chosen = lines.findIndex(({ path }) => path === selected);
  const [active, setActive] = useState<number>();
  const focusable = Math.min(active ?? Math.max(0, chosen), lines.length - 1);
  const toggle = (path: string): void => {
    const next = new Set(opened);
    if (!next.delete(path)) next.add(path);
    setOpened(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const line = lines[focusable];
    const move = treeMove(event.key, focusable, lines);
    if (move === undefined) {
      if (event.key !== 'Enter' || !line) return;
      onOpen(line.path);
    } else if ('toggle' in move) toggle(lines[move.toggle]?.path ?? '');
    else {
      setActive(move.focus);
      tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[move.focus]?.focus();
    }
    event.preventDefault();
  };
  return (
    <div ref={tree} className="tree" role="tree" aria-label={t('objectsOf')} onKeyDown={onKeyDown}>
      {lines.map((line, index) => (
        <Line
          key={line.path}
          line={line}
          selected={line.path === selected}
          focusable={index === focusable}
          onFocus={() => setActive(index)}
          onOpen={() => onOpen(line.path)}
          onToggle={() => toggle(line.path)}
        />
      ))}
    </div>
  );
}

interface LineProps {
  readonly line: ObjectLine;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
  readonly onToggle: () => void;
}

function Line({ line, selected, focusable, onFocus, onOpen, onToggle }: LineProps) {
  const t = useText('twin');
  const { object, path, level, children, open } = line;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const isObject = level === 1;
  const known = object.model !== undefined;
  const Icon = isObject ? (known ? IconBox : IconAlertTriangle) : IconCube;
  const name = object.model?.name ?? t('unknownObject', { id: object.objectId });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its lines
    <div
      role="treeitem"
      className={selected ? 'tree-line selected' : 'tree-line'}
      style={{ paddingInlineStart: (level - 1) * 20 + 8 }}
      tabIndex={focusable ? 0 : -1}
      aria-level={level}
      aria-selected={selected}
      aria-expanded={children > 0 ? open : undefined}
      title={isObject ? name : path}
      onFocus={onFocus}
      onClick={onOpen}
    >
      <span
        className="tree-toggle"
        aria-hidden="true"
        onClick={(event) => {
          if (children === 0) return;
          event.stopPropagation();
          onToggle();
        }}
      >
        {children > 0 && <Chevron size={14} />}
      </span>
      <Icon size={16} aria-hidden />
      <span className="tree-name ellipsis">{isObject ? name : <span className="mono">{path}</span>}</span>
      {isObject && <span className="tree-count mono">{object.objectId}</span>}
    </div>
  );
}
