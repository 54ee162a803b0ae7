/**
 * What the values of a field are: `text`; `label`, text that is compared as a number with a number; `path`, where
 * `/a/*` is `/a` and all below; `time` in milliseconds, written as ISO 8601; `flag`, 0 or 1, written `false` or
 * `true`; `choice`, one of a few texts.
 */
export type FieldType = 'text' | 'label' | 'path' | 'time' | 'flag' | 'choice';

/** What an expression may ask of a field. */
export interface FieldFacts {
  readonly type: FieldType;
  /** The values that a `choice` has. */
  readonly choices?: readonly string[];
  /** The one form that some values of a `text` stand in; for them a comparison means its texts in that form. */
  readonly canonical?: (text: string) => string;
}

/** The fields of a kind of item. */
export interface FieldTable<Field extends FieldFacts = FieldFacts> {
  find(selector: string): Field | undefined;
  /** Names of the fields, for who names another one. */
  readonly names: string;
}

/** The number that a text stands for, when it is one in the form of JSON; undefined otherwise. */
export function numberOf(text: string): number | undefined {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
