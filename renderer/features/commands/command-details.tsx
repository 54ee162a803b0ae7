import './commands.css';
import { Group } from '@mantine/core';
import type { CommandJson } from '../../../core/contract/commands.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { CommandStatusMark } from './command-status.tsx';
import { useCancelCommand } from './commands-api.ts';

const ended = ['PROCESSED', 'ERROR', 'EXPIRED', 'CANCELED'];
const asText = (value: unknown): string => JSON.stringify(value, null, 2);

/** One command: its way, live, what was sent and answered, and how to end it. */
export function CommandDetails({ command }: { command: CommandJson }) {
  const t = useText('commands');
  const { id, request, response, policy, history, status, errorCode, targetDeviceId } = command;
  return (
    <section className="command-details" aria-label={t('one')}>
      <h3>
        <CommandStatusMark status={status} /> <IdText id={id} what={t('id')} />
      </h3>
      {errorCode !== undefined && (
        <p className="flat">
          <span className="mono">{errorCode}</span> {reasonOf(t, errorCode)}
        </p>
      )}
      {!ended.includes(status) && <CancelButtons id={id} status={status} deviceId={targetDeviceId} />}
      <h4 id="command-way">{t('way')}</h4>
      <ol className="activity" aria-labelledby="command-way" aria-live="polite">
        {history.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are added at the end and never change
          <li key={index}>
            <TimeText time={entry.timestamp} form="full" />
            <div>
              <CommandStatusMark status={entry.status} />{' '}
              <span className="dimmed">
                {[entry.deliveryStatus, entry.errorCode, entry.nodeId].filter(Boolean).join(' · ')}
              </span>
            </div>
          </li>
        ))}
      </ol>
      <h4>{t('request')}</h4>
      <CodeBlock text={asText(request.value)} what={t('request')} />
      <h4>{t('response')}</h4>
      {response ? (
        <CodeBlock text={asText(response.value)} what={t('response')} />
      ) : (
        <p className="flat dimmed">{t('noResponse')}</p>
      )}
      <Facts
        facts={[
          [t('connector'), request.connector],
          [t('ackMode'), policy.ackMode],
          [t('ackTimeoutInSeconds'), policy.ackTimeoutInSeconds],
          [t('expirationInSeconds'), policy.expirationInSeconds],
          [t('attempts'), policy.attempts],
        ]}
      />
    </section>
  );
}

function CancelButtons(props: { id: string; status: CommandJson['status']; deviceId: string }) {
  const t = useText('commands');
  const lack = useLack('DEVICE_W');
  const cancel = useCancelCommand(props.deviceId);
  const isProcessed = props.status === 'PROCESSING';
  return (
    <>
      <Group gap="xs">
        <ReasonButton
          variant="default"
          why={lack ?? (isProcessed ? t('cancelNot') : undefined)}
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ id: props.id, force: false })}
        >
          {t('cancel')}
        </ReasonButton>
        {isProcessed && (
          <ReasonButton
            variant="default"
            why={lack}
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ id: props.id, force: true })}
          >
            {t('cancelForce')}
          </ReasonButton>
        )}
      </Group>
      <ActionError error={cancel.error} />
    </>
  );
}

const knownErrors = [
  'ACK_TIMEOUT',
  'INVALID_COMMAND_REQUEST',
  'SENDING_TIMEOUT',
  'SENDING_INTERRUPTED',
  'SMSC_REFUSED',
  'SMSC_NO_ANSWER',
  'SMS_UNDELIVERABLE',
  'SMS_EXPIRED',
  'SMS_REJECTED',
  'SMS_DELETED',
  'SMS_UNKNOWN',
] as const;

function reasonOf(t: ReturnType<typeof useText<'commands'>>, errorCode: string): string {
  const known = knownErrors.find((code) => code === errorCode);
  return known === undefined ? '' : t(`error_${known}`);
}
