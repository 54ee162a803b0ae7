import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import type { DeviceTabProps } from '../devices/device-tab-props.ts';
import { CommandDetails } from './command-details.tsx';
import { CommandForm } from './command-form.tsx';
import { CommandStatusMark } from './command-status.tsx';
import { useDeviceCommands } from './commands-api.ts';

/** Commands of a device: a form for the next one, those there are, and the way of one of them as it goes. */
export default function DeviceCommands({ device }: DeviceTabProps) {
  const t = useText('commands');
  const query = useDeviceCommands(device.id);
  const [url, setUrl] = useUrlState();
  const show = (id: string): void => setUrl({ command: id }, { push: true });
  return (
    <QueryView query={query}>
      {(commands) => {
        const shown = commands.find(({ id }) => id === url.command) ?? commands[0];
        return (
          <div className="commands-tab">
            <section aria-label={t('new')}>
              <h3>{t('new')}</h3>
              <CommandForm device={device} sent={commands} onCreated={({ id }) => show(id)} />
            </section>
            <section aria-label={t('title')} className="commands-list">
              <h3>{t('title')}</h3>
              {commands.length === 0 ? (
                <EmptyState title={t('empty')}>{t('emptyText')}</EmptyState>
              ) : (
                <ul className="plain">
                  {commands.map(({ id, status, deliveryStatus, request, created }) => (
                    <li key={id}>
                      <button
                        type="button"
                        className="command-row"
                        aria-current={id === shown?.id || undefined}
                        onClick={() => show(id)}
                      >
                        <CommandStatusMark status={status} />
                        <span className="mono ellipsis">{nameOf(request.value)}</span>
                        <span className="dimmed">{deliveryStatus}</span>
                        <TimeText time={created} form="relative" />
                      </button>
                    </li>
                  ))}
                </ul>
              )}
            </section>
            {shown && <CommandDetails key={shown.id} command={shown} />}
          </div>
        );
      }}
    </QueryView>
  );
}

const nameOf = (value: Record<string, unknown>): string =>
  typeof value.req === 'string' ? value.req : JSON.stringify(value);
