import { Button, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { BenchObservationJson, BenchOperationJson } from '../../../core/contract/twin-bench.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { FilterInput } from '../../ui/filter-input.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ActionError, EmptyState } from '../../ui/view-states.tsx';
import { ObjectTree } from './object-tree.tsx';
import { ObjectView } from './object-view.tsx';
import type { OperationDraft } from './operation-draft.ts';
import { operationsByRow } from './twin-activity.ts';
import { useAskTwin, useObserve, useStopObserving, useTwinValues } from './twin-api.ts';
import { conditionsByPath } from './twin-conditions.ts';
import { TwinContext, type TwinScene } from './twin-context.ts';
import { objectMatches, type TwinObject } from './twin-model.ts';
import { comparePaths, idsOf, objectPath } from './twin-path.ts';

interface TwinObjectsProps {
  readonly device: DeviceJson;
  readonly objects: readonly TwinObject[];
  readonly operations: readonly BenchOperationJson[];
  readonly observations: readonly BenchObservationJson[];
  readonly onForm: (draft: Partial<OperationDraft>) => void;
  readonly onOperation: (id: string) => void;
}

/** Objects of a device beside the one that is looked at: its instances, resources and values. */
export function TwinObjects({
  device,
  objects,
  operations,
  observations,
  onForm,
  onOperation,
}: TwinObjectsProps) {
  const t = useText('twin');
  const [url, setUrl] = useUrlState();
  const [openedMs] = useState(() => Date.now());
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState<string>();
  const ask = useAskTwin(device.id);
  const observe = useObserve(device.id);
  const stop = useStopObserving(device.id);
  const mayAsk = useLack('DEVICE_W') === undefined;
  const find = url.find ?? '';
  const found = useMemo(() => objects.filter((object) => objectMatches(find, object)), [objects, find]);
  const at = found.some((object) => url.at !== undefined && objectPath(url.at) === `/${object.objectId}`)
    ? url.at
    : found[0] && `/${found[0].objectId}`;
  const shown = found.find(({ objectId }) => objectId === idsOf(at ?? '')[0]);
  const instancePath =
    at !== undefined && idsOf(at).length > 1 ? `/${idsOf(at).slice(0, 2).join('/')}` : undefined;
  const openPath = (path: string): void => setUrl({ at: path }, { push: true });
  const byRow = useMemo(() => operationsByRow(operations, openedMs), [operations, openedMs]);
  const conditions = useMemo(() => conditionsByPath(operations), [operations]);
  const scene: TwinScene = {
    ...{ objects, operations: byRow, observations, conditions, selected, mayAsk, find },
    onlyReported: url.all !== 'yes',
    toggle: (path) => {
      const next = new Set(selected);
      if (!next.delete(path)) next.add(path);
      setSelected(next);
    },
    read: (path) => ask.mutate({ type: 'READ', paths: [path] }),
    discover: (path) => ask.mutate({ type: 'DISCOVER', paths: [path] }),
    observe: (path) => observe.mutate({ paths: [path] }),
    stop: ({ id }) => stop.mutate(id),
    deleteInstance: setDeleting,
    openForm: onForm,
    openOperation: onOperation,
    openPath,
  };
  const together = [...selected].sort(comparePaths);
  return (
    <TwinContext value={scene}>
      <div className="twin-objects">
        <div className="twin-list">
          <div className="twin-find">
            <FilterInput
              label={t('find')}
              value={find}
              width={240}
              onChange={(next) => setUrl({ find: next })}
            />
          </div>
          {found.length === 0 ? (
            <p className="dimmed tree-note">{t('foundNone')}</p>
          ) : (
            <ObjectTree objects={found} selected={at} onOpen={openPath} />
          )}
        </div>
        <div className="twin-shown">
          <div className="twin-bar">
            <Switch
              label={t('onlyReported')}
              checked={scene.onlyReported}
              onChange={({ currentTarget }) => setUrl({ all: currentTarget.checked ? undefined : 'yes' })}
            />
            {together.length > 0 && (
              <div className="buttons" title={t('selectionHint')}>
                <span role="status">{t('selected', { count: together.length })}</span>
                <Button variant="default" onClick={() => ask.mutate({ type: 'READ', paths: together })}>
                  {t('readSelected')}
                </Button>
                <Button variant="default" onClick={() => observe.mutate({ paths: together })}>
                  {t('observeSelected')}
                </Button>
                <Button variant="subtle" onClick={() => setSelected(new Set())}>
                  {t('clearSelection')}
                </Button>
              </div>
            )}
          </div>
          <ActionError error={ask.error ?? observe.error ?? stop.error} />
          {shown ? (
            <ObjectView
              key={shown.objectId}
              deviceId={device.id}
              object={shown}
              instancePath={instancePath}
            />
          ) : (
            <EmptyState title={t('foundNone')} />
          )}
        </div>
      </div>
      {deleting !== undefined && (
        <DeleteInstance
          deviceId={device.id}
          path={deleting}
          onClose={() => setDeleting(undefined)}
          onConfirm={() => ask.mutateAsync({ type: 'DELETE', paths: [deleting] })}
        />
      )}
    </TwinContext>
  );
}

function DeleteInstance(props: {
  deviceId: string;
  path: string;
  onClose: () => void;
  onConfirm: () => Promise<unknown>;
}) {
  const t = useText('twin');
  const { data } = useTwinValues(props.deviceId, idsOf(props.path)[0] ?? 0);
  const known = data?.instances?.find(({ path }) => path === props.path)?.attributes ?? [];
  const count = known.reduce((sum, { contents }) => sum + (contents?.length ?? 1), 0);
  return (
    <ConfirmDelete
      title={t('deleteTitle', { path: props.path })}
      confirm={t('askDelete')}
      onClose={props.onClose}
      onConfirm={props.onConfirm}
    >
      <p>{t('deleteText', { count })}</p>
    </ConfirmDelete>
  );
}
