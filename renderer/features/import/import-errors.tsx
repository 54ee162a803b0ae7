import type { ImportReport } from '../../../core/contract/imports.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { useImportErrors } from './import-api.ts';

/** Why lines of the file were refused, in full. */
export function ImportErrors({ report }: { report: ImportReport }) {
  const t = useText('import');
  const query = useImportErrors(report);
  return (
    <QueryView query={query} rows={4}>
      {(errors) => (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className="import-errors" aria-label={t('errors')} tabIndex={0}>
            <table className="plain-table" aria-label={t('errors')}>
              <thead>
                <tr>
                  <th scope="col" className="numeric">
                    {t('line')}
                  </th>
                  <th scope="col">{t('device')}</th>
                  <th scope="col">{t('why')}</th>
                </tr>
              </thead>
              <tbody>
                {errors.map(({ line, deviceId, code, message, details }) => (
                  <tr key={`${line} ${code}`}>
                    <td className="numeric">{line}</td>
                    <td className="mono">{deviceId}</td>
                    <td>
                      {message} {details} <span className="code-line dimmed">{code}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {report.failed > errors.length && (
            <p className="dimmed">{t('onlyFirst', { shown: errors.length, failed: report.failed })}</p>
          )}
        </>
      )}
    </QueryView>
  );
}
