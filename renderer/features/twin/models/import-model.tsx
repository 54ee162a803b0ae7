import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../../i18n/use-text.ts';
import { useLack } from '../../../session/identity.ts';
import { AsCurl } from '../../../ui/as-curl.tsx';
import { SidePanel } from '../../../ui/side-panel.tsx';
import { ActionError } from '../../../ui/view-states.tsx';
import { DropZone } from '../../import/drop-zone.tsx';
import { importUrl, useImportModel } from './models-api.ts';

/** Takes the definition of an object in the XML of OMA. What is wrong in it is told with its line. */
export function ImportModel(props: { onClose: () => void; onImported: (id: string) => void }) {
  const t = useText('twinModels');
  const [override, setOverride] = useState(false);
  const [file, setFile] = useState<File>();
  const lack = useLack('DEVICE_W');
  const run = useImportModel();
  const take = (chosen: File): void => {
    setFile(chosen);
    run.mutate(
      { file: chosen, override },
      { onSuccess: ({ objectDefinitionId }) => props.onImported(objectDefinitionId) },
    );
  };
  return (
    <SidePanel title={t('import')} onClose={props.onClose} wide>
      <p className="dimmed">{t('importText')}</p>
      <Switch
        label={t('override')}
        description={t('overrideHint')}
        checked={override}
        onChange={({ currentTarget }) => {
          run.reset();
          setOverride(currentTarget.checked);
        }}
      />
      {lack === undefined ? (
        <DropZone label={t('drop')} accept=".xml" onFile={take} />
      ) : (
        <p className="dimmed">{lack}</p>
      )}
      {file && run.isError && (
        <section aria-label={file.name}>
          <h3 className="mono">{file.name}</h3>
          <ActionError error={run.error} />
        </section>
      )}
      <AsCurl path={importUrl(override)} file={file?.name ?? '33442.xml'} field="file" />
    </SidePanel>
  );
}
