import { ActionIcon, Autocomplete, Select, TagsInput, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { deviceFilterTable } from '../../../../core/contract/device-filter-fields.ts';
import { type RsqlOperator, takesList } from '../../../../core/contract/rsql/ast.ts';
import { useText } from '../../../i18n/use-text.ts';
import { faultOf } from './check-filter.ts';
import { type ComparisonNode, isComplete, toComparison } from './filter-tree.ts';
import { operatorsOf, operatorWords } from './filter-words.ts';
import { useFieldNames, useFieldValues } from './use-completions.ts';

const valueHints: Partial<Record<RsqlOperator, 'wordsHint' | 'patternHint'>> = {
  '=q=': 'wordsHint',
  '=re=': 'patternHint',
};

interface ComparisonRowProps {
  readonly node: ComparisonNode;
  /** Its place, for a screen reader: `2`, `2.1`. */
  readonly place: string;
  readonly onChange: (node: ComparisonNode) => void;
  readonly onRemove: () => void;
}

/** A field, what it is compared by, and with what. */
export function ComparisonRow({ node, place, onChange, onRemove }: ComparisonRowProps) {
  const t = useText('filter');
  const names = useFieldNames();
  const facts = deviceFilterTable.find(node.selector);
  // What stands there already is offered too, or it would be lost unseen.
  const operators = [...new Set([...operatorsOf[facts?.type ?? 'text'], node.operator])];
  const choose = (selector: string): void => {
    const type = deviceFilterTable.find(selector)?.type ?? 'text';
    const kept = operatorsOf[type].includes(node.operator);
    const same = type === (facts?.type ?? 'text');
    const operator = kept ? node.operator : (operatorsOf[type][0] ?? '==');
    onChange({ ...node, selector, operator, values: same ? node.values : [] });
  };
  const fault = isComplete(node) ? faultOf(toComparison(node)) : undefined;
  return (
    <fieldset className="filter-row" aria-label={t('condition', { place })}>
      <Autocomplete
        aria-label={t('field', { place })}
        placeholder={t('fieldHint')}
        size="xs"
        data={names}
        value={node.selector}
        onChange={choose}
        spellCheck={false}
      />
      <Select
        aria-label={t('operator', { place })}
        data={operators.map((value) => ({ value, label: `${t(operatorWords[value])}  ${value}` }))}
        value={node.operator}
        allowDeselect={false}
        onChange={(operator) => operator && onChange({ ...node, operator: operator as RsqlOperator })}
      />
      <ValueField node={node} place={place} onChange={(values) => onChange({ ...node, values })} />
      <ActionIcon aria-label={t('remove', { place })} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
      {fault !== undefined && (
        <p className="field-error" role="status">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

interface ValueFieldProps {
  readonly node: ComparisonNode;
  readonly place: string;
  readonly onChange: (values: readonly string[]) => void;
}

/** The value, or the values, in the form that the field and the operator ask for. */
function ValueField({ node, place, onChange }: ValueFieldProps) {
  const t = useText('filter');
  const known = useFieldValues(node.selector);
  const facts = deviceFilterTable.find(node.selector);
  const label = t('value', { place });
  const choices = facts?.choices ?? (facts?.type === 'flag' ? ['true', 'false'] : undefined);
  const [value = ''] = node.values;
  const put = (next: string): void => onChange(next === '' ? [] : [next]);
  if (takesList(node.operator)) {
    return (
      <TagsInput
        aria-label={label}
        placeholder={node.values.length === 0 ? t('valuesHint') : ''}
        data={[...(choices ?? known)]}
        value={[...node.values]}
        onChange={onChange}
        acceptValueOnBlur
      />
    );
  }
  if (choices) {
    return (
      <Select
        aria-label={label}
        data={[...choices]}
        value={value === '' ? null : value}
        onChange={(next) => put(next ?? '')}
        placeholder={t('choose')}
      />
    );
  }
  if (facts?.type === 'time') {
    return (
      <TextInput
        aria-label={label}
        placeholder="2026-03-01T12:00:00Z"
        value={value}
        onChange={(event) => put(event.currentTarget.value)}
      />
    );
  }
  return (
    <Autocomplete
      aria-label={label}
      placeholder={t(valueHints[node.operator] ?? 'valueHint')}
      size="xs"
      data={known}
      limit={50}
      value={value}
      onChange={put}
      spellCheck={false}
    />
  );
}
