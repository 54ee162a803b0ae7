import { NumberInput, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceJson } from '../../../../core/contract/devices.ts';
import { api } from '../../../api/client.ts';
import { useText } from '../../../i18n/use-text.ts';
import { AsCurl } from '../../../ui/as-curl.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { problemBelow } from '../../../ui/form-problems.ts';
import { PlaceMap } from '../../../ui/map/place-map.tsx';
import { SidePanel } from '../../../ui/side-panel.tsx';
import { ActionError } from '../../../ui/view-states.tsx';
import { GroupChoice } from '../../groups/group-choice.tsx';
import { devicePath, devicesUrl, saveKey } from '../devices-api.ts';
import {
  changeOf,
  type DeviceForm,
  deviceProblems,
  placeOf,
  toDeviceForm,
  toNewDevice,
} from './device-form-model.ts';
import { PropertyFields } from './property-fields.tsx';

interface DeviceEditorProps {
  /** The device to change; none: a new one. */
  readonly device?: DeviceJson;
  readonly onClose: () => void;
  readonly onSaved: (device: DeviceJson) => void | Promise<void>;
}

/** Registers a device or changes what is known of it. */
export function DeviceEditor({ device: given, onClose, onSaved }: DeviceEditorProps) {
  // As it was when the form was opened: what changes meanwhile is not taken back by saving.
  const [device] = useState(given);
  const t = useText('deviceForm');
  const common = useText('common');
  const queries = useQueryClient();
  const [form, setForm] = useState<DeviceForm>(() => toDeviceForm(device));
  const change = (part: Partial<DeviceForm>): void => setForm({ ...form, ...part });
  const problems = deviceProblems(device, form, { needed: common('needed'), twice: t('twice') });
  const body = device ? changeOf(device, form) : toNewDevice(form);
  const place = placeOf(form);
  const untouched = device !== undefined && Object.keys(body).length === 0;
  const save = useMutation({
    mutationKey: saveKey(device?.id ?? ''),
    mutationFn: () =>
      device ? api.patch<DeviceJson>(devicePath(device.id), body) : api.post<DeviceJson>(devicesUrl, body),
    onSuccess: async (saved) => {
      // The page of another id first: what is shown is asked for again, and the old id is no device any more.
      await onSaved(saved);
      void queries.invalidateQueries({ queryKey: ['devices'] });
      void queries.invalidateQueries({ queryKey: ['groups'] });
    },
  });
  const path = device ? devicePath(device.id) : devicesUrl;
  const number = (name: 'lat' | 'lon' | 'alt', label: string) => (
    <NumberInput
      label={label}
      value={form[name]}
      decimalScale={8}
      hideControls
      error={problems.get(`staticLocation.${name}`)}
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <SidePanel title={device ? t('edit') : t('create')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (problems.size === 0 && !untouched) save.mutate();
        }}
      >
        <TextInput
          label={t('id')}
          description={t('idHint')}
          value={form.id}
          required
          error={form.id === '' ? undefined : problems.get('id')}
          onChange={(event) => change({ id: event.currentTarget.value.trim() })}
        />
        {device && form.id !== device.id && <NewIdNote device={device} />}
        <TextInput
          label={t('name')}
          value={form.name}
          error={problems.get('name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Textarea
          label={t('description')}
          autosize
          maxRows={6}
          value={form.description}
          error={problems.get('description')}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <GroupChoice label={t('group')} value={form.groupId} onChange={(groupId) => change({ groupId })} />
        <TagsInput
          label={t('tags')}
          value={[...form.tags]}
          error={problemBelow(problems, 'tags')}
          onChange={(tags) => change({ tags })}
          acceptValueOnBlur
        />
        <PropertyFields
          value={form.properties}
          problems={problems}
          onChange={(properties) => change({ properties })}
        />
        <fieldset className="form-part">
          <legend>{t('location')}</legend>
          <div className="three-fields">
            {number('lat', t('lat'))}
            {number('lon', t('lon'))}
            {number('alt', t('alt'))}
          </div>
          <PlaceMap places={place ? [{ ...place, name: t('location') }] : []} onPick={change} />
        </fieldset>
        <ActionError error={save.error} />
        <FormButtons
          needs="DEVICE_W"
          submit={device ? common('save') : common('create')}
          busy={save.isPending}
          disabled={problems.size > 0 || untouched}
          onCancel={onClose}
        />
        {!untouched && problems.size === 0 && (
          <AsCurl method={device ? 'PATCH' : 'POST'} path={path} body={body} />
        )}
      </form>
    </SidePanel>
  );
}

/** What another id means, before it is too late. */
function NewIdNote({ device }: { device: DeviceJson }) {
  const t = useText('deviceForm');
  return (
    <div className="note" role="status">
      <strong>{t('newId')}</strong>
      <ul>
        <li>{t('newIdStays', { stream: device.defaultDataStreamId ?? device.id })}</li>
        <li>{t('newIdMessages')}</li>
        <li>{t('newIdOthers')}</li>
      </ul>
    </div>
  );
}
