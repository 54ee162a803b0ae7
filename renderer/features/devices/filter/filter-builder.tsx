import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useText } from '../../../i18n/use-text.ts';
import { ComparisonRow } from './comparison-row.tsx';
import { changeNode, type JunctionNode, newComparison, newJunction } from './filter-tree.ts';

interface FilterBuilderProps {
  readonly tree: JunctionNode;
  readonly onChange: (tree: JunctionNode) => void;
}

/** A filter by fields, without its language. */
export function FilterBuilder({ tree, onChange }: FilterBuilderProps) {
  return <Junction node={tree} place="" tree={tree} onChange={onChange} />;
}

interface JunctionProps extends FilterBuilderProps {
  readonly node: JunctionNode;
  readonly place: string;
}

/** Conditions of which all, or any, must hold; groups within groups. */
function Junction({ node, place, tree, onChange }: JunctionProps) {
  const t = useText('filter');
  const put = (next: JunctionNode): void => onChange(changeNode(tree, node.key, () => next));
  const add = (operand: JunctionNode['operands'][number]): void =>
    put({ ...node, operands: [...node.operands, operand] });
  const isTop = place === '';
  const name = isTop ? t('whole') : t('groupAt', { place });
  return (
    <fieldset className={isTop ? 'filter-group filter-top' : 'filter-group'} aria-label={name}>
      <div className="inline">
        <SegmentedControl
          aria-label={t('junction', { name })}
          data={[
            { value: 'and', label: t('all') },
            { value: 'or', label: t('any') },
          ]}
          value={node.kind}
          onChange={(kind) => put({ ...node, kind: kind as 'and' | 'or' })}
        />
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={() => add(newComparison())}
        >
          {t('addCondition')}
        </Button>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={() => add(newJunction(node.kind === 'and' ? 'or' : 'and', newComparison()))}
        >
          {t('addGroup')}
        </Button>
        {!isTop && (
          <ActionIcon
            aria-label={t('removeGroup', { place })}
            onClick={() => onChange(changeNode(tree, node.key, () => undefined))}
          >
            <IconX size={14} />
          </ActionIcon>
        )}
      </div>
      {node.operands.map((operand, index) => {
        const at = isTop ? String(index + 1) : `${place}.${index + 1}`;
        return operand.kind === 'comparison' ? (
          <ComparisonRow
            key={operand.key}
            node={operand}
            place={at}
            onChange={(next) => onChange(changeNode(tree, operand.key, () => next))}
            onRemove={() => onChange(changeNode(tree, operand.key, () => undefined))}
          />
        ) : (
          <Junction key={operand.key} node={operand} place={at} tree={tree} onChange={onChange} />
        );
      })}
    </fieldset>
  );
}
