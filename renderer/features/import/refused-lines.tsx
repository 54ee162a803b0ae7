import { useText } from '../../i18n/use-text.ts';

/** Why a line of a file made nothing. */
export interface RefusedLine {
  readonly line: number;
  /** What the line names, where it does. */
  readonly subject?: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly details?: string | undefined;
}

/** Lines of a file that were refused, and why, in full. */
export function RefusedLines({ lines, subject }: { lines: readonly RefusedLine[]; subject: string }) {
  const t = useText('import');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="import-errors" aria-label={t('errors')} tabIndex={0}>
      <table className="plain-table" aria-label={t('errors')}>
        <thead>
          <tr>
            <th scope="col" className="numeric">
              {t('line')}
            </th>
            <th scope="col">{subject}</th>
            <th scope="col">{t('why')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ line, subject: named, code, message, details }) => (
            <tr key={`${line} ${code}`}>
              <td className="numeric">{line}</td>
              <td className="mono">{named}</td>
              <td>
                {message} {details} <span className="code-line dimmed">{code}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
