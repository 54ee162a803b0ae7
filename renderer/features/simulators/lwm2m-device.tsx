import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceAction, SimulatedDeviceDetails } from '../../../core/contract/simulators.ts';
import { useText } from '../../i18n/use-text.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { Lwm2mResources } from './lwm2m-resources.tsx';
import { actOn, useRefreshDevice } from './simulators-api.ts';

const actions = ['update', 'sleep', 'wake', 'changeAddress', 'bootstrap', 'reboot', 'factoryReset'] as const;

/** An LwM2M device from its own side: where it is, what happens to it, and its values, to change and to send. */
export function Lwm2mDevice({ fleetId, device }: { fleetId: string; device: SimulatedDeviceDetails }) {
  const t = useText('simulators');
  const [done, setDone] = useState<(typeof actions)[number] | undefined>();
  const refresh = useRefreshDevice(fleetId);
  const act = useMutation({
    mutationFn: (action: DeviceAction) => actOn(fleetId, device.number, action),
    onSuccess: refresh,
  });
  const { lwm2m, state } = device;
  if (!lwm2m) return <p className="dimmed">{t('notConnected')}</p>;
  const facts: [string, string][] = [
    [t('address'), lwm2m.address ?? '-'],
    [t('registration'), lwm2m.registration ?? '-'],
    [t('connectionId'), t(lwm2m.connectionId ? 'yes' : 'no')],
    [t('observations'), String(lwm2m.observations)],
    [t('lost'), String(lwm2m.lost)],
  ];
  return (
    <>
      <dl className="figures">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="buttons">
        {actions.map((action) => (
          <ReasonButton
            key={action}
            needs="DEVICE_W"
            variant="default"
            disabled={action === 'wake' ? state !== 'sleeping' : state !== 'connected'}
            onClick={() => act.mutate({ action }, { onSuccess: () => setDone(action) })}
          >
            {t(`act_${action}`)}
          </ReasonButton>
        ))}
        <span role="status" className="dimmed">
          {done && act.isSuccess && t('wasDone', { action: t(`act_${done}`) })}
        </span>
      </div>
      <ActionError error={act.error} />
      <Lwm2mResources fleetId={fleetId} device={device} lwm2m={lwm2m} onChanged={refresh} />
    </>
  );
}
