import { Button, FileButton, Progress, TextInput } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, type FormEvent, useState } from 'react';
import { versionId } from '../../../core/contract/resources.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useHealth } from '../../app/use-health.ts';
import { bytes, count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { ActionError } from '../../ui/view-states.tsx';
import { uploadVersion } from './repository-api.ts';
import { readVersions, versionInName } from './version-names.ts';

/** Uploads a version: a file that is dropped or chosen, and what it is called. */
export function UploadVersion({ resourceId, onClose }: { resourceId: string; onClose: () => void }) {
  const t = useText('resources');
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  const [from, setFrom] = useState('');
  const [tried, setTried] = useState(false);
  const [part, setPart] = useState(0);
  const language = usePreferences((state) => state.language);
  const mostBytes = useHealth().data?.settings.resourceMaxFileBytes ?? Number.POSITIVE_INFINITY;
  const fileProblem =
    file && file.size > mostBytes
      ? t('fileTooLarge', { size: count(file.size, language), most: count(mostBytes, language) })
      : tried && !file
        ? t('needsFile')
        : undefined;
  const problem = problemsOf(versionId, name, '').get('');
  const upload = useMutation({
    mutationFn: (given: File) =>
      uploadVersion(
        resourceId,
        { resourceVersionId: name, compatibleVersions: readVersions(from), file: given },
        setPart,
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['resources', 'versions', resourceId] });
      onClose();
    },
  });
  const take = (given: File | null | undefined): void => {
    if (!given) return;
    upload.reset();
    setFile(given);
    if (name === '') setName(versionInName(given.name));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!file || file.size > mostBytes || problem !== undefined) return;
    setPart(0);
    upload.mutate(file);
  };
  const percent = Math.round(part * 100);
  return (
    <form className="stack" onSubmit={submit} aria-label={t('upload')}>
      <h3>{t('upload')}</h3>
      <FileDrop file={file} problem={fileProblem} onFile={take} />
      <TextInput
        label={t('version')}
        value={name}
        error={tried ? problem : undefined}
        onChange={({ currentTarget }) => setName(currentTarget.value.trim())}
        classNames={{ input: 'mono' }}
      />
      <TextInput
        label={t('compatible')}
        description={t('compatibleHint')}
        value={from}
        onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        classNames={{ input: 'mono' }}
      />
      {upload.isPending && (
        <div role="status">
          <Progress value={percent} size="sm" aria-label={t('uploadProgress')} />
          {percent < 100 ? t('uploading', { percent }) : t('storing')}
        </div>
      )}
      <ActionError error={upload.error} />
      <FormButtons submit={t('uploadDo')} needs="DEVICE_W" busy={upload.isPending} onCancel={onClose} />
    </form>
  );
}

function FileDrop(props: {
  file: File | undefined;
  problem: string | undefined;
  onFile: (file: File | null | undefined) => void;
}) {
  const { file, problem, onFile } = props;
  const t = useText('resources');
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    <section
      className={over ? 'drop-zone drop-over' : 'drop-zone'}
      aria-label={t('drop')}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      <IconFileUpload size={24} aria-hidden />
      <p>{file ? t('chosen', { name: file.name, size: bytes(file.size) }) : t('drop')}</p>
      <FileButton onChange={onFile}>
        {(button) => (
          <Button {...button} variant="default">
            {file ? t('another') : t('choose')}
          </Button>
        )}
      </FileButton>
      {problem !== undefined && (
        <p className="status-bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
