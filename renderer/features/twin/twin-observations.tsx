import { TagsInput, TextInput } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { createTwinObservationRequest } from '../../../core/contract/twin.ts';
import type { BenchObservationJson } from '../../../core/contract/twin-bench.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { CurlLine } from '../../ui/as-curl.tsx';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { problemBelow, problemsOf } from '../../ui/form-problems.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ActionError, EmptyState } from '../../ui/view-states.tsx';
import { RowButton } from './row-button.tsx';
import { type NewObservation, observationsUrl, useObserve, useStopObserving } from './twin-api.ts';
import type { TwinObject } from './twin-model.ts';
import { TwinStatusMark } from './twin-status.tsx';

interface TwinObservationsProps {
  readonly deviceId: string;
  readonly objects: readonly TwinObject[];
  readonly observations: readonly BenchObservationJson[];
}

/** What a device is observed for, what has come of it, and a form for more. */
export function TwinObservations({ deviceId, objects, observations }: TwinObservationsProps) {
  const t = useText('twin');
  return (
    <div className="twin-page">
      <ObserveForm deviceId={deviceId} objects={objects} />
      {observations.length === 0 ? (
        <EmptyState title={t('noObservations')}>{t('noObservationsText')}</EmptyState>
      ) : (
        <>
          <ObservationTable deviceId={deviceId} observations={observations} />
          <p className="dimmed">{t('persists')}</p>
        </>
      )}
    </div>
  );
}

function ObserveForm({ deviceId, objects }: { deviceId: string; objects: readonly TwinObject[] }) {
  const t = useText('twin');
  const common = useText('common');
  const [paths, setPaths] = useState<readonly string[]>([]);
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const observe = useObserve(deviceId);
  const request: NewObservation = { paths, ...(name !== '' && { name }) };
  const problems = problemsOf(createTwinObservationRequest, request, common('needed'));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size > 0) return;
    observe.mutate(request, {
      onSuccess: () => {
        setPaths([]);
        setName('');
        setTried(false);
      },
    });
  };
  return (
    <form className="twin-observe" onSubmit={submit} aria-label={t('newObservation')}>
      <TagsInput
        label={t('paths')}
        description={t('observePathsHint')}
        data={objects.flatMap(({ objectId, instanceIds }) => [
          `/${objectId}`,
          ...instanceIds.map((id) => `/${objectId}/${id}`),
        ])}
        limit={20}
        value={[...paths]}
        error={tried && problemBelow(problems, 'paths')}
        classNames={{ input: 'mono' }}
        onChange={setPaths}
      />
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        value={name}
        error={tried && problems.get('name')}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <ReasonButton
        type="submit"
        needs="DEVICE_W"
        loading={observe.isPending}
        leftSection={<IconEye size={14} aria-hidden />}
      >
        {t('startObserving')}
      </ReasonButton>
      <ActionError error={observe.error} />
      <details className="disclosure">
        <summary>{common('asCurl')}</summary>
        <CurlLine method="POST" path={observationsUrl(deviceId)} body={request} />
      </details>
    </form>
  );
}

const columns = ['paths', 'name', 'status', 'since', 'notifications', 'last', 'created', 'actions'] as const;

function ObservationTable(props: { deviceId: string; observations: readonly BenchObservationJson[] }) {
  const t = useText('twin');
  const language = usePreferences((state) => state.language);
  const mayChange = useLack('DEVICE_W') === undefined;
  const stop = useStopObserving(props.deviceId);
  const [stopping, setStopping] = useState<BenchObservationJson>();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="wide-table" aria-label={t('observations')} tabIndex={0}>
      <table className="plain-table twin-observations" aria-label={t('observations')}>
        <thead>
          <tr>
            {columns.map((name) => (
              <th
                key={name}
                scope="col"
                className={name === 'notifications' ? 'numeric' : undefined}
                title={name === 'notifications' ? t('notificationsHint') : undefined}
              >
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.observations.map((observation) => {
            const { id, paths, name, status, since, notifications, lastNotification } = observation;
            return (
              <tr key={id}>
                <th scope="row" className="mono">
                  {paths.join(', ')}
                </th>
                <td>{name}</td>
                <td className="twin-status-cell">
                  <TwinStatusMark status={status} />
                  {observation.reason !== undefined && <p className="flat reason">{observation.reason}</p>}
                  {observation.waits && (
                    <p className="flat dimmed">{t('waits', { attempts: observation.attempts })}</p>
                  )}
                </td>
                <td>{since && <TimeText time={since} form="relative" />}</td>
                <td className="numeric">{count(notifications, language)}</td>
                <td>{lastNotification && <TimeText time={lastNotification} form="relative" />}</td>
                <td>
                  <TimeText time={observation.created} form="minute" />
                </td>
                <td>
                  {mayChange && (
                    <RowButton
                      icon={IconEyeOff}
                      label={t('stop', { path: paths.join(', ') })}
                      onClick={() => setStopping(observation)}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {stopping && (
        <ConfirmDelete
          title={t('stopTitle', { paths: stopping.paths.join(', ') })}
          confirm={t('stop', { path: '' }).trim()}
          onClose={() => setStopping(undefined)}
          onConfirm={() => stop.mutateAsync(stopping.id)}
        >
          <p>{t('stopText')}</p>
        </ConfirmDelete>
      )}
    </section>
  );
}
