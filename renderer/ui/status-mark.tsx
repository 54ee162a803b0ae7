export type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'quiet';
type Shape = 'dot' | 'ring' | 'triangle' | 'square' | 'diamond';

const shapes: Readonly<Record<Shape, React.ReactNode>> = {
  dot: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  ring: <circle cx="5" cy="5" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  triangle: <path d="M5 0.8 9.6 9.2H0.4Z" fill="currentColor" />,
  square: <rect x="1" y="1" width="8" height="8" fill="currentColor" />,
  diamond: <path d="M5 0.4 9.6 5 5 9.6 0.4 5Z" fill="currentColor" />,
};

/** A state as a shape and a word; the colour only repeats them. */
export function StatusMark({ tone, shape, word }: { tone: Tone; shape?: Shape; word: string }) {
  const used =
    shape ?? ({ ok: 'dot', busy: 'diamond', warn: 'diamond', bad: 'triangle', quiet: 'ring' } as const)[tone];
  return (
    <span className={`status status-${tone}`}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        {shapes[used]}
      </svg>
      <span className="status-word">{word}</span>
    </span>
  );
}
