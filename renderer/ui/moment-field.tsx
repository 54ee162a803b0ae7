import { TextInput } from '@mantine/core';
import { useId } from 'react';
import { usePreferences } from '../app/preferences.ts';
import { fieldTime, instantOf, zoneAt } from '../format/time.ts';

interface MomentFieldProps {
  readonly label: string;
  readonly description?: string;
  /** ISO 8601; empty: none. */
  readonly value: string;
  readonly disabled?: boolean;
  readonly error?: string | false | undefined;
  /** ISO 8601 in UTC; empty when there is none. */
  readonly onChange: (value: string) => void;
}

/** A moment, written as all times of the portal are, in UTC or the time of this computer, with the zone beside it. */
export function MomentField({ label, description, value, disabled, error, onChange }: MomentFieldProps) {
  const utc = usePreferences((state) => state.utc);
  const zoneId = useId();
  return (
    <TextInput
      type="datetime-local"
      step={1}
      label={label}
      description={description}
      value={fieldTime(value, utc)}
      disabled={disabled ?? false}
      error={error}
      onChange={(event) => onChange(instantOf(event.currentTarget.value, utc) ?? '')}
      rightSection={
        <span id={zoneId} className="moment-zone">
          {zoneAt(value, utc)}
        </span>
      }
      rightSectionWidth={88}
      aria-describedby={zoneId}
    />
  );
}
