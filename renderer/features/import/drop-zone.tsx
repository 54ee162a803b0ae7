import { Button, FileButton } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';

/** A place to drop a file on, with a button that does the same. */
export function DropZone({
  onFile,
  label,
  accept = '.csv,.json,.jsonl,.ndjson,.txt',
  children,
}: {
  onFile: (file: File) => void;
  /** What is to be dropped; a file of devices when not given. */
  label?: string;
  /** Endings of the files that are offered. */
  accept?: string;
  children?: ReactNode;
}) {
  const t = useText('import');
  const what = label ?? t('drop');
  const [over, setOver] = useState(false);
  return (
    <section
      className={over ? 'drop-zone drop-over' : 'drop-zone'}
      aria-label={what}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file) onFile(file);
      }}
    >
      <IconFileImport size={24} aria-hidden />
      <p>{what}</p>
      <FileButton accept={accept} onChange={(file) => file && onFile(file)}>
        {(props) => <Button {...props}>{t('choose')}</Button>}
      </FileButton>
      {children}
    </section>
  );
}
