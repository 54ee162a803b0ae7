import './commands.css';
import type { CommandJson } from '../../../core/contract/commands.ts';
import { ApiError } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import type { DeviceTabProps } from '../devices/device-tab-props.ts';
import { CommandDetails } from './command-details.tsx';
import { CommandForm } from './command-form.tsx';
import { CommandStatusMark } from './command-status.tsx';
import { useCommand, useDeviceCommands } from './commands-api.ts';

/** Commands of a device: a form for the next one, those there are, and the way of one of them as it goes. */
export default function DeviceCommands({ device }: DeviceTabProps) {
  const t = useText('commands');
  const query = useDeviceCommands(device.id);
  const [url, setUrl] = useUrlState();
  const show = (id: string): void => setUrl({ command: id }, { push: true });
  return (
    <QueryView query={query}>
      {(commands) => {
        const named = url.command ?? commands[0]?.id;
        const listed = commands.find(({ id }) => id === named);
        return (
          <div className="commands-tab">
            <section aria-label={t('new')} className="commands-new">
              <h3>{t('new')}</h3>
              <CommandForm device={device} sent={commands} onCreated={({ id }) => show(id)} />
            </section>
            <section aria-label={t('title')} className="commands-list">
              <h3>{t('title')}</h3>
              {commands.length === 0 ? (
                <EmptyState title={t('empty')}>{t('emptyText')}</EmptyState>
              ) : (
                <CommandList commands={commands} shown={named} onShow={show} />
              )}
            </section>
            <div className="commands-one">
              {listed ? (
                <CommandDetails key={listed.id} command={listed} />
              ) : (
                named !== undefined && <LinkedCommand key={named} id={named} deviceId={device.id} />
              )}
            </div>
          </div>
        );
      }}
    </QueryView>
  );
}

interface CommandListProps {
  readonly commands: readonly CommandJson[];
  readonly shown: string | undefined;
  readonly onShow: (id: string) => void;
}

function CommandList({ commands, shown, onShow }: CommandListProps) {
  return (
    <ul className="plain">
      {commands.map(({ id, status, deliveryStatus, errorCode, request, created }) => (
        <li key={id}>
          <button
            type="button"
            className="command-row"
            aria-current={id === shown || undefined}
            onClick={() => onShow(id)}
          >
            <span className="mono ellipsis">{nameOf(request.value)}</span>
            <CommandStatusMark status={status} />
            <span className="dimmed">{errorCode ?? deliveryStatus}</span>
            <span className="command-when">
              <TimeText time={created} form="relative" />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A command that the address names and the list, which holds the newest, does not. */
function LinkedCommand({ id, deviceId }: { id: string; deviceId: string }) {
  const t = useText('commands');
  const query = useCommand(id);
  const isGone = query.error instanceof ApiError && query.error.status === 404;
  if (isGone || (query.data && query.data.targetDeviceId !== deviceId)) {
    return (
      <section className="command-details" aria-label={t('one')}>
        <EmptyState title={t('gone')}>{t('goneText', { id })}</EmptyState>
      </section>
    );
  }
  return (
    <QueryView query={query} rows={4}>
      {(command) => <CommandDetails command={command} />}
    </QueryView>
  );
}

/** A request of MQTT, or a message of SMS; of the others their JSON. */
function nameOf({ req, payload, ...others }: Record<string, unknown>): string {
  if (typeof req === 'string') return req;
  return typeof payload === 'string' ? payload : JSON.stringify({ payload, ...others });
}
