import type { ReactNode } from 'react';

/** Names of the lines of a chart, in the colours of the lines, with their last values. */
export function Legend({ entries }: { entries: readonly { label: string; value: ReactNode }[] }) {
  return (
    <ul className="legend">
      {entries.map(({ label, value }, index) => (
        <li key={label}>
          <span className="legend-line" style={{ background: `var(--fb-series-${index % 5})` }} aria-hidden />
          {label} <strong>{value}</strong>
        </li>
      ))}
    </ul>
  );
}
