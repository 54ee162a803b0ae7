import { json } from '@codemirror/lang-json';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useRef } from 'react';
import type { JsonEditorProps } from './json-editor-props.ts';

const look = EditorView.theme({
  '&': { fontSize: '12px', backgroundColor: 'var(--fb-code)', color: 'inherit' },
  '.cm-gutters': { backgroundColor: 'var(--fb-code)', color: 'var(--fb-quiet)', border: 'none' },
  '.cm-content': { fontFamily: 'var(--mantine-font-family-monospace)', caretColor: 'currentColor' },
  '.cm-cursor': { borderLeftColor: 'currentColor' },
  '&.cm-focused': { outline: '2px solid var(--fb-focus)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  // The colours of the library are made for a white ground only.
  '.cm-line span': { color: 'inherit !important' },
});

export default function CodeEditor({ label, value, onChange, height = 160 }: JsonEditorProps) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const tell = useRef(onChange);
  tell.current = onChange;
  const first = useRef({ value, label, height });
  useEffect(() => {
    if (!holder.current) return undefined;
    const made = new EditorView({
      doc: first.current.value,
      parent: holder.current,
      extensions: [
        basicSetup,
        json(),
        look,
        EditorView.lineWrapping,
        EditorView.theme({ '.cm-scroller': { minHeight: `${first.current.height}px`, maxHeight: '50vh' } }),
        EditorView.contentAttributes.of({ 'aria-label': first.current.label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) tell.current(update.state.doc.toString());
        }),
      ],
    });
    view.current = made;
    // What scrolls must be reachable by keyboard.
    made.scrollDOM.tabIndex = 0;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    const now = view.current?.state.doc.toString();
    if (now !== undefined && now !== value) {
      view.current?.dispatch({ changes: { from: 0, to: now.length, insert: value } });
    }
  }, [value]);
  return <div ref={holder} />;
}
