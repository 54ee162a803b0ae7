import { Button, Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { bytes } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { CurlLine } from '../../ui/as-curl.tsx';
import { Permitted } from '../../ui/permitted.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { DropZone } from './drop-zone.tsx';
import { type ImportOptions, importName, importQuery, importUrl, runImport } from './import-api.ts';
import { ImportList } from './import-list.tsx';
import { ImportReportView } from './import-report.tsx';
import { useWaitingFile } from './waiting-file.ts';

type Choices = Omit<ImportOptions, 'dryRun'>;

/** Devices from a file: looked at first, then made. */
export default function ImportView() {
  const t = useText('import');
  const common = useText('common');
  const queries = useQueryClient();
  const [url, setUrl] = useUrlState();
  const waiting = useWaitingFile((state) => state.file);
  const put = useWaitingFile((state) => state.put);
  const [file, setFile] = useState<File>();
  const [choices, setChoices] = useState<Choices>({ skipExisting: false, createGroups: true });
  const run = useMutation({
    mutationFn: async (of: { file: File; options: ImportOptions }) => {
      const id = importName(of.file.name, Date.now(), of.options.dryRun);
      setUrl({ id }, { push: true });
      return runImport(id, of.file, of.options);
    },
    onSettled: () =>
      Promise.all(
        ['imports', 'devices', 'groups'].map((area) => queries.invalidateQueries({ queryKey: [area] })),
      ),
  });
  const permitted = useLack('DEVICE_W') === undefined;
  const { mutate } = run;
  const check = useCallback(
    (next: File, options: Choices) => mutate({ file: next, options: { ...options, dryRun: true } }),
    [mutate],
  );
  const take = (next: File): void => {
    setFile(next);
    check(next, choices);
  };
  useEffect(() => {
    if (!waiting) return;
    put(undefined);
    if (!permitted) return;
    setFile(waiting);
    check(waiting, choices);
  }, [waiting, put, check, choices, permitted]);
  const choose = (change: Partial<Choices>): void => {
    const next = { ...choices, ...change };
    setChoices(next);
    if (file) check(file, next);
  };
  const choice = (name: keyof Choices) => (
    <Switch
      label={t(name)}
      checked={choices[name]}
      disabled={run.isPending}
      onChange={(event) => choose({ [name]: event.currentTarget.checked })}
    />
  );
  return (
    <div className="page import">
      <ViewHeader title={t('title')}>
        <Button component={Link} to="/devices" variant="default">
          {t('toDevices')}
        </Button>
      </ViewHeader>
      <Permitted needs="DEVICE_W">
        <DropZone onFile={take}>
          <p className="dimmed">{t('forms')}</p>
        </DropZone>
      </Permitted>
      <div className="buttons page-part">
        {file && (
          <strong>
            {file.name}, {bytes(file.size)}
          </strong>
        )}
        {choice('createGroups')}
        {choice('skipExisting')}
      </div>
      <ActionError error={run.error} />
      {file && (
        <details className="disclosure page-part">
          <summary>{common('asCurl')}</summary>
          <CurlLine
            file={file.name}
            path={`${importUrl(importName(file.name, Date.now(), true))}?${new URLSearchParams(
              Object.entries(importQuery({ ...choices, dryRun: true })).map(([name, value]) => [
                name,
                String(value),
              ]),
            )}`}
          />
        </details>
      )}
      {url.id !== undefined && !run.isError && (
        <ImportReportView
          key={url.id}
          id={url.id}
          starting={run.isPending}
          onImport={
            file && !run.isPending
              ? () => run.mutate({ file, options: { ...choices, dryRun: false } })
              : undefined
          }
        />
      )}
      <ImportList opened={url.id} onOpen={(id) => setUrl({ id }, { push: true })} />
    </div>
  );
}
