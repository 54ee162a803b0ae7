import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { LoraNodeState } from '../../../core/contract/lora/state.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { deviceHref } from '../../ui/id-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { CommandStatusMark } from '../commands/command-status.tsx';
import { useCancelCommand } from '../commands/commands-api.ts';
import { windowText } from './node-facts.tsx';

type Queued = LoraNodeState['queue'][number];

/** The commands that wait for a device, each with what it waits for. */
export function DownlinkQueue({ node, deviceId }: { node: LoraNodeState; deviceId: string }) {
  const t = useText('lora');
  const { queue, lastFailure, session } = node;
  const [cancelled, setCancelled] = useState<Queued>();
  return (
    <section className="lora-queue-wide" aria-label={t('queue')}>
      <h3>{t('queue')}</h3>
      {lastFailure && (
        <div className="why" role="note">
          <strong>
            {t('lastFailure')} <TimeText time={lastFailure.time} form="full" />
          </strong>
          <p>{lastFailure.text}</p>
        </div>
      )}
      {queue.length === 0 ? (
        <p className="dimmed">
          {t('queueEmpty')}{' '}
          <Link to={deviceHref(deviceId)} search={{ tab: 'commands' } as never} className="link">
            {t('sendCommand')}
          </Link>
        </p>
      ) : (
        <table className="lora-heard">
          <thead>
            <tr>
              <th scope="col">FPort</th>
              <th scope="col">{t('payload')}</th>
              <th scope="col">{t('status')}</th>
              <th scope="col">{t('waitsFor')}</th>
              <th scope="col">{t('window')}</th>
              <th scope="col">{t('expires')}</th>
              <th scope="col">{t('action')}</th>
            </tr>
          </thead>
          <tbody>
            {queue.map((command) => (
              <tr key={command.id}>
                <td>{command.port}</td>
                <td>
                  <Link
                    to={deviceHref(deviceId)}
                    search={{ tab: 'commands', command: command.id } as never}
                    className="link mono break"
                  >
                    {command.data}
                  </Link>{' '}
                  {command.confirmed && <span className="dimmed">{t('confirmed')}</span>}
                </td>
                <td>
                  <CommandStatusMark status={command.status} />
                </td>
                <td>
                  {t(`waits_${command.waitsFor}`)}{' '}
                  {command.transmissions !== undefined &&
                    t('transmissions', { count: command.transmissions })}
                </td>
                <td>{session?.windows.map((window) => windowText(t, window)).join('; ') ?? '–'}</td>
                <td>
                  <TimeText time={command.expires} form="full" />
                </td>
                <td>
                  <ReasonButton
                    needs="DEVICE_W"
                    size="compact-xs"
                    variant="default"
                    aria-label={t('cancelOf', { data: command.data })}
                    onClick={() => setCancelled(command)}
                  >
                    {t('cancel')}
                  </ReasonButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {cancelled && (
        <CancelCommand command={cancelled} deviceId={deviceId} onClose={() => setCancelled(undefined)} />
      )}
    </section>
  );
}

function CancelCommand(props: { command: Queued; deviceId: string; onClose: () => void }) {
  const { command, deviceId, onClose } = props;
  const t = useText('lora');
  const queries = useQueryClient();
  const cancel = useCancelCommand(deviceId);
  const isUnderWay = command.status === 'PROCESSING';
  return (
    <ConfirmDelete
      title={t('cancelTitle', { data: command.data })}
      confirm={t('cancelConfirm')}
      dismiss={t('cancelNot')}
      onClose={onClose}
      onConfirm={async () => {
        await cancel.mutateAsync({ id: command.id, force: isUnderWay });
        await queries.invalidateQueries({ queryKey: ['lora', 'device', deviceId] });
      }}
    >
      <p>{isUnderWay ? t('cancelUnderWay') : t('cancelText')}</p>
    </ConfirmDelete>
  );
}
