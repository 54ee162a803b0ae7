import { useNavigate } from '@tanstack/react-router';
import { type DragEvent, useState } from 'react';
import { useWaitingFile } from '../import/waiting-file.ts';

/** A view on which a file of devices can be dropped: it leads to the import. */
export function useFileDrop() {
  const navigate = useNavigate();
  const put = useWaitingFile((state) => state.put);
  const [fileOver, setFileOver] = useState(false);
  const drop = {
    onDragOver: (event: DragEvent): void => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      setFileOver(true);
    },
    onDragLeave: (event: DragEvent): void => {
      const inside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
      if (!inside) setFileOver(false);
    },
    onDrop: (event: DragEvent): void => {
      setFileOver(false);
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      put(file);
      void navigate({ to: '/devices/import' });
    },
  };
  return { fileOver, drop };
}
