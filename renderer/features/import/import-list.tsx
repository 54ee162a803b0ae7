import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonIcon } from '../../ui/reason-icon.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { forgetImport, useImports } from './import-api.ts';
import { ImportStateMark } from './import-state.tsx';

interface ImportListProps {
  readonly opened: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
}

/** The imports that the platform remembers. */
export function ImportList({ opened, onOpen }: ImportListProps) {
  const t = useText('import');
  const language = usePreferences((state) => state.language);
  const queries = useQueryClient();
  const query = useImports();
  const forget = useMutation({
    mutationFn: forgetImport,
    onSuccess: (_, id) => {
      if (id === opened) onOpen(undefined);
      return queries.invalidateQueries({ queryKey: ['imports', 'list'] });
    },
  });
  return (
    <section className="page-part">
      <h2>{t('known')}</h2>
      <QueryView query={query} rows={3}>
        {(reports) =>
          reports.length === 0 ? (
            <p className="dimmed">{t('noneKnown')}</p>
          ) : (
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">{t('name')}</th>
                  <th scope="col">{t('kind')}</th>
                  <th scope="col">{t('state')}</th>
                  <th scope="col" className="numeric">
                    {t('created')}
                  </th>
                  <th scope="col" className="numeric">
                    {t('failed')}
                  </th>
                  <th scope="col">{t('started')}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {reports.map((report) => (
                  <tr key={report.id}>
                    <td>
                      <button type="button" className="link-button" onClick={() => onOpen(report.id)}>
                        {report.id}
                      </button>
                    </td>
                    <td>{t(report.dryRun ? 'check' : 'result')}</td>
                    <td>
                      <ImportStateMark report={report} />
                    </td>
                    <td className="numeric">{report.dryRun ? '–' : count(report.created, language)}</td>
                    <td className="numeric">{count(report.failed, language)}</td>
                    <td>
                      <TimeText time={report.started} form="full" />
                    </td>
                    <td>
                      {report.state !== 'running' && (
                        <ReasonIcon
                          label={t('forget', { id: report.id })}
                          needs="DEVICE_W"
                          onClick={() => forget.mutate(report.id)}
                        >
                          <IconTrash size={14} />
                        </ReasonIcon>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </QueryView>
      <ActionError error={forget.error} />
    </section>
  );
}
