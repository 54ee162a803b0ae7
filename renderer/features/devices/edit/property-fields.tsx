import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useText } from '../../../i18n/use-text.ts';
import type { Problems } from '../../../ui/form-problems.ts';
import type { DeviceForm } from './device-form-model.ts';

type Properties = DeviceForm['properties'];

/** Names and values, one line each. */
export function PropertyFields(props: {
  value: Properties;
  onChange: (value: Properties) => void;
  problems: Problems;
}) {
  const t = useText('deviceForm');
  const { value, onChange, problems } = props;
  const holder = useRef<HTMLFieldSetElement>(null);
  const put = (at: number, change: Partial<Properties[number]>): void =>
    onChange(value.map((each, index) => (index === at ? { ...each, ...change } : each)));
  const add = (): void => {
    onChange([...value, { name: '', value: '' }]);
    // The new line is there after the next drawing.
    requestAnimationFrame(() =>
      holder.current?.querySelector<HTMLInputElement>('.property-line:last-of-type input')?.focus(),
    );
  };
  return (
    <fieldset ref={holder} className="form-part">
      <legend>{t('properties')}</legend>
      {value.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place; its name is being typed
        <div key={index} className="property-line">
          <TextInput
            aria-label={t('propertyName', { number: index + 1 })}
            placeholder={t('name')}
            value={each.name}
            error={problems.get(`properties.${each.name}`)}
            onChange={(event) => put(index, { name: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t('propertyValue', { number: index + 1 })}
            placeholder={t('value')}
            value={each.value}
            onChange={(event) => put(index, { value: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={t('removeProperty', { name: each.name || index + 1 })}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<IconPlus size={12} aria-hidden />}
        onClick={add}
      >
        {t('addProperty')}
      </Button>
    </fieldset>
  );
}
