import { useEffect, useRef } from 'react';
import type { SmsMessage } from '../../../core/contract/simulated-sms.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';

const tones: Readonly<Record<SmsMessage['state'], Tone>> = {
  sending: 'warn',
  sent: 'quiet',
  delivered: 'ok',
  failed: 'bad',
  received: 'ok',
};

/** The messages on the screen of a phone, as bubbles, the newest at the bottom and in sight. */
export function HandsetThread({ messages, isOff }: { messages: readonly SmsMessage[]; isOff: boolean }) {
  const t = useText('simulators');
  const end = useRef<HTMLLIElement>(null);
  const newest = messages.at(-1)?.id;
  useEffect(() => {
    if (newest !== undefined) end.current?.scrollIntoView?.({ block: 'nearest' });
  }, [newest]);
  if (isOff) return <p className="phone-screen phone-dark">{t('phoneIsOff')}</p>;
  if (messages.length === 0) return <p className="phone-screen dimmed">{t('noSms')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it too
    <ol className="phone-screen" aria-label={t('smsMessages')} tabIndex={0}>
      {messages.map((message) => (
        <Bubble key={message.id} message={message} />
      ))}
      <li ref={end} aria-hidden />
    </ol>
  );
}

function Bubble({ message }: { message: SmsMessage }) {
  const t = useText('simulators');
  const { direction, peer, text, encoding, segments, time, state, reason, automatic, hex } = message;
  return (
    <li className={`bubble bubble-${direction}`}>
      <span className="bubble-peer mono">{direction === 'sent' ? `→ ${peer}` : peer}</span>
      <span className={encoding === '8-bit' ? 'mono break' : 'bubble-text'} title={hex}>
        {text}
      </span>
      <span className="bubble-facts">
        <TimeText time={time} /> {encoding}
        {segments > 1 && `, ${t('smsSegments', { segments })}`}
        {automatic && `, ${t('smsAutomatic')}`}
        {direction === 'sent' && <StatusMark tone={tones[state]} word={t(`sms_${state}`)} />}
      </span>
      {reason !== undefined && <span className="reason">{reason}</span>}
    </li>
  );
}
