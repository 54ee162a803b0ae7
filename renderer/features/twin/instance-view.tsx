import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TwinAttributeJson } from '../../../core/contract/twin.ts';
import { useText } from '../../i18n/use-text.ts';
import { InstanceActions } from './path-actions.tsx';
import { ResourceRow } from './resource-row.tsx';
import { RowState } from './row-state.tsx';
import { useTwin } from './twin-context.ts';
import { matches, resourcesOf, type TwinObject } from './twin-model.ts';

/** Rows at first, and with each asking for more: each change of the twin draws all that are shown. */
const rowsAtOnce = 200;
const columns = ['id', 'resource', 'value', 'time', 'state', 'actions'] as const;

interface InstanceViewProps {
  readonly object: TwinObject;
  readonly path: string;
  readonly attributes: readonly TwinAttributeJson[] | undefined;
}

/** An instance of an object with its resources: names and values, and what can be done with each. */
export function InstanceView({ object, path, attributes }: InstanceViewProps) {
  const t = useText('twin');
  const { find, onlyReported } = useTwin();
  const [most, setMost] = useState(rowsAtOnce);
  const { model } = object;
  const all = resourcesOf(path, model, attributes);
  const objectFound = find !== '' && matches(find, `/${object.objectId}`, model?.name);
  const found = all.filter(
    ({ id, model: known }) =>
      find === '' || objectFound || matches(find, `/${object.objectId}/ /${id}`, known?.name),
  );
  const shown = onlyReported ? found.filter(({ values }) => values.length > 0) : found;
  const hidden = found.length - shown.length;
  const rest = shown.length - most;
  return (
    <section className="twin-instance" aria-label={t('instance', { path })}>
      <div className="twin-head">
        <h3 className="mono">{path}</h3>
        <RowState path={path} />
        <InstanceActions path={path} known={model !== undefined} />
      </div>
      {shown.length > 0 ? (
        <table className="plain-table twin-table" aria-label={t('valuesOf', { path })}>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col" className={`twin-${name}`}>
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, most).map((resource) => (
              <ResourceRow key={resource.id} resource={resource} />
            ))}
          </tbody>
        </table>
      ) : (
        <p className="dimmed flat">{found.length === 0 && find !== '' ? t('foundNone') : t('noneShown')}</p>
      )}
      {rest > 0 && (
        <Button className="twin-more" variant="default" onClick={() => setMost(most + rowsAtOnce)}>
          {t('moreRows', { count: rest })}
        </Button>
      )}
      {hidden > 0 && shown.length > 0 && <p className="dimmed flat">{t('hiddenRows', { count: hidden })}</p>}
    </section>
  );
}
