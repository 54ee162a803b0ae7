import { Button, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { addReading, lppTypes } from './lpp-readings.ts';

interface LppBuilderProps {
  /** The payload of the form, as JSON. */
  readonly payload: string;
  readonly onChange: (payload: string) => void;
}

/** Puts a Cayenne payload together, a reading at a time; what the values are is edited in the JSON below. */
export function LppBuilder({ payload, onChange }: LppBuilderProps) {
  const t = useText('simulators');
  const [type, setType] = useState<(typeof lppTypes)[number]>('temperature');
  const [channel, setChannel] = useState(2);
  return (
    <fieldset className="two-columns lpp-builder">
      <Select
        label={t('lppType')}
        data={lppTypes.map((value) => ({ value, label: t(`lpp_${value}`) }))}
        value={type}
        allowDeselect={false}
        onChange={(value) => setType(value as (typeof lppTypes)[number])}
      />
      <NumberInput
        label={t('lppChannel')}
        value={channel}
        min={0}
        max={255}
        onChange={(value) => setChannel(Number(value))}
      />
      <Button
        variant="default"
        onClick={() => {
          onChange(addReading(payload, type, channel));
          setChannel((before) => Math.min(255, before + 1));
        }}
      >
        {t('lppAdd')}
      </Button>
    </fieldset>
  );
}
