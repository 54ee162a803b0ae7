// biome-ignore-all lint/a11y/useSemanticElements: the rows of a virtual table stand at places of their own, which those of a table element cannot
// biome-ignore-all lint/a11y/useFocusableInteractive: of a grid only the rows take the focus
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type DragEvent,
  type KeyboardEvent,
  memo,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { usePreferences } from '../app/preferences.ts';
import { count } from '../format/numbers.ts';
import { useText } from '../i18n/use-text.ts';
import { nextRow } from './next-row.ts';
import { useHold } from './use-hold.ts';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** A CSS track: `120px`, `minmax(160px, 2fr)`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  readonly numeric?: boolean;
  /** Name to sort by. */
  readonly sort?: string;
}

interface VirtualTableProps<Row> {
  readonly label: string;
  /** Undefined ones are not known yet. */
  readonly rows: readonly (Row | undefined)[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  /** Key of the row whose details are shown. */
  readonly selected?: string | undefined;
  readonly rowClass?: (row: Row) => string | undefined;
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string | undefined) => void;
  /** For a list that grows at its top: told when it must stand still, and when it may move again. */
  readonly onHold?: (held: boolean) => void;
  /** Told which rows are to be seen, with some around them, when that has changed. */
  readonly onRange?: (first: number, last: number) => void;
  /** Lets rows be dragged to somewhere else. */
  readonly drag?: RowDrag<Row>;
}

interface RowDrag<Row> {
  readonly onDragStart: (event: DragEvent, row: Row) => void;
  readonly onDragEnd: () => void;
}

const rowHeight = 32;

function PlainTable<Row>(props: VirtualTableProps<Row>) {
  const t = useText('common');
  const language = usePreferences((state) => state.language);
  const { rows, columns, onRange } = props;
  const hold = useHold(props.onHold, rowHeight);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // The header is in the scrolled area and stays at its top.
    scrollPaddingStart: rowHeight,
  });
  const shown = virtual.getVirtualItems();
  const firstShown = shown[0]?.index ?? 0;
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => onRange?.(firstShown, lastShown), [firstShown, lastShown, onRange]);

  /** The row that a key led to before it was fetched: what takes its place gets its focus. */
  const awaited = useRef<number>(undefined);
  const focusElement = (index: number): void =>
    scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus();
  useEffect(() => {
    const index = awaited.current;
    if (index === undefined || rows[index] === undefined) return;
    awaited.current = undefined;
    if (document.activeElement === document.body) focusElement(index);
  });
  const focusRow = (index: number): void => {
    setActive(index);
    virtual.scrollToIndex(index);
    awaited.current = rows[index] === undefined ? index : undefined;
    requestAnimationFrame(() => focusElement(index));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.index === undefined) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const next = nextRow(event.key, { active, rows: rows.length, page });
    if (next !== undefined) {
      event.preventDefault();
      focusRow(next);
    } else if (event.key === 'Enter') {
      const row = rows[active];
      if (row !== undefined) props.onOpen?.(row);
    }
  };
  const tracks = useMemo(
    () => ({ gridTemplateColumns: columns.map(({ width }) => width).join(' ') }),
    [columns],
  );
  const focusable = shown.some(({ index }) => index === active) ? active : (shown[0]?.index ?? 0);
  return (
    <>
      <div className="visually-hidden" role="status">
        {t('rows', { label: props.label, shown: count(rows.length, language) })}
      </div>
      <div
        ref={scroller}
        className="table"
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        onKeyDown={onKeyDown}
        {...hold}
      >
        <div role="rowgroup" className="table-head">
          <div role="row" className="table-row" style={tracks} aria-rowindex={1}>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {shown.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) {
              const place = { ...tracks, transform: `translateY(${start}px)` };
              return <WaitingRow key={`waiting ${index}`} index={index} style={place} />;
            }
            return (
              <TableRow
                key={props.rowKey(row)}
                row={row}
                index={index}
                columns={columns}
                tracks={tracks}
                top={start}
                focusable={index === focusable}
                selected={props.selected !== undefined && props.rowKey(row) === props.selected}
                className={props.rowClass?.(row)}
                onOpen={props.onOpen}
                onFocus={setActive}
                drag={props.drag}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

/**
 * A list of any length: rows of one height, of which only the visible ones exist; arrow keys walk it. What stays still
 * while the view around it changes is not drawn again, if all that it is given stays the same.
 */
export const VirtualTable = memo(PlainTable) as unknown as typeof PlainTable;

function HeaderCell<Row>(props: {
  column: Column<Row>;
  sort: string | undefined;
  onSort: ((sort: string | undefined) => void) | undefined;
}) {
  const { column, sort, onSort } = props;
  const up = sort === column.sort;
  const down = sort === `-${column.sort}`;
  const className = column.numeric ? 'table-cell numeric' : 'table-cell';
  if (column.sort === undefined || !onSort) {
    return (
      <div role="columnheader" className={className}>
        {column.header}
      </div>
    );
  }
  return (
    <div
      role="columnheader"
      className={className}
      aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}
    >
      <button
        type="button"
        className="table-sort"
        onClick={() => onSort(up ? `-${column.sort}` : down ? undefined : column.sort)}
      >
        {column.header}
        {up && <IconArrowUp size={12} aria-hidden />}
        {down && <IconArrowDown size={12} aria-hidden />}
      </button>
    </div>
  );
}

/** In the place of a row that is being fetched. */
function WaitingRow({ index, style }: { index: number; style: CSSProperties }) {
  return (
    <div
      role="row"
      className="table-row table-body-row"
      style={style}
      aria-rowindex={index + 2}
      aria-busy="true"
      data-index={index}
      tabIndex={-1}
    >
      <div role="gridcell" className="table-cell dimmed">
        …
      </div>
    </div>
  );
}

interface TableRowProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  readonly tracks: CSSProperties;
  /** Pixels from the first row. */
  readonly top: number;
  readonly focusable: boolean;
  readonly selected: boolean;
  readonly className: string | undefined;
  readonly onOpen: ((row: Row) => void) | undefined;
  readonly onFocus: (index: number) => void;
  readonly drag: RowDrag<Row> | undefined;
}

function PlainRow<Row>({ row, index, columns, tracks, top, ...props }: TableRowProps<Row>) {
  const classes = ['table-row', 'table-body-row'];
  if (props.selected) classes.push('selected');
  if (props.onOpen) classes.push('openable');
  if (props.className) classes.push(props.className);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the table handles the keys of its rows
    <div
      role="row"
      className={classes.join(' ')}
      style={{ ...tracks, transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={props.selected}
      data-index={index}
      tabIndex={props.focusable ? 0 : -1}
      onFocus={() => props.onFocus(index)}
      draggable={props.drag !== undefined}
      onDragStart={(event) => props.drag?.onDragStart(event, row)}
      onDragEnd={props.drag?.onDragEnd}
      onClick={(event) => {
        const inner = event.target instanceof Element && event.target.closest('a, button, input');
        if (!inner && window.getSelection()?.isCollapsed !== false) props.onOpen?.(row);
      }}
    >
      <Cells row={row} columns={columns} />
    </div>
  );
}

/** Drawn again only when something of its own has changed: scrolling makes new rows and leaves the others alone. */
const TableRow = memo(PlainRow) as unknown as typeof PlainRow;

interface CellsProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
}

function PlainCells<Row>({ row, columns }: CellsProps<Row>) {
  return columns.map((column) => (
    <div role="gridcell" key={column.id} className={column.numeric ? 'table-cell numeric' : 'table-cell'}>
      {column.cell(row)}
    </div>
  ));
}

/** Drawn once for a row: a row that only moves stays as it is. */
const Cells = memo(PlainCells) as unknown as typeof PlainCells;
