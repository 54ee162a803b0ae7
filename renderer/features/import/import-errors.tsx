import { useMemo } from 'react';
import type { ImportError, ImportReport } from '../../../core/contract/imports.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { useImportErrors } from './import-api.ts';

const rowKey = ({ line, code }: ImportError): string => `${line} ${code}`;

/** Why lines of the file were refused. */
export function ImportErrors({ report }: { report: ImportReport }) {
  const t = useText('import');
  const query = useImportErrors(report);
  const columns = useMemo<Column<ImportError>[]>(
    () => [
      { id: 'line', header: t('line'), width: '80px', numeric: true, cell: ({ line }) => line },
      {
        id: 'device',
        header: t('device'),
        width: 'minmax(180px, 1fr)',
        cell: ({ deviceId }) => (
          <span className="ellipsis mono" title={deviceId}>
            {deviceId}
          </span>
        ),
      },
      {
        id: 'why',
        header: t('why'),
        width: 'minmax(300px, 3fr)',
        cell: ({ message, details, code }) => (
          <span className="ellipsis" title={`${message} ${details ?? ''}\n${code}`}>
            {details ?? message}
          </span>
        ),
      },
      {
        id: 'code',
        header: t('code'),
        width: 'minmax(140px, 1fr)',
        cell: ({ code }) => (
          <span className="ellipsis mono" title={code}>
            {code}
          </span>
        ),
      },
    ],
    [t],
  );
  return (
    <QueryView query={query} rows={4}>
      {(errors) => (
        <>
          <div className="import-errors">
            <VirtualTable label={t('errors')} rows={errors} columns={columns} rowKey={rowKey} />
          </div>
          {report.failed > errors.length && (
            <p className="dimmed">{t('onlyFirst', { shown: errors.length, failed: report.failed })}</p>
          )}
        </>
      )}
    </QueryView>
  );
}
