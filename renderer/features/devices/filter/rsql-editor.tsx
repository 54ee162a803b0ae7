import { useId } from 'react';
import { useText } from '../../../i18n/use-text.ts';
import type { FilterFault } from './check-filter.ts';

interface RsqlEditorProps {
  readonly text: string;
  readonly fault: FilterFault | undefined;
  readonly onChange: (text: string) => void;
}

/** RSQL as text, with what does not fit underlined where it stands. */
export function RsqlEditor({ text, fault, onChange }: RsqlEditorProps) {
  const t = useText('filter');
  const reason = useId();
  const { from = text.length, to = text.length } = fault ?? {};
  return (
    <div>
      {/* The same text lies under the field, letter below letter, and carries the mark. */}
      <div className="rsql">
        <pre aria-hidden="true" className="rsql-under">
          {text.slice(0, from)}
          {fault && <mark>{text.slice(from, to) || ' '}</mark>}
          {text.slice(to)}{' '}
        </pre>
        <textarea
          className="rsql-text"
          aria-label={t('rsql')}
          aria-invalid={fault !== undefined}
          aria-describedby={fault && reason}
          placeholder="groupPath==/france/*;(tags==pump,property.site=in=(north,south))"
          spellCheck={false}
          autoCapitalize="off"
          rows={1}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value.replaceAll('\n', ' '))}
        />
      </div>
      {fault && (
        <p id={reason} className="field-error" role="status">
          {fault.message}
        </p>
      )}
    </div>
  );
}
