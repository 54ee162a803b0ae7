import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EntryImportReport } from '../../../core/contract/bootstrap/imports.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { DropZone } from '../import/drop-zone.tsx';
import { RefusedLines } from '../import/refused-lines.tsx';
import { importEntries } from './bootstrap-api.ts';

const columns = [
  'endpointName',
  'pskInfo.identity',
  'pskInfo.secret',
  'bootstrapConfigId',
  'runServers.id',
  'runServers.security.pskInfo.identity',
  'runServers.security.pskInfo.secret',
];

/** Takes a CSV file of entries: it is looked at first, and nothing is made before somebody says so. */
export function ImportEntries({ onClose }: { onClose: () => void }) {
  const t = useText('bootstrap');
  const language = usePreferences((state) => state.language);
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const run = useMutation({
    mutationFn: ({ chosen, dryRun }: { chosen: File; dryRun: boolean }) => importEntries(chosen, dryRun),
    onSettled: () => queries.invalidateQueries({ queryKey: ['bootstrap'] }),
  });
  const take = (chosen: File): void => {
    setFile(chosen);
    run.mutate({ chosen, dryRun: true });
  };
  const report = run.data;
  return (
    <SidePanel title={t('importFile')} onClose={onClose} wide>
      <DropZone label={t('drop')} onFile={take} />
      <p className="dimmed">
        {t('columns')} <span className="mono">{columns.join(', ')}</span>
      </p>
      <ActionError error={run.error} />
      {report && (
        <>
          <ImportedEntries report={report} />
          {report.dryRun && report.created > 0 && file && (
            <div className="buttons">
              <ReasonButton
                needs="BOOTSTRAP_W"
                loading={run.isPending}
                onClick={() => run.mutate({ chosen: file, dryRun: false })}
              >
                {t('importDo', { count: report.created, total: count(report.created, language) })}
              </ReasonButton>
            </div>
          )}
        </>
      )}
    </SidePanel>
  );
}

function ImportedEntries({ report }: { report: EntryImportReport }) {
  const t = useText('bootstrap');
  const language = usePreferences((state) => state.language);
  const { dryRun, records, created, failed, errors } = report;
  const figures: [string, number][] = [
    [t('records'), records],
    [t(dryRun ? 'wouldCreate' : 'made'), created],
    [t('refused'), failed],
  ];
  return (
    <section aria-label={t(dryRun ? 'check' : 'result')}>
      <h3 role="status">{t(dryRun ? 'check' : 'result')}</h3>
      <dl className="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count(value, language)}</dd>
          </div>
        ))}
      </dl>
      {errors.length > 0 && (
        <RefusedLines
          lines={errors.map(({ endpointName, ...line }) => ({ ...line, subject: endpointName }))}
          subject={t('endpointName')}
        />
      )}
    </section>
  );
}
