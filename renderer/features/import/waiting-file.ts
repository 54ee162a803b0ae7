import { create } from 'zustand';

interface WaitingFile {
  /** Dropped on another view, and about to be looked at here. */
  readonly file: File | undefined;
  put(file: File | undefined): void;
}

/** A file on its way to the import. It is no part of an address. */
export const useWaitingFile = create<WaitingFile>()((set) => ({
  file: undefined,
  put: (file) => set({ file }),
}));
