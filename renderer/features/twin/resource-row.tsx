import type { ComponentProps } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { ResourceActions } from './path-actions.tsx';
import { RowState } from './row-state.tsx';
import { useTwin } from './twin-context.ts';
import type { Reported, ResourceModel, TwinResource } from './twin-model.ts';
import { ValueText } from './value-text.tsx';

/** Where a row stands in a table of which only a part exists. */
export type RowPlace = ComponentProps<'tr'>;

/** A resource; one that has several values says how many. */
export function ResourceRow({ resource, place }: { resource: TwinResource; place: RowPlace }) {
  const t = useText('twin');
  const { id, path, model, values, multiple } = resource;
  const [only] = values;
  const isExecuted = model?.type === 'NONE';
  return (
    <tr className="twin-row" {...place}>
      <td className="twin-id mono">
        <SelectBox path={path} off={model === undefined || isExecuted} />
        {id}
      </td>
      <th scope="row" className="twin-resource" title={model ? hintOf(model) : undefined}>
        {model ? model.name : <span className="dimmed">{t('unknownResource')}</span>}
        {model && !isExecuted && <span className="twin-type">{typeOf(model)}</span>}
      </th>
      {multiple ? (
        <>
          <td className="twin-value dimmed">
            {values.length === 0 ? t('notReported') : t('severalValues', { count: values.length })}
          </td>
          <td className="twin-time" />
        </>
      ) : (
        <ValueCells value={only} model={model} silent={isExecuted} />
      )}
      <td className="twin-state-cell">
        <RowState path={path} />
      </td>
      <td className="twin-actions-cell">
        {model && (
          <ResourceActions path={path} model={model} value={only?.reportedValue} multiple={multiple} />
        )}
      </td>
    </tr>
  );
}

interface ResourceInstanceRowProps {
  readonly value: Reported;
  readonly model: ResourceModel | undefined;
  readonly place: RowPlace;
}

/** One of the values of a resource that has several. */
export function ResourceInstanceRow({ value, model, place }: ResourceInstanceRowProps) {
  const { path, reportedValue } = value;
  return (
    <tr className="twin-row twin-within" {...place}>
      <td className="twin-id mono">
        <SelectBox path={path} off={model === undefined} />
      </td>
      <th scope="row" className="twin-resource mono">
        {path}
      </th>
      <ValueCells value={value} model={model} silent={false} />
      <td className="twin-state-cell">
        <RowState path={path} />
      </td>
      <td className="twin-actions-cell">
        {model && <ResourceActions path={path} model={model} value={reportedValue} within />}
      </td>
    </tr>
  );
}

interface ValueCellsProps {
  readonly value: Reported | undefined;
  readonly model: ResourceModel | undefined;
  /** It has no value by its nature. */
  readonly silent: boolean;
}

function ValueCells({ value, model, silent }: ValueCellsProps) {
  const t = useText('twin');
  const { openPath } = useTwin();
  return (
    <>
      <td className="twin-value">
        {value ? (
          <ValueText model={model} reported={value.reportedValue} onPath={openPath} />
        ) : (
          !silent && <span className="dimmed">{t('notReported')}</span>
        )}
      </td>
      <td className="twin-time">{value && <TimeText time={value.timestamp} form="relative" />}</td>
    </>
  );
}

function SelectBox({ path, off }: { path: string; off: boolean }) {
  const t = useText('twin');
  const { selected, toggle, mayAsk } = useTwin();
  if (!mayAsk) return null;
  return off ? (
    <span className="twin-box" />
  ) : (
    <input
      type="checkbox"
      className="twin-box"
      aria-label={t('select', { path })}
      checked={selected.has(path)}
      onChange={() => toggle(path)}
    />
  );
}

const typeOf = ({ type, units, range }: ResourceModel): string =>
  [type.toLowerCase().replace('_', ' '), units && `[${units}]`, range].filter(Boolean).join(' ');

const hintOf = ({ description }: ResourceModel): string => description;
