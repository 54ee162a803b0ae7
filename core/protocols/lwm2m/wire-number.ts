import type { Integer } from './value.ts';

/** A whole number in a type of its own: JSON and CBOR tell 5 from 5.0, and JavaScript does not. */
export interface WireWhole {
  readonly whole: Integer;
}

/** A number as a format wrote it: whole, or with a fraction or exponent. */
export type WireNumber = WireWhole | number;

export const isWhole = (item: unknown): item is WireWhole =>
  typeof item === 'object' && item !== null && 'whole' in item;

export const isWireNumber = (item: unknown): item is WireNumber => typeof item === 'number' || isWhole(item);

/** The nearest number of JavaScript. */
export const toNumber = (number: WireNumber): number => (isWhole(number) ? Number(number.whole) : number);

/** The whole number that a number is, 5.0 included; undefined if it has a fraction or is not exact. */
export function toWhole(number: WireNumber): Integer | undefined {
  if (isWhole(number)) return number.whole;
  return Number.isSafeInteger(number) ? number : undefined;
}
