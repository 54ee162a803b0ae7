import type { RsqlOperator } from '../../../../core/contract/rsql/ast.ts';
import type { FieldType } from '../../../../core/contract/rsql/field-facts.ts';

const equal: readonly RsqlOperator[] = ['==', '!=', '=in=', '=out='];
const ordered: readonly RsqlOperator[] = ['=lt=', '=le=', '=gt=', '=ge='];

/** The operators that mean something for a field of this type. */
export const operatorsOf: Readonly<Record<FieldType, readonly RsqlOperator[]>> = {
  text: [...equal, '=re=', '=q='],
  label: [...equal, '=re=', ...ordered, '=q='],
  path: [...equal, '=re='],
  choice: equal,
  flag: ['==', '!='],
  time: ordered,
};

/** Keys of the operators' words. */
export const operatorWords = {
  '==': 'is',
  '!=': 'isNot',
  '=in=': 'isOneOf',
  '=out=': 'isNoneOf',
  '=re=': 'fits',
  '=lt=': 'less',
  '=le=': 'atMost',
  '=gt=': 'more',
  '=ge=': 'atLeast',
  '=q=': 'hasWords',
} as const satisfies Record<RsqlOperator, string>;
