import { useRef } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { ResourceInstanceRow, ResourceRow } from './resource-row.tsx';
import type { Reported, TwinResource } from './twin-model.ts';
import { useRowWindow } from './use-row-window.ts';

const columns = ['id', 'resource', 'value', 'time', 'state', 'actions'] as const;

/** A row: a resource, or below one that has several values, one of those. */
interface Line {
  readonly resource: TwinResource;
  readonly value?: Reported;
}

const linesOf = (resources: readonly TwinResource[]): Line[] =>
  resources.flatMap((resource) => [
    { resource },
    ...(resource.multiple ? resource.values.map((value) => ({ resource, value })) : []),
  ]);

interface ResourceTableProps {
  readonly label: string;
  readonly resources: readonly TwinResource[];
}

/** Resources of an instance, with their values, and what can be done with each. */
export function ResourceTable({ label, resources }: ResourceTableProps) {
  const t = useText('twin');
  const body = useRef<HTMLTableSectionElement>(null);
  const lines = linesOf(resources);
  const { isPart, slots, measure, onFocus, onBlur } = useRowWindow(body, lines.length);
  return (
    <table
      className={isPart ? 'plain-table twin-table twin-part' : 'plain-table twin-table'}
      aria-label={label}
      aria-rowcount={isPart ? lines.length + 1 : undefined}
    >
      <thead>
        <tr>
          {columns.map((name) => (
            <th key={name} scope="col" className={`twin-${name}`}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} onFocus={onFocus} onBlur={onBlur}>
        {slots.map(({ index, gap }, at) => {
          const line = index === undefined ? undefined : lines[index];
          if (index === undefined || !line) {
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: room has nothing of its own
              // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
              <tr key={`room ${at}`} aria-hidden="true" className="twin-gap" style={{ height: gap }}>
                <td colSpan={columns.length} />
              </tr>
            );
          }
          const { resource, value } = line;
          const place = isPart ? { ref: measure, 'data-index': index, 'aria-rowindex': index + 2 } : {};
          return value ? (
            <ResourceInstanceRow key={value.path} value={value} model={resource.model} place={place} />
          ) : (
            <ResourceRow key={resource.path} resource={resource} place={place} />
          );
        })}
      </tbody>
    </table>
  );
}
