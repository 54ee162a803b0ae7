import { Select, TextInput } from '@mantine/core';
import { twinOperationStatuses } from '../../../core/contract/twin.ts';
import { type BenchOperationJson, benchOperationTypes } from '../../../core/contract/twin-bench.ts';
import { useText } from '../../i18n/use-text.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { OperationDetails } from './operation-details.tsx';
import type { OperationDraft } from './operation-draft.ts';
import { targetsOf } from './twin-activity.ts';
import { TwinStatusMark } from './twin-status.tsx';

interface TwinOperationsProps {
  readonly deviceId: string;
  /** The oldest first. */
  readonly operations: readonly BenchOperationJson[];
  readonly onForm: (draft: Partial<OperationDraft>) => void;
}

/** What was asked of a device, the newest first, beside the way of one of them. */
export function TwinOperations({ deviceId, operations, onForm }: TwinOperationsProps) {
  const t = useText('twin');
  const [url, setUrl] = useUrlState();
  if (operations.length === 0) {
    return <EmptyState title={t('noOperations')}>{t('noOperationsText')}</EmptyState>;
  }
  const { opstatus: status, optype: type, optoken: token = '' } = url;
  const listed = operations
    .filter((each) => status === undefined || each.status === status)
    .filter((each) => type === undefined || each.type === type)
    .filter((each) => token === '' || each.contextToken === token)
    .toReversed();
  const shown = url.operation ?? listed[0]?.id;
  const one = operations.find(({ id }) => id === shown);
  return (
    <div className="twin-history">
      <section aria-label={t('operations')} className="twin-history-list">
        <div className="filters">
          <Select
            aria-label={t('status')}
            placeholder={t('anyStatus')}
            clearable
            w={140}
            data={[...twinOperationStatuses]}
            value={status ?? null}
            onChange={(next) => setUrl({ opstatus: next ?? undefined })}
          />
          <Select
            aria-label={t('type')}
            placeholder={t('anyType')}
            clearable
            w={170}
            data={[...benchOperationTypes]}
            value={type ?? null}
            onChange={(next) => setUrl({ optype: next ?? undefined })}
          />
          <TextInput
            aria-label={t('token')}
            placeholder={t('token')}
            w={150}
            value={token}
            onChange={({ currentTarget }) => setUrl({ optoken: currentTarget.value })}
          />
        </div>
        {listed.length === 0 ? (
          <EmptyState title={t('noneMatches')} />
        ) : (
          <ul className="plain twin-history-lines">
            {listed.map((operation) => (
              <li key={operation.id}>
                <button
                  type="button"
                  className="twin-line"
                  aria-current={operation.id === shown || undefined}
                  onClick={() => setUrl({ operation: operation.id }, { push: true })}
                >
                  <span className="ellipsis">
                    <strong>{operation.type}</strong>{' '}
                    <span className="mono">{targetsOf(operation).join(', ')}</span>
                  </span>
                  <TwinStatusMark status={operation.status} />
                  <span className="dimmed ellipsis">
                    {operation.error?.details ?? operation.contextToken}
                  </span>
                  <TimeText time={operation.created} form="relative" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <div className="twin-history-one">
        {one ? (
          <OperationDetails key={one.id} deviceId={deviceId} operation={one} onForm={onForm} />
        ) : (
          shown !== undefined && <EmptyState title={t('gone')}>{t('goneText', { id: shown })}</EmptyState>
        )}
      </div>
    </div>
  );
}
