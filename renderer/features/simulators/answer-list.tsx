import type { SmsAnswer } from '../../../core/contract/simulated-sms.ts';
import { duration } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';

/** What handsets answer by themselves, in words. */
export function AnswerList({ answers }: { answers: readonly SmsAnswer[] }) {
  const t = useText('answers');
  if (answers.length === 0) return <p className="flat dimmed">{t('empty')}</p>;
  return (
    <ol className="answers">
      {answers.map((answer, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is all that tells answers apart
        <Said key={place} answer={answer} />
      ))}
    </ol>
  );
}

function Said({ answer }: { answer: SmsAnswer }) {
  const t = useText('answers');
  const { kind, delayMs, spreadMs, share } = answer;
  const facts = [
    share < 1 && t('ofMessages', { share: Number((share * 100).toPrecision(3)) }),
    spreadMs > 0
      ? t('afterUpTo', { delay: duration(delayMs), most: duration(delayMs + spreadMs) })
      : delayMs > 0 && t('after', { delay: duration(delayMs) }),
  ].filter((fact) => fact !== false);
  return (
    <li>
      {kind === 'echo'
        ? t(answer.prefix === '' ? 'said_echo' : 'said_prefix', answer)
        : t(`said_${kind}`, answer)}{' '}
      {kind !== 'echo' && <span className="mono break">{answer.text}</span>}
      {facts.length > 0 && <span className="dimmed"> ({facts.join(', ')})</span>}
    </li>
  );
}
