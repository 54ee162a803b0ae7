import { CopyButton } from './copy-button.tsx';

/** Text to read exactly or to paste elsewhere. */
export function CodeBlock({ text, what, wrap = false }: { text: string; what: string; wrap?: boolean }) {
  return (
    <div className="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={wrap ? 'code-text code-wrap' : 'code-text'} aria-label={what} tabIndex={0}>
        {text}
      </section>
      <CopyButton text={text} what={what} />
    </div>
  );
}
