import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type SmsAnswer, smsAction } from '../../../core/contract/simulated-sms.ts';
import type { SimulatedDeviceDetails } from '../../../core/contract/simulators.ts';
import { useText } from '../../i18n/use-text.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { type AnswerDraft, toAnswer, toDrafts } from './answer-draft.ts';
import { AnswerList } from './answer-list.tsx';
import { AnswersField } from './answers-field.tsx';
import { actOn, useRefreshDevice } from './simulators-api.ts';

interface HandsetAnswersProps {
  readonly fleetId: string;
  readonly device: SimulatedDeviceDetails;
  readonly answers: readonly SmsAnswer[];
}

/** How one handset answers by itself, and a form for it to answer in another way. */
export function HandsetAnswers({ fleetId, device, answers }: HandsetAnswersProps) {
  const t = useText('answers');
  const [drafts, setDrafts] = useState<readonly AnswerDraft[]>();
  const [isSaved, setSaved] = useState(false);
  const part = useRef<HTMLDivElement>(null);
  const isEdited = drafts !== undefined;
  const wasEdited = useRef(isEdited);
  // The button that was pressed is gone: whoever uses the keyboard goes on from the beginning of this part.
  useEffect(() => {
    if (wasEdited.current !== isEdited) part.current?.focus();
    wasEdited.current = isEdited;
  }, [isEdited]);
  const end = (saved: boolean): void => {
    setDrafts(undefined);
    setSaved(saved);
  };
  return (
    <div ref={part} tabIndex={-1}>
      {drafts ? (
        <AnswersForm
          fleetId={fleetId}
          number={device.number}
          drafts={drafts}
          onChange={setDrafts}
          onEnd={end}
        />
      ) : (
        <section className="stack" aria-label={t('titleOne')}>
          <h3>{t('titleOne')}</h3>
          <AnswerList answers={answers} />
          <div className="buttons">
            <ReasonButton
              needs="DEVICE_W"
              variant="default"
              disabled={device.state === 'stopped'}
              onClick={() => setDrafts(toDrafts(answers))}
            >
              {t('edit')}
            </ReasonButton>
            <span role="status" className="dimmed">
              {isSaved && t('saved')}
            </span>
          </div>
        </section>
      )}
    </div>
  );
}

interface AnswersFormProps {
  readonly fleetId: string;
  readonly number: number;
  readonly drafts: readonly AnswerDraft[];
  readonly onChange: (drafts: readonly AnswerDraft[]) => void;
  readonly onEnd: (saved: boolean) => void;
}

function AnswersForm({ fleetId, number, drafts, onChange, onEnd }: AnswersFormProps) {
  const common = useText('common');
  const refresh = useRefreshDevice(fleetId);
  const action = { action: 'setAnswers', answers: drafts.map(toAnswer) };
  const problems = problemsOf(smsAction, action, common('needed'));
  const save = useMutation({
    mutationFn: () => actOn(fleetId, number, smsAction.parse(action)),
    onSuccess: async () => {
      await refresh();
      onEnd(true);
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <AnswersField answers={drafts} problems={problems} onChange={onChange} isOne />
      <ActionError error={save.error} />
      <FormButtons
        submit={common('save')}
        needs="DEVICE_W"
        busy={save.isPending}
        disabled={problems.size > 0}
        onCancel={() => onEnd(false)}
      />
    </form>
  );
}
