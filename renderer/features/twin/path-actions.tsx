import {
  IconAdjustments,
  IconDownload,
  IconEye,
  IconEyeOff,
  IconListSearch,
  IconPencil,
  IconPlayerPlay,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import type { ObjectModelJson } from '../../../core/contract/twin-models.ts';
import { useText } from '../../i18n/use-text.ts';
import { RowButton } from './row-button.tsx';
import { observedBy } from './twin-activity.ts';
import { useTwin } from './twin-context.ts';
import { allows, type ResourceModel, type TwinObject } from './twin-model.ts';
import { textToEdit } from './twin-value.ts';

/** Observing, or ending it. */
function ObserveButton({ path }: { path: string }) {
  const t = useText('twin');
  const { observations, observe, stop } = useTwin();
  const observed = observedBy(observations, path);
  if (!observed?.exactly)
    return <RowButton icon={IconEye} label={t('observe', { path })} onClick={() => observe(path)} />;
  const others = observed.observation.paths.length - 1;
  const label = others > 0 ? t('stopSeveral', { path, count: others }) : t('stop', { path });
  return <RowButton icon={IconEyeOff} label={label} onClick={() => stop(observed.observation)} />;
}

function ReadButton({ path }: { path: string }) {
  const t = useText('twin');
  const { read } = useTwin();
  return <RowButton icon={IconDownload} label={t('read', { path })} onClick={() => read(path)} />;
}

function AttributesButton({ path }: { path: string }) {
  const t = useText('twin');
  const { openForm } = useTwin();
  const draft = { type: 'WRITE-METADATA', paths: [path] } as const;
  return (
    <RowButton icon={IconAdjustments} label={t('attributes', { path })} onClick={() => openForm(draft)} />
  );
}

function DiscoverButton({ path }: { path: string }) {
  const t = useText('twin');
  const { discover } = useTwin();
  return <RowButton icon={IconListSearch} label={t('discover', { path })} onClick={() => discover(path)} />;
}

/** What can be done with an object. */
export function ObjectActions({ object }: { object: TwinObject }) {
  const t = useText('twin');
  const { mayAsk, openForm } = useTwin();
  if (!mayAsk || !object.model) return null;
  const path = `/${object.objectId}`;
  const next = Math.max(-1, ...object.instanceIds) + 1;
  const instance = `${path}/${next}`;
  const values = object.model.resources
    .filter(({ mandatory, type, multiple }) => mandatory && type !== 'NONE' && !multiple)
    .map(({ id, type }) => ({ path: `${instance}/${id}`, text: type === 'BOOLEAN' ? 'false' : '' }));
  return (
    <span className="twin-actions">
      <ReadButton path={path} />
      <ObserveButton path={path} />
      <AttributesButton path={path} />
      <DiscoverButton path={path} />
      {(object.model.multiple || object.instanceIds.length === 0) && (
        <RowButton
          icon={IconPlus}
          label={t('create', { path })}
          onClick={() => openForm({ type: 'CREATE', paths: [instance], values })}
        />
      )}
    </span>
  );
}

/** What can be done with an instance. */
export function InstanceActions({ path, model }: { path: string; model: ObjectModelJson | undefined }) {
  const t = useText('twin');
  const { mayAsk, openForm, deleteInstance } = useTwin();
  if (!mayAsk || !model) return null;
  return (
    <span className="twin-actions">
      <ReadButton path={path} />
      <RowButton
        icon={IconPencil}
        label={t('write', { path })}
        onClick={() => openForm({ type: 'WRITE', paths: [path] })}
      />
      <ObserveButton path={path} />
      <AttributesButton path={path} />
      <DiscoverButton path={path} />
      {model.multiple && (
        <RowButton icon={IconTrash} label={t('delete', { path })} onClick={() => deleteInstance(path)} />
      )}
    </span>
  );
}

interface ResourceActionsProps {
  readonly path: string;
  readonly model: ResourceModel;
  /** As the device reported it. */
  readonly value: string | undefined;
  /** The path is of an instance of the resource. */
  readonly within?: boolean;
  /** It has several instances. */
  readonly multiple?: boolean;
}

/** What the model of a resource allows. */
export function ResourceActions({
  path,
  model,
  value,
  within = false,
  multiple = false,
}: ResourceActionsProps) {
  const t = useText('twin');
  const { mayAsk, openForm } = useTwin();
  if (!mayAsk) return null;
  const text = value === undefined ? (model.type === 'BOOLEAN' ? 'true' : '') : textToEdit(model.type, value);
  const values = multiple && !within ? [] : [{ path, text }];
  return (
    <span className="twin-actions">
      {allows(model, 'READ') && <ReadButton path={path} />}
      {allows(model, 'WRITE') && (
        <RowButton
          icon={IconPencil}
          label={t('write', { path })}
          onClick={() =>
            openForm({ type: 'WRITE', paths: [path], values, writeMode: multiple ? 'UPDATE' : 'REPLACE' })
          }
        />
      )}
      {allows(model, 'EXECUTE') && !within && (
        <RowButton
          icon={IconPlayerPlay}
          label={t('execute', { path })}
          onClick={() => openForm({ type: 'EXECUTE', paths: [path] })}
        />
      )}
      {allows(model, 'READ') && (
        <>
          <ObserveButton path={path} />
          <AttributesButton path={path} />
        </>
      )}
    </span>
  );
}
