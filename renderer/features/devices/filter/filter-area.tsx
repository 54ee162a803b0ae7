import { Button, SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { printRsql } from '../../../../core/contract/rsql/print.ts';
import { useText } from '../../../i18n/use-text.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { readFilter } from './check-filter.ts';
import { FilterBuilder } from './filter-builder.tsx';
import { type JunctionNode, toExpression, toTree } from './filter-tree.ts';
import { RsqlEditor } from './rsql-editor.tsx';
import { splitFilter, wholeFilter } from './whole-filter.ts';

/** Typing is over after this. */
const settledMs = 300;

interface FilterAreaProps {
  /** The filter that the list has, in RSQL. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  /** Undefined where the area belongs to a form and stays. */
  readonly onClose?: () => void;
}

/** Makes a filter, by fields or as text: two forms of the same. */
export default function FilterArea({ filter, onFilter, onClose }: FilterAreaProps) {
  const t = useText('filter');
  const common = useText('common');
  const [text, setText] = useState(filter);
  const [tree, setTree] = useState<JunctionNode>(() => toTree(readFilter(filter).expression));
  const checked = readFilter(text);
  const fault = 'fault' in checked ? checked.fault : undefined;
  const isReadable = checked.expression !== undefined || text.trim() === '';
  const [mode, setMode] = useState<'fields' | 'text'>(isReadable ? 'fields' : 'text');
  /** What this area has told last: another filter in the address comes from elsewhere. */
  const told = useRef(filter);
  useEffect(() => {
    // Told in another order it is the same filter, and what is being built stays.
    if (filter === told.current || filter === wholeFilter(splitFilter(told.current))) return;
    told.current = filter;
    setText(filter);
    setTree(toTree(readFilter(filter).expression));
  }, [filter]);
  useEffect(() => {
    if (fault || text === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = text;
      onFilter(text);
    }, settledMs);
    return () => clearTimeout(timer);
  }, [text, fault, onFilter]);
  const build = (next: JunctionNode): void => {
    setTree(next);
    const expression = toExpression(next);
    setText(expression ? printRsql(expression) : '');
  };
  return (
    <section className="filter-area" aria-label={t('title')}>
      <div className="buttons">
        <SegmentedControl
          aria-label={t('form')}
          data={[
            { value: 'fields', label: t('byFields'), disabled: !isReadable },
            { value: 'text', label: t('asText') },
          ]}
          value={mode}
          onChange={(next) => {
            if (next === 'fields') setTree(toTree(checked.expression));
            setMode(next as 'fields' | 'text');
          }}
        />
        {fault && <span className="reason">{t('notApplied')}</span>}
        <span className="spring" />
        <Button
          variant="subtle"
          disabled={text === ''}
          onClick={() => {
            setText('');
            setTree(toTree(undefined));
          }}
        >
          {t('clear')}
        </Button>
        {onClose && (
          <Button variant="default" onClick={onClose}>
            {common('close')}
          </Button>
        )}
      </div>
      {mode === 'text' ? (
        <RsqlEditor text={text} fault={fault} onChange={setText} />
      ) : (
        <>
          <FilterBuilder tree={tree} onChange={build} />
          {text !== '' && (
            <div className="filter-said">
              <code>{text}</code>
              <CopyButton text={text} what={t('rsql')} />
            </div>
          )}
        </>
      )}
    </section>
  );
}
