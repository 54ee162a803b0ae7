import type { SmsAnswer } from '../../../core/contract/simulated-sms.ts';

export const answerKinds = ['keyword', 'text', 'echo'] as const satisfies readonly SmsAnswer['kind'][];

/** An answer as the form holds it: with the fields of every kind, so that none is lost while one looks at another. */
export interface AnswerDraft {
  /** Its own among the answers of a list. */
  readonly key: number;
  readonly kind: SmsAnswer['kind'];
  readonly keyword: string;
  readonly text: string;
  readonly prefix: string;
  /** As typed: a text while it is no number. */
  readonly delayMs: number | string;
  readonly spreadMs: number | string;
  readonly share: number | string;
}

const empty = { keyword: '', text: '', prefix: '' };

export const toDrafts = (answers: readonly SmsAnswer[]): AnswerDraft[] =>
  answers.map((answer, key) => ({ ...empty, ...answer, key }));

export const newDraft = (beside: readonly AnswerDraft[]): AnswerDraft => ({
  ...{ ...empty, key: Math.max(-1, ...beside.map(({ key }) => key)) + 1, kind: 'keyword' },
  ...{ delayMs: 0, spreadMs: 0, share: 1 },
});

/** What the API gets; what of it does not fit is for the schema to say. */
export function toAnswer(draft: AnswerDraft): object {
  const { kind, keyword, text, prefix } = draft;
  const own = { echo: { prefix }, keyword: { keyword, text }, text: { text } }[kind];
  const { delayMs, spreadMs, share } = draft;
  return { kind, ...own, delayMs: typed(delayMs), spreadMs: typed(spreadMs), share: typed(share) };
}

/** @returns null for an emptied field: nothing is not 0 */
const typed = (value: number | string): number | null => (value === '' ? null : Number(value));
