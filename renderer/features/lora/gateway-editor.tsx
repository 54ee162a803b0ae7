import { Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { createGatewayRequest, updateGatewayRequest } from '../../../core/contract/lora/gateways.ts';
import { loraRegions } from '../../../core/contract/lora/regions.ts';
import type { LoraGatewayState } from '../../../core/contract/lora/state.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { gatewaysUrl, gatewayUrl, useSaveGateway } from './lora-api.ts';

interface GatewayEditorProps {
  /** Undefined: a new one. */
  readonly gateway?: LoraGatewayState;
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
}

const places = ['lat', 'lon', 'alt'] as const;

/** Registers a gateway, or changes its name and place. */
export function GatewayEditor({ gateway, onClose, onSaved }: GatewayEditorProps) {
  const t = useText('lora');
  const common = useText('common');
  const given = gateway?.location?.source === 'MANUAL' ? gateway.location : undefined;
  const [id, setId] = useState('');
  const [name, setName] = useState(gateway?.name ?? '');
  const [region, setRegion] = useState(gateway?.regionSource === 'GIVEN' ? (gateway.region ?? '') : '');
  const [place, setPlace] = useState({
    lat: String(given?.lat ?? ''),
    lon: String(given?.lon ?? ''),
    alt: String(given?.alt ?? ''),
  });
  const [tried, setTried] = useState(false);
  const wanted = placeOf(place);
  const request = gateway
    ? { name, location: wanted ?? {}, region: region === '' ? null : region }
    : {
        ...{ id, ...(name !== '' && { name }), ...(wanted && { location: wanted }) },
        ...(region !== '' && { region }),
      };
  // An empty place has a form of its own, so what is typed is looked at alone.
  const looked = gateway ? { name, ...(wanted && { location: wanted }) } : request;
  const schema = gateway
    ? updateGatewayRequest.extend({ location: createGatewayRequest.shape.location })
    : createGatewayRequest;
  const problems = problemsOf(schema, looked, common('needed'));
  const fault = (path: string): string | undefined => (tried ? problems.get(path) : undefined);
  const save = useSaveGateway(gateway?.id, (saved) => onSaved(saved.id));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size === 0) save.mutate(request);
  };
  const title = gateway ? t('editOf', { name: gateway.name ?? gateway.id }) : t('newGateway');
  return (
    <SidePanel title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit} aria-label={title}>
        {!gateway && (
          <TextInput
            label="EUI"
            description={t('euiHint')}
            placeholder="AA555A0000000101"
            value={id}
            error={fault('id')}
            onChange={({ currentTarget }) => setId(currentTarget.value.trim().toUpperCase())}
            classNames={{ input: 'mono' }}
          />
        )}
        <TextInput
          label={t('name')}
          value={name}
          error={fault('name')}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Select
          label={t('region')}
          description={t('regionHint')}
          data={[{ value: '', label: t('regionAuto') }, ...loraRegions]}
          value={region}
          allowDeselect={false}
          onChange={(chosen) => setRegion(chosen ?? '')}
        />
        <fieldset className="stack">
          <legend>{t('place')}</legend>
          <p className="dimmed">{t('placeHint')}</p>
          {places.map((part) => (
            <TextInput
              key={part}
              label={t(part)}
              inputMode="decimal"
              value={place[part]}
              error={fault(`location.${part}`)}
              onChange={({ currentTarget }) => setPlace({ ...place, [part]: currentTarget.value.trim() })}
            />
          ))}
        </fieldset>
        <ActionError error={save.error} />
        <FormButtons
          submit={gateway ? common('save') : common('create')}
          needs="DEVICE_W"
          busy={save.isPending}
          onCancel={onClose}
        />
      </form>
      <AsCurl
        method={gateway ? 'PATCH' : 'POST'}
        path={gateway ? gatewayUrl(gateway.id) : gatewaysUrl}
        body={request}
      />
    </SidePanel>
  );
}

/** Undefined: nothing was typed. What is no number stays a text, which the schema refuses. */
function placeOf({ lat, lon, alt }: Record<(typeof places)[number], string>) {
  if (lat === '' && lon === '' && alt === '') return undefined;
  return { lat: numberIn(lat), lon: numberIn(lon), ...(alt !== '' && { alt: numberIn(alt) }) };
}

const numberIn = (text: string): number | string | undefined => {
  if (text === '') return undefined;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : text;
};
