import type { SmsAnswer } from '../../core/contract/simulated-sms.ts';
import type { Sfc32 } from '../generators/sfc32.ts';
import { textTemplate } from '../generators/text-template.ts';
import type { Turn } from '../generators/turn.ts';

/** An answer that a handset gives by itself. */
export interface GivenAnswer {
  readonly text: string;
  readonly delayMs: number;
}

/** One way to answer. It holds nothing of a handset. */
export interface AnswerMaker {
  /** @returns undefined when this message is not for it */
  answer(received: string, turn: Turn): GivenAnswer | undefined;
}

/** @throws PlatformError `api.invalidParameter` that says what is wrong and where */
export function answerMakers(answers: readonly SmsAnswer[]): AnswerMaker[] {
  return answers.map(answerMaker);
}

function answerMaker(settings: SmsAnswer): AnswerMaker {
  const textOf = textMaker(settings);
  return {
    answer(received, turn) {
      if (!takes(settings, received) || !isInShare(settings.share, turn.random)) return undefined;
      const { delayMs, spreadMs } = settings;
      const spread = spreadMs === 0 ? 0 : turn.random.fraction() * spreadMs;
      return { text: textOf(received, turn), delayMs: delayMs + spread };
    },
  };
}

function textMaker(settings: SmsAnswer): (received: string, turn: Turn) => string {
  if (settings.kind === 'echo') return (received) => settings.prefix + received;
  const make = textTemplate(settings.text);
  return (_received, turn) => make(turn);
}

/** A keyword is the beginning of a message, and no part of a longer word. */
function takes(settings: SmsAnswer, received: string): boolean {
  if (settings.kind !== 'keyword') return true;
  const text = received.trim().toLowerCase();
  const keyword = settings.keyword.toLowerCase();
  return text.startsWith(keyword) && !/^[\p{L}\p{N}]/u.test(text.slice(keyword.length));
}

const isInShare = (share: number, random: Sfc32): boolean => share >= 1 || random.fraction() < share;
