import type { TraceStep } from '../../../core/contract/trace.ts';
import { duration } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';

const tones: Readonly<Record<TraceStep['outcome'], Tone>> = {
  ok: 'ok',
  rejected: 'bad',
  dropped: 'warn',
  failed: 'bad',
};

/** The way of a message as a path: each stage with its outcome, its reason and the time it took. */
export function TracePath({ steps }: { steps: readonly TraceStep[] }) {
  const t = useText('messages');
  const common = useText('common');
  return (
    <ol className="trace">
      {steps.map((step, index) => {
        const spentMs = step.afterMs - (steps[index - 1]?.afterMs ?? 0);
        return (
          <li
            key={`${step.stage} ${step.afterMs} ${step.reason}`}
            className={`trace-step trace-${step.outcome}`}
          >
            <div className="trace-title">
              <strong>{t(`stage_${step.stage}`)}</strong>
              <StatusMark tone={tones[step.outcome]} word={common(`outcome_${step.outcome}`)} />
              <span className="trace-time">
                {index > 0 && <span title={`+${duration(step.afterMs)}`}>+{duration(spentMs)}</span>}
                <TimeText time={step.time} />
              </span>
            </div>
            <p>{step.reason}</p>
          </li>
        );
      })}
    </ol>
  );
}
