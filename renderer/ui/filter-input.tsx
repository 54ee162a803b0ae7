import { CloseButton, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';

/** How much wider it gets where there is room. */
const roomFactor = 1.4;

interface FilterInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon?: ReactNode;
  readonly width?: number;
}

/** A text filter that waits for the end of typing. */
export function FilterInput({ label, value, onChange, icon, width = 180 }: FilterInputProps) {
  const [typed, setTyped] = useState(value);
  /** What was told last: it may come back in another form, and is not told again for that. */
  const told = useRef(value);
  useEffect(() => {
    told.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === value || typed === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed;
      onChange(typed);
    }, 250);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      value={typed}
      style={{ flex: `1 1 ${width}px`, maxWidth: width * roomFactor }}
      leftSection={icon}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(typed);
        if (event.key === 'Escape' && typed !== '') {
          setTyped('');
          onChange('');
        }
      }}
      rightSection={
        typed === '' ? null : (
          <CloseButton
            size="xs"
            aria-label={`${label} ×`}
            onClick={() => {
              setTyped('');
              onChange('');
            }}
          />
        )
      }
    />
  );
}
