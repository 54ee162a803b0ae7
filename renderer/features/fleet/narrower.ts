import { comparisonOf, narrowed } from '../devices/filter/whole-filter.ts';

/** The filter that lets through what another does, of which the field has the value. */
export const narrower = (rsql: string, selector: string, value: string): string =>
  narrowed(rsql, [comparisonOf(selector, [value])]);
