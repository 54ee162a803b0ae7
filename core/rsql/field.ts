import type { RawBuilder } from 'kysely';
import type { FieldFacts, FieldTable } from '../contract/rsql/field-facts.ts';

/** A field that expressions may name: what it means in memory, and the same in SQL. */
export interface RsqlField<Item> extends FieldFacts {
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
export type RsqlFields<Item> = FieldTable<RsqlField<Item>>;
