import { Select, TextInput } from '@mantine/core';
import { ackModes, policyBounds } from '../../../core/contract/commands.ts';
import { useText } from '../../i18n/use-text.ts';
import { type CheckedPolicy, type PolicyDraft, policyNumbers } from './policy-draft.ts';

interface PolicyFieldsProps {
  readonly draft: PolicyDraft;
  readonly problems: CheckedPolicy['problems'];
  readonly onChange: (draft: PolicyDraft) => void;
}

/** How long and how often a command is tried; what is left empty is as the platform has it. */
export function PolicyFields({ draft, problems, onChange }: PolicyFieldsProps) {
  const t = useText('commands');
  return (
    <div className="stack">
      <Select
        label={t('ackMode')}
        description={t('ackModeHint')}
        data={[...ackModes]}
        value={draft.ackMode ?? null}
        placeholder={t('byDefault')}
        clearable
        onChange={(next) => onChange({ ...draft, ackMode: ackModes.find((mode) => mode === next) })}
      />
      {policyNumbers.map((name) => {
        const { [name]: problem } = problems;
        const { min, max } = policyBounds[name];
        return (
          <TextInput
            key={name}
            label={t(name)}
            inputMode="numeric"
            placeholder={t('byDefault')}
            value={draft.numbers[name] ?? ''}
            error={problem && t(problem, { min, max })}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...draft, numbers: { ...draft.numbers, [name]: value } })
            }
          />
        );
      })}
    </div>
  );
}
