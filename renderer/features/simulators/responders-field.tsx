import { Select } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { type Behaviour, behaviourNames, behaviours } from './behaviours.ts';

const asText = (name: Behaviour): string => JSON.stringify(behaviours[name], null, 2);

/** How the devices of a fleet respond: one of the ready ways, or one's own. */
export function RespondersField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}) {
  const t = useText('simulators');
  const known = behaviourNames.find((name) => sameJson(value, asText(name)));
  return (
    <div className="stack">
      <h3>{t('responders')}</h3>
      <Select
        label={t('behaviour')}
        data={behaviourNames.map((name) => ({ value: name, label: t(`behaviour_${name}`) }))}
        value={known ?? null}
        placeholder={t('behaviourOwn')}
        onChange={(name) => name !== null && onChange(asText(name as Behaviour))}
      />
      <JsonEditor label={t('respondersJson')} value={value} onChange={onChange} height={120} error={error} />
    </div>
  );
}

/** True when the texts say the same, apart from what has a default. */
function sameJson(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}
