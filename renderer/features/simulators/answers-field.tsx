import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useText } from '../../i18n/use-text.ts';
import type { Problems } from '../../ui/form-problems.ts';
import { PartList } from '../../ui/part-list.tsx';
import { type AnswerDraft, answerKinds, newDraft } from './answer-draft.ts';

interface AnswersFieldProps {
  readonly answers: readonly AnswerDraft[];
  /** By `answers.0.text`. */
  readonly problems: Problems;
  readonly onChange: (answers: readonly AnswerDraft[]) => void;
  /** Of one handset, not of a fleet. */
  readonly isOne?: boolean;
}

/** What handsets answer by themselves: a list, of which the first that fits answers. */
export function AnswersField({ answers, problems, onChange, isOne = false }: AnswersFieldProps) {
  const t = useText('answers');
  const problem = problems.get('answers');
  return (
    <section className="stack" aria-label={t(isOne ? 'titleOne' : 'title')}>
      <div>
        <h3>{t(isOne ? 'titleOne' : 'title')}</h3>
        <p className="flat dimmed">{answers.length === 0 ? t('empty') : t('order')}</p>
      </div>
      <PartList
        parts={answers}
        onChange={onChange}
        nameOf={({ kind }, place) => t('name', { place, kind: t(`kind_${kind}`) })}
        words={{ up: t('up'), down: t('down'), remove: t('remove') }}
        add={(add) => (
          <>
            {problem !== undefined && (
              <p className="field-error" role="status">
                {problem}
              </p>
            )}
            <div className="buttons">
              <Button
                variant="default"
                leftSection={<IconPlus size={14} aria-hidden />}
                onClick={() => add(newDraft(answers))}
              >
                {t('add')}
              </Button>
            </div>
          </>
        )}
      >
        {(draft, place, change) => (
          <AnswerFields draft={draft} at={`answers.${place - 1}`} problems={problems} onChange={change} />
        )}
      </PartList>
    </section>
  );
}

interface AnswerFieldsProps {
  readonly draft: AnswerDraft;
  readonly at: string;
  readonly problems: Problems;
  readonly onChange: (draft: AnswerDraft) => void;
}

const places = '{{n}}, {{device}}, {{time}}, {{random 18 24.5}}';

function AnswerFields({ draft, at, problems, onChange }: AnswerFieldsProps) {
  const t = useText('answers');
  const change = (part: Partial<AnswerDraft>) => onChange({ ...draft, ...part });
  const number = (name: 'delayMs' | 'spreadMs' | 'share', label: string, step: number) => (
    <NumberInput
      label={label}
      value={draft[name]}
      min={0}
      step={step}
      clampBehavior="none"
      error={problems.get(`${at}.${name}`)}
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <>
      <Select
        label={t('kind')}
        data={answerKinds.map((value) => ({ value, label: t(`kind_${value}`) }))}
        value={draft.kind}
        allowDeselect={false}
        onChange={(kind) => change({ kind: kind as AnswerDraft['kind'] })}
      />
      {draft.kind === 'keyword' && (
        <TextInput
          label={t('keyword')}
          value={draft.keyword}
          error={problems.get(`${at}.keyword`)}
          onChange={(event) => change({ keyword: event.currentTarget.value })}
        />
      )}
      {draft.kind === 'echo' ? (
        <TextInput
          label={t('prefix')}
          value={draft.prefix}
          error={problems.get(`${at}.prefix`)}
          onChange={(event) => change({ prefix: event.currentTarget.value })}
        />
      ) : (
        <Textarea
          label={t('text')}
          description={t('textHint', { places })}
          value={draft.text}
          autosize
          maxRows={6}
          error={problems.get(`${at}.text`)}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      )}
      <div className="two-columns">
        {number('delayMs', t('delay'), 100)}
        {number('spreadMs', t('spread'), 100)}
      </div>
      {number('share', t('share'), 0.1)}
    </>
  );
}
