import { Button, Progress } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ImportReport } from '../../../core/contract/imports.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ActionError } from '../../ui/view-states.tsx';
import { cancelImport, getImportErrors, useImport } from './import-api.ts';
import { ImportErrors } from './import-errors.tsx';
import { importLog } from './import-log.ts';
import { ImportStateMark } from './import-state.tsx';

interface ImportReportViewProps {
  readonly id: string;
  /** True while the file is being sent from here. */
  readonly starting: boolean;
  /** Imports the file that was only looked at; undefined when it is not at hand. */
  readonly onImport: (() => void) | undefined;
}

/** How far an import is, how it ended, and why lines were refused. */
export function ImportReportView({ id, starting, onImport }: ImportReportViewProps) {
  const query = useImport(id, starting);
  return (
    <QueryView query={query} rows={3}>
      {(report) => report && <Report report={report} onImport={onImport} />}
    </QueryView>
  );
}

function Report({ report, onImport }: { report: ImportReport; onImport: (() => void) | undefined }) {
  const t = useText('import');
  const common = useText('common');
  const language = usePreferences((state) => state.language);
  const cancel = useMutation({ mutationFn: () => cancelImport(report.id) });
  const log = useMutation({
    mutationFn: async () => {
      const text = importLog(report, await getImportErrors(report.id));
      saveFile(`${report.id}.csv`, new Blob([text], { type: 'text/csv' }));
    },
  });
  const { state, dryRun, created, skipped, failed, groupsCreated, records, bytesRead, totalBytes } = report;
  const figures: [string, number][] = [
    [t('records'), records],
    [t(dryRun ? 'wouldCreate' : 'created'), created],
    [t('skipped'), skipped],
    [t('failed'), failed],
    [t(dryRun ? 'wouldCreateGroups' : 'groupsCreated'), groupsCreated],
  ];
  const isRunning = state === 'running';
  const share = totalBytes ? (100 * bytesRead) / totalBytes : 0;
  return (
    <section className="page-part" aria-label={t(dryRun ? 'check' : 'result')}>
      <h2 className="part-title">
        <span role="status" className="inline">
          {t(dryRun ? 'check' : 'result')} <ImportStateMark report={report} />
        </span>
        <span className="buttons">
          {isRunning && (
            <ReasonButton
              needs="DEVICE_W"
              variant="default"
              loading={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              {common('cancel')}
            </ReasonButton>
          )}
          {!isRunning && (
            <Button
              variant="default"
              leftSection={<IconDownload size={14} aria-hidden />}
              loading={log.isPending}
              onClick={() => log.mutate()}
            >
              {t('log')}
            </Button>
          )}
          {dryRun && !isRunning && onImport && created > 0 && (
            <ReasonButton needs="DEVICE_W" onClick={onImport}>
              {t('importDo', { count: created, total: count(created, language) })}
            </ReasonButton>
          )}
        </span>
      </h2>
      {isRunning && <Progress value={share} size="sm" aria-label={t('progress')} />}
      <dl className="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count(value, language)}</dd>
          </div>
        ))}
      </dl>
      {report.reason !== undefined && (
        <p className="why" role="note">
          {report.reason}
        </p>
      )}
      {dryRun && !isRunning && failed > 0 && created > 0 && <p className="dimmed">{t('othersGo')}</p>}
      <ActionError error={cancel.error ?? log.error} />
      {failed > 0 && <ImportErrors report={report} />}
    </section>
  );
}
