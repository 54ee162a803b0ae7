import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { searchDevices } from './devices-api.ts';

interface DeviceChoiceProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (deviceId: string | null) => void;
  /** A device that cannot be chosen. */
  readonly except?: string;
}

/** One of all devices, found by a part of its id or name. */
export function DeviceChoice({ label, value, onChange, except }: DeviceChoiceProps) {
  const t = useText('devices');
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({
    queryKey: ['devices', 'search', asked],
    queryFn: ({ signal }) => searchDevices(asked, signal),
  });
  const data = (found.data ?? [])
    .filter(({ id }) => id !== except)
    .map(({ id, name }) => ({ value: id, label: name === undefined ? id : `${name}, ${id}` }));
  const known = value === null || data.some((each) => each.value === value);
  return (
    <Select
      label={label}
      placeholder={t('findDevice')}
      data={known ? data : [...data, { value, label: value }]}
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      // The platform has found them already, by id and by name.
      filter={({ options }) => options}
      error={found.isError ? found.error.message : undefined}
      nothingFoundMessage={t('noDeviceFound')}
      searchable
      clearable
    />
  );
}
