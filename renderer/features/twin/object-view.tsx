import { Link } from '@tanstack/react-router';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { InstanceView } from './instance-view.tsx';
import { ObjectActions } from './path-actions.tsx';
import { RowState } from './row-state.tsx';
import { useTwinValues } from './twin-api.ts';
import type { TwinObject } from './twin-model.ts';

interface ObjectViewProps {
  readonly deviceId: string;
  readonly object: TwinObject;
  /** The one that is shown; undefined: all. */
  readonly instancePath: string | undefined;
}

/** An object of a device with its instances. */
export function ObjectView({ deviceId, object, instancePath }: ObjectViewProps) {
  const t = useText('twin');
  const { objectId, model } = object;
  const query = useTwinValues(deviceId, objectId);
  const path = `/${objectId}`;
  return (
    <section className="twin-object" aria-label={model?.name ?? t('unknownObject', { id: objectId })}>
      <div className="twin-head">
        <h2>
          {model?.name ?? t('unknownObject', { id: objectId })} <span className="mono dimmed">{path}</span>
        </h2>
        <RowState path={path} />
        <ObjectActions object={object} />
      </div>
      <ObjectNotes object={object} />
      <QueryView query={query} rows={6}>
        {({ instances = [] }) => {
          const shown = instances.filter(
            (instance) => instancePath === undefined || instance.path === instancePath,
          );
          if (shown.length === 0) return <EmptyState title={t('noInstances')} />;
          return shown.map((instance) => (
            <InstanceView
              key={instance.path}
              object={object}
              path={instance.path}
              attributes={instance.attributes}
            />
          ));
        }}
      </QueryView>
    </section>
  );
}

/** What is to be known of how the object is read. */
function ObjectNotes({ object }: { object: TwinObject }) {
  const t = useText('twin');
  const { version, model, registered } = object;
  if (!model) {
    return (
      <p className="note">
        {t('noModel')}{' '}
        <Link to="/twin" search={{ do: 'import' } as never} className="link">
          {t('importModel')}
        </Link>
      </p>
    );
  }
  return (
    <>
      <p className="dimmed flat">
        <Link to="/twin" search={{ model: model.objectDefinitionId } as never} className="link mono">
          {model.objectDefinitionId}
        </Link>
        {model.owner !== undefined && ` · ${t('customModel')}`}
      </p>
      {version !== undefined && version !== model.version && (
        <p className="note">{t('otherVersion', { version, model: model.version })}</p>
      )}
      {!registered && <p className="note">{t('notRegistered')}</p>}
    </>
  );
}
