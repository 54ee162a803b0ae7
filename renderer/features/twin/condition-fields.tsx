import { Select, TextInput } from '@mantine/core';
import { twinMetadataNames } from '../../../core/contract/twin.ts';
import { useText } from '../../i18n/use-text.ts';
import type { DraftCondition, MetadataName, OperationDraft } from './operation-draft.ts';

interface ConditionFieldsProps {
  readonly draft: OperationDraft;
  readonly fault: string | undefined;
  readonly onChange: (change: Partial<OperationDraft>) => void;
}

const changes = ['keep', 'set', 'unset'] as const;
const untouched: DraftCondition = { change: 'keep', text: '' };

/** When the device notifies: each condition is left as it is, set, or taken away. */
export function ConditionFields({ draft, fault, onChange }: ConditionFieldsProps) {
  const t = useText('twin');
  const set = (name: MetadataName, change: Partial<DraftCondition>): void =>
    onChange({
      conditions: { ...draft.conditions, [name]: { ...(draft.conditions[name] ?? untouched), ...change } },
    });
  return (
    <div className="stack">
      <p className="dimmed flat">{t('conditionsHint')}</p>
      {fault !== undefined && (
        <p className="field-error flat" role="alert">
          {fault}
        </p>
      )}
      {twinMetadataNames.map((name) => {
        const { change, text } = draft.conditions[name] ?? untouched;
        return (
          <div key={name} className="twin-condition">
            <Select
              label={t(`condition_${name}`)}
              allowDeselect={false}
              data={changes.map((value) => ({ value, label: t(`condition_${value}`) }))}
              value={change}
              onChange={(next) => set(name, { change: changes.find((each) => each === next) ?? 'keep' })}
            />
            {change === 'set' && (
              <TextInput
                aria-label={t('conditionValue', { name })}
                inputMode="decimal"
                value={text}
                onChange={({ currentTarget }) => set(name, { text: currentTarget.value })}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}
