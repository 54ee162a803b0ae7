import { Group } from '@mantine/core';
import type { BenchOperationJson, DiscoveredLink } from '../../../core/contract/twin-bench.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { draftOf, requestOf } from './operation-again.ts';
import type { OperationDraft } from './operation-draft.ts';
import { isOpen } from './twin-activity.ts';
import { operationsUrl, useCancelOperation, useDeleteOperation } from './twin-api.ts';
import { TwinStatusMark } from './twin-status.tsx';

interface OperationDetailsProps {
  readonly deviceId: string;
  readonly operation: BenchOperationJson;
  readonly onForm: (draft: Partial<OperationDraft>) => void;
}

/** One operation: its way, live, why it failed, what was asked, and what can be done with it. */
export function OperationDetails({ deviceId, operation, onForm }: OperationDetailsProps) {
  const t = useText('twin');
  const { id, type, status, error, steps, attempt, policy, links } = operation;
  const request = requestOf(operation);
  return (
    <section className="twin-operation" aria-label={t('one')}>
      <h3>
        {type} <TwinStatusMark status={status} />
      </h3>
      {error && (
        <div className="note">
          <p className="flat">
            <strong>{error.code}</strong> {error.details}
          </p>
          {error.deviceCode && error.deviceCode.reason !== error.details && (
            <p className="flat">
              {t('deviceCode')}: {error.deviceCode.value} {error.deviceCode.reason}
            </p>
          )}
        </div>
      )}
      <OperationButtons
        deviceId={deviceId}
        operation={operation}
        onAgain={() => onForm(draftOf(operation))}
      />
      <h4 id="operation-way">{t('way')}</h4>
      <ol className="activity" aria-labelledby="operation-way" aria-live="polite">
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are added at the end and never change
          <li key={index}>
            <TimeText time={step.time} form="full" />
            <div>
              <TwinStatusMark status={step.status} />{' '}
              <span className="dimmed">
                {[step.attempt > 0 && t('attempt', { attempt: step.attempt }), step.reason]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </div>
          </li>
        ))}
      </ol>
      {links && <FoundLinks links={links} />}
      <Facts
        facts={[
          [t('operationId'), <IdText key="id" id={id} what={t('operationId')} />],
          [t('created'), <TimeText key="created" time={operation.created} form="full" />],
          [t('updated'), <TimeText key="updated" time={operation.updated} form="full" />],
          [
            t('expires'),
            operation.expires && <TimeText key="expires" time={operation.expires} form="full" />,
          ],
          [t('attempts'), t('attemptsOf', { attempt, attempts: policy?.attempts ?? 1 })],
          [t('contextToken'), operation.contextToken],
        ]}
      />
      <h4>{t('asked')}</h4>
      <CodeBlock text={JSON.stringify(request, null, 2)} what={t('asked')} />
      <AsCurl method="POST" path={operationsUrl(deviceId, request)} body={request} />
    </section>
  );
}

function OperationButtons(props: { deviceId: string; operation: BenchOperationJson; onAgain: () => void }) {
  const t = useText('twin');
  const { id, status } = props.operation;
  const cancel = useCancelOperation(props.deviceId);
  const remove = useDeleteOperation(props.deviceId);
  const open = isOpen(props.operation);
  return (
    <>
      <Group gap="xs">
        <ReasonButton variant="default" needs="DEVICE_W" onClick={props.onAgain}>
          {t('again')}
        </ReasonButton>
        {open && (
          <ReasonButton
            variant="default"
            needs="DEVICE_W"
            why={status === 'SENT' ? t('cancelNot') : undefined}
            loading={cancel.isPending}
            onClick={() => cancel.mutate(id)}
          >
            {t('cancel')}
          </ReasonButton>
        )}
        <ReasonButton
          variant="default"
          needs="DEVICE_W"
          why={open ? t('deleteNot') : undefined}
          loading={remove.isPending}
          onClick={() => remove.mutate(id)}
        >
          {t('deleteOperation')}
        </ReasonButton>
      </Group>
      <ActionError error={cancel.error ?? remove.error} />
    </>
  );
}

function FoundLinks({ links }: { links: readonly DiscoveredLink[] }) {
  const t = useText('twin');
  return (
    <>
      <h4>{t('found')}</h4>
      <table className="plain-table" aria-label={t('found')}>
        <thead>
          <tr>
            <th scope="col">{t('path')}</th>
            <th scope="col">{t('foundConditions')}</th>
            <th scope="col" className="numeric">
              {t('foundDimension')}
            </th>
          </tr>
        </thead>
        <tbody>
          {links.map(({ path, attributes, dimension }) => (
            <tr key={path}>
              <td className="mono">{path}</td>
              <td className="mono">
                {Object.entries(attributes)
                  .map(([name, value]) => `${name}=${value}`)
                  .join(' ')}
              </td>
              <td className="numeric">{dimension}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
