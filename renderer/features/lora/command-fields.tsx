import { NumberInput, TextInput } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { dataIsRight, type LoraDraft, leastPort, mostPort } from './lora-draft.ts';

interface LoraCommandFieldsProps {
  readonly draft: LoraDraft;
  readonly onChange: (draft: LoraDraft) => void;
}

/** What a command over LoRa carries: bytes, and the port of the application that takes them. */
export function LoraCommandFields({ draft, onChange }: LoraCommandFieldsProps) {
  const t = useText('lora');
  return (
    <>
      <TextInput
        label={t('commandData')}
        placeholder="0A 30 F5"
        value={draft.data}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        error={draft.data !== '' && !dataIsRight(draft) && t('commandFault')}
        onChange={({ currentTarget }) => onChange({ ...draft, data: currentTarget.value })}
      />
      <NumberInput
        label={t('commandPort')}
        value={draft.port}
        min={leastPort}
        max={mostPort}
        allowDecimal={false}
        onChange={(port) => onChange({ ...draft, port })}
      />
    </>
  );
}
