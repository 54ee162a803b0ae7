import type { TwinAttributeJson } from '../../../core/contract/twin.ts';
import { useText } from '../../i18n/use-text.ts';
import { InstanceActions } from './path-actions.tsx';
import { ResourceTable } from './resource-table.tsx';
import { RowState } from './row-state.tsx';
import { useTwin } from './twin-context.ts';
import { matches, resourcesOf, type TwinObject } from './twin-model.ts';

interface InstanceViewProps {
  readonly object: TwinObject;
  readonly path: string;
  readonly attributes: readonly TwinAttributeJson[] | undefined;
}

/** An instance of an object with its resources: names and values, and what can be done with each. */
export function InstanceView({ object, path, attributes }: InstanceViewProps) {
  const t = useText('twin');
  const { find, onlyReported } = useTwin();
  const { model } = object;
  const all = resourcesOf(path, model, attributes);
  const objectFound = find !== '' && matches(find, `/${object.objectId}`, model?.name);
  const found = all.filter(
    ({ id, model: known }) =>
      find === '' || objectFound || matches(find, `/${object.objectId}/ /${id}`, known?.name),
  );
  const shown = onlyReported ? found.filter(({ values }) => values.length > 0) : found;
  const hidden = found.length - shown.length;
  return (
    <section className="twin-instance" aria-label={t('instance', { path })}>
      <div className="twin-head">
        <h3 className="mono">{path}</h3>
        <RowState path={path} />
        <InstanceActions path={path} model={model} />
      </div>
      {shown.length > 0 ? (
        <ResourceTable label={t('valuesOf', { path })} resources={shown} />
      ) : (
        <p className="dimmed flat">{found.length === 0 && find !== '' ? t('foundNone') : t('noneShown')}</p>
      )}
      {hidden > 0 && shown.length > 0 && <p className="dimmed flat">{t('hiddenRows', { count: hidden })}</p>}
    </section>
  );
}
