import { lazy, Suspense } from 'react';
import { useText } from '../i18n/use-text.ts';
import type { JsonEditorProps } from './json-editor-props.ts';
import { jsonFault } from './json-fault.ts';

const CodeEditor = lazy(() => import('./code-editor.tsx'));

/** Edits JSON, with its label above. The editor is loaded with the first one shown; says at once when the text is no JSON. */
export function JsonEditor(props: JsonEditorProps) {
  const t = useText('common');
  const reason = jsonFault(props.value);
  return (
    <div className="json-editor">
      <span className="field-label" aria-hidden>
        {props.label}
      </span>
      <Suspense fallback={<pre className="json-editor-wait">{props.value}</pre>}>
        <CodeEditor {...props} />
      </Suspense>
      {(reason ?? props.error) !== undefined && (
        <p className="field-error" role="status">
          {reason === undefined ? props.error : t('jsonInvalid', { reason })}
        </p>
      )}
    </div>
  );
}
