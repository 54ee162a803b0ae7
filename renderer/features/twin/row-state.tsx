import { IconEye } from '@tabler/icons-react';
import { useText } from '../../i18n/use-text.ts';
import { observedBy } from './twin-activity.ts';
import { useTwin } from './twin-context.ts';
import { TwinStatusMark } from './twin-status.tsx';

/** What goes on with a path: an operation until it ends, or how it failed; and whether it is observed. */
export function RowState({ path }: { path: string }) {
  const t = useText('twin');
  const { operations, observations, conditions, openOperation } = useTwin();
  const condition = conditions.get(path);
  const operation = operations.get(path);
  const observed = observedBy(observations, path);
  const word =
    observed &&
    (observed.exactly ? t('observed') : t('observedWith', { paths: observed.observation.paths.join(', ') }));
  return (
    <span className="twin-state">
      {operation && (
        <button
          type="button"
          className="link-button"
          title={operation.error?.details}
          aria-label={t('openOperation', { type: operation.type, path, status: operation.status })}
          onClick={() => openOperation(operation.id)}
        >
          <TwinStatusMark status={operation.status} />
        </button>
      )}
      {observed && observed.observation.status !== 'OBSERVING' && observed.exactly && (
        <TwinStatusMark status={observed.observation.status} />
      )}
      {observed && observed.observation.status === 'OBSERVING' && (
        <span className={observed.exactly ? 'twin-observed' : 'twin-observed dimmed'} title={word}>
          <IconEye size={14} aria-hidden />
          <span className={observed.exactly ? '' : 'visually-hidden'}>{word}</span>
        </span>
      )}
      {condition !== undefined && (
        <span className="twin-conditions mono dimmed" title={t('conditionsOfRow')}>
          {condition}
        </span>
      )}
    </span>
  );
}
