import type { RawBuilder } from 'kysely';
import type { FieldFacts, FieldTable } from '../contract/rsql/field-facts.ts';
import type { ValueTest } from '../contract/rsql/resolve.ts';

/** A field that expressions may name: what it means in memory, and the same in SQL. */
export interface RsqlField<Item> extends FieldFacts {
  /** All values that an item has for it; a comparison needs one that fits. */
  values(item: Item): readonly (string | number)[];
  /** Those of them that stand in the canonical form. */
  canonicalValues?(item: Item): readonly (string | number)[];
  /** The condition that one of the item's values, a column, passes one of the tests. Never NULL. */
  where(comparison: FieldTests): RawBuilder<boolean>;
}

/** What the values of a field are compared with. */
export interface FieldTests {
  readonly tests: readonly ValueTest[];
  /** A column passes one of the tests. */
  readonly fits: (columns: FieldColumns) => RawBuilder<boolean>;
  /** A column of values in the canonical form passes. */
  readonly fitsCanonical: (columns: FieldColumns) => RawBuilder<boolean>;
}

export interface FieldColumns {
  readonly value: RawBuilder<unknown>;
  /** For a `label`: the value as a number, NULL where it is none. */
  readonly number?: RawBuilder<unknown>;
}

/** The fields of a kind of item. */
export type RsqlFields<Item> = FieldTable<RsqlField<Item>>;
