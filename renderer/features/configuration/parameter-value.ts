import { type ConfigType, problemOfKey, problemOfValue } from '../../../core/contract/configuration.ts';
import { faultText } from '../../i18n/fault-text.ts';

/** A parameter as it is typed into a form. */
export interface ParameterDraft {
  readonly key: string;
  readonly type: ConfigType;
  readonly text: string;
}

const numbers: readonly ConfigType[] = ['INT32', 'UINT32', 'FLOAT'];

/** The value that a text stands for; a text that is no number stays what it is, and is refused. */
export function parameterValue({ type, text }: Pick<ParameterDraft, 'type' | 'text'>): string | number {
  const number = Number(text);
  return numbers.includes(type) && text.trim() !== '' && !Number.isNaN(number) ? number : text;
}

/** What is wrong with a draft, by the rules of the API; empty: nothing. */
export function problemsOf(draft: ParameterDraft): { key?: string; value?: string } {
  const key = problemOfKey(draft.key);
  const value = problemOfValue(draft.type, parameterValue(draft));
  return {
    ...(key !== undefined && { key: faultText(key) }),
    ...(value !== undefined && { value: faultText(value) }),
  };
}
