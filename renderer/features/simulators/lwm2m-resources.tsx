import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Lwm2mDeviceDetails } from '../../../core/contract/simulated-lwm2m.ts';
import type { SimulatedDeviceDetails } from '../../../core/contract/simulators.ts';
import { useText } from '../../i18n/use-text.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { actOn, sendOnce } from './simulators-api.ts';

interface Lwm2mResourcesProps {
  readonly fleetId: string;
  readonly device: SimulatedDeviceDetails;
  readonly lwm2m: Lwm2mDeviceDetails;
  readonly onChanged: () => void;
}

type Resource = Lwm2mDeviceDetails['objects'][number]['instances'][number]['resources'][number];

/** The values of a device by object. One is changed as the device itself would, or sent. */
export function Lwm2mResources({ fleetId, device, lwm2m, onChanged }: Lwm2mResourcesProps) {
  const t = useText('simulators');
  const [chosen, setChosen] = useState<string | undefined>();
  return (
    <section>
      <h3>{t('resources')}</h3>
      {lwm2m.objects.map((object) => (
        <details key={object.id} className="disclosure">
          <summary>
            /{object.id} {object.name}
          </summary>
          {object.instances.map(({ id, resources }) => (
            <ul key={id} className="flat stack">
              {resources.map((resource) => (
                <li key={resource.path}>
                  <ResourceLine
                    resource={resource}
                    isOpen={chosen === resource.path}
                    onOpen={() => setChosen(chosen === resource.path ? undefined : resource.path)}
                  />
                  {chosen === resource.path && (
                    <ValueForm fleetId={fleetId} device={device} resource={resource} onChanged={onChanged} />
                  )}
                </li>
              ))}
            </ul>
          ))}
        </details>
      ))}
    </section>
  );
}

function ResourceLine({
  resource: { path, name, value, generated },
  isOpen,
  onOpen,
}: {
  resource: Resource;
  isOpen: boolean;
  onOpen: () => void;
}) {
  const t = useText('simulators');
  return (
    <p className="inline flat">
      <span className="mono">{path}</span> <span>{name}</span>{' '}
      {value !== undefined && (
        <button type="button" className="link mono" aria-expanded={isOpen} onClick={onOpen}>
          {value === '' ? t('empty') : String(value)}
        </button>
      )}
      {generated && <span className="dimmed"> {t('generated')}</span>}
    </p>
  );
}

function ValueForm({
  fleetId,
  device,
  resource,
  onChanged,
}: Omit<Lwm2mResourcesProps, 'lwm2m'> & { resource: Resource }) {
  const t = useText('simulators');
  const [value, setValue] = useState(String(resource.value ?? ''));
  const { path, name, type } = resource;
  const set = useMutation({
    mutationFn: () => actOn(fleetId, device.number, { action: 'set', path, value }),
    onSuccess: onChanged,
  });
  const send = useMutation({
    mutationFn: () => sendOnce(fleetId, device.number, { paths: [path] }),
    onSuccess: onChanged,
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate();
      }}
    >
      <TextInput
        label={t('newValue', { path, name })}
        description={type}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        classNames={{ input: 'mono' }}
      />
      <div className="buttons">
        <ReasonButton needs="DEVICE_W" type="submit" loading={set.isPending}>
          {t('setValue')}
        </ReasonButton>
        <ReasonButton
          needs="DEVICE_W"
          variant="default"
          disabled={device.state !== 'connected' && device.state !== 'sleeping'}
          loading={send.isPending}
          onClick={() => send.mutate()}
        >
          {t('sendNow')}
        </ReasonButton>
        <span role="status" className="dimmed">
          {send.isSuccess ? t('wasSent') : set.isSuccess && t('wasSet')}
        </span>
      </div>
      <ActionError error={set.error ?? send.error} />
    </form>
  );
}
