import type { ImportReport } from '../../../core/contract/imports.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { useImportErrors } from './import-api.ts';
import { RefusedLines } from './refused-lines.tsx';

/** Why lines of the file were refused; the first of them, when there are more. */
export function ImportErrors({ report }: { report: ImportReport }) {
  const t = useText('import');
  const query = useImportErrors(report);
  return (
    <QueryView query={query} rows={4}>
      {(errors) => (
        <>
          <RefusedLines
            lines={errors.map(({ deviceId, ...line }) => ({ ...line, subject: deviceId }))}
            subject={t('device')}
          />
          {report.failed > errors.length && (
            <p className="dimmed">{t('onlyFirst', { shown: errors.length, failed: report.failed })}</p>
          )}
        </>
      )}
    </QueryView>
  );
}
