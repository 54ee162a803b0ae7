/** The file system as the platform sees it. Paths are absolute and use the separator of the machine. */
export interface Files {
  /** Makes the folder and those above it. */
  makeFolder(path: string): Promise<void>;
  /** Names in the folder, sorted; empty when the folder does not exist. */
  list(folder: string): Promise<string[]>;
  /** Length of the longest file that {@link read} takes. */
  readonly readLimitBytes: number;
  /**
   * The whole file, or undefined when it does not exist.
   * @throws PlatformError when it is longer than {@link readLimitBytes}, or than there is memory.
   */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * At most `length` bytes of the file from `offset` on, fewer where it ends; undefined when it does not exist. For
   * files too long to be in memory, a part at a time.
   */
  readRange(path: string, offset: number, length: number): Promise<Uint8Array | undefined>;
  /** Writes the file in full and syncs it, under a temporary name first, so that it is whole or not there. */
  writeWhole(path: string, chunks: Chunks, mode?: number): Promise<void>;
  /** Creates the file with this content; false when it exists already. Atomic over processes. */
  createExclusive(path: string, text: string): Promise<boolean>;
  /** Opens for appending, creating the file when missing. */
  openAppend(path: string): Promise<AppendFile>;
  /** Cuts the file to `length` bytes and syncs it. */
  truncate(path: string, length: number): Promise<void>;
  /** Renames and syncs the folder. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with all in it; nothing happens when it does not exist. */
  remove(path: string): Promise<void>;
}

/** Each is used before the next is asked for, so a source may fill the same buffer again. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface AppendFile {
  /** Bytes in the file, counting what has been appended. */
  readonly length: number;
  /** Appends all bytes, or rejects; after a rejection the file may hold a part of them. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when what was appended would survive a loss of power. */
  sync(): Promise<void>;
  /** Cuts back to `length`, as after a failed append. */
  cut(length: number): Promise<void>;
  close(): Promise<void>;
}
