import { deviceFilterTable } from '../../../../core/contract/device-filter-fields.ts';
import type { RsqlExpression } from '../../../../core/contract/rsql/ast.ts';
import { parseRsql } from '../../../../core/contract/rsql/parse.ts';
import { resolveRsql } from '../../../../core/contract/rsql/resolve.ts';
import { RsqlError } from '../../../../core/contract/rsql/rsql-error.ts';

/** What of a filter does not fit. */
export interface FilterFault {
  readonly message: string;
  /** The characters it is about; undefined when it is about no place in a text. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export type CheckedFilter =
  | { readonly expression: RsqlExpression | undefined }
  | { readonly fault: FilterFault; readonly expression: RsqlExpression | undefined };

/** Reads a filter as the platform does, with the same words for what does not fit. Nothing is no filter. */
export function readFilter(text: string): CheckedFilter {
  if (text.trim() === '') return { expression: undefined };
  let expression: RsqlExpression | undefined;
  try {
    expression = parseRsql(text);
    resolveRsql(expression, deviceFilterTable);
    return { expression };
  } catch (error) {
    if (!(error instanceof RsqlError)) throw error;
    const from = error.offset;
    return {
      expression,
      fault: { message: error.message, from, to: from === undefined ? undefined : endOf(text, from) },
    };
  }
}

/** Why a comparison that was built does not fit; undefined when it does. */
export function faultOf(expression: RsqlExpression): string | undefined {
  try {
    resolveRsql(expression, deviceFilterTable);
    return undefined;
  } catch (error) {
    if (error instanceof RsqlError) return error.message;
    throw error;
  }
}

/** The end of the word that begins there; of a single character where none does. */
function endOf(text: string, from: number): number {
  const word = /^[^\s;,()]+/.exec(text.slice(from));
  return from + (word?.[0].length ?? 1);
}
