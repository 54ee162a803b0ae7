import type { RawBuilder } from 'kysely';

/**
 * What the values of a field are: `text`; `label`, text that is compared as a number with a number; `path`, where
 * `/a/*` is `/a` and all below; `time` in milliseconds, written as ISO 8601; `flag`, 0 or 1, written `false` or
 * `true`; `choice`, one of a few texts.
 */
export type FieldType = 'text' | 'label' | 'path' | 'time' | 'flag' | 'choice';

/** A field that expressions may name: what it means in memory, and the same in SQL. */
export interface RsqlField<Item> {
  readonly type: FieldType;
  /** The values that a `choice` has. */
  readonly choices?: readonly string[];
  /** All values that an item has for it; a comparison needs one that fits. */
  values(item: Item): readonly (string | number)[];
  /** The condition that one of the item's values, a column, fulfils what `fits` asks. Never NULL. */
  where(fits: (columns: FieldColumns) => RawBuilder<boolean>): RawBuilder<boolean>;
}

export interface FieldColumns {
  readonly value: RawBuilder<unknown>;
  /** For a `label`: the value as a number, NULL where it is none. */
  readonly number?: RawBuilder<unknown>;
}

/** The fields of a kind of item. */
export interface RsqlFields<Item> {
  find(selector: string): RsqlField<Item> | undefined;
  /** Names of the fields, for who names another one. */
  readonly names: string;
}

/** The number that a text stands for, when it is one in the form of JSON; undefined otherwise. */
export function numberOf(text: string): number | undefined {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
