import { CopyButton } from './copy-button.tsx';

/** Text to read exactly or to paste elsewhere. */
interface CodeBlockProps {
  readonly text: string;
  readonly what: string;
  /** What is copied, where that is not all of it. */
  readonly copies?: string;
  readonly wrap?: boolean;
}

export function CodeBlock({ text, what, copies = what, wrap = false }: CodeBlockProps) {
  return (
    <div className="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={wrap ? 'code-text code-wrap' : 'code-text'} aria-label={what} tabIndex={0}>
        {text}
      </section>
      <CopyButton text={text} what={copies} />
    </div>
  );
}
