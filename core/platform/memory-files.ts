import type { AppendFile, Chunks, Files } from './files.ts';

export interface FileOperation {
  readonly kind: keyof Files | 'append' | 'sync' | 'cut' | 'close';
  readonly path: string;
}

/** How an operation goes wrong. */
export interface FileFault {
  /** For example `ENOSPC`. */
  readonly code: string;
  /**
   * Bytes that an append still gets before it fails, 0 when not given. When given for a whole file, they stay
   * in its temporary file, as after a kill.
   */
  readonly writtenBytes?: number;
}

interface StoredFile {
  content: Uint8Array;
  /** What a loss of power leaves. */
  durable: Uint8Array;
}

/**
 * A file system in memory: for what an ephemeral platform keeps in files, and for tests. Those make operations fail with {@link intercept} and lose what was not synced with
 * {@link afterPowerLoss}. Names of files and folders are durable at once, as the seam promises.
 */
export class MemoryFiles implements Files {
  /** Asked before each operation; what it returns makes the operation fail. */
  intercept: ((operation: FileOperation) => FileFault | undefined) | undefined;
  readLimitBytes = 2 ** 32 - 1;
  private readonly folders = new Set<string>();
  private readonly stored = new Map<string, StoredFile>();

  /** A copy as the disk would be after a loss of power, with no faults. */
  afterPowerLoss(): MemoryFiles {
    return this.copy((file) => file.durable);
  }

  /** A copy as the disk would be after a kill of the process, with no faults. */
  afterKill(): MemoryFiles {
    return this.copy((file) => file.content);
  }

  async makeFolder(path: string): Promise<void> {
    this.enter('makeFolder', path);
    for (let folder = path; folder !== parentOf(folder); folder = parentOf(folder)) this.folders.add(folder);
  }

  async list(folder: string): Promise<string[]> {
    this.enter('list', folder);
    const all = [...this.stored.keys(), ...this.folders];
    return all
      .filter((path) => parentOf(path) === folder && path !== folder)
      .map(nameOf)
      .sort();
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    this.enter('read', path);
    const file = this.stored.get(path);
    return file && Uint8Array.from(file.content);
  }

  async readRange(path: string, offset: number, length: number): Promise<Uint8Array | undefined> {
    this.enter('readRange', path);
    return this.stored.get(path)?.content.slice(offset, offset + length);
  }

  async writeWhole(path: string, chunks: Chunks): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
    const content = Uint8Array.from(Buffer.concat(parts));
    const fault = this.intercept?.({ kind: 'writeWhole', path });
    if (fault) {
      if (fault.writtenBytes !== undefined) this.put(`${path}.tmp`, content.slice(0, fault.writtenBytes));
      throw failure(fault.code, path);
    }
    this.put(path, content);
  }

  async createExclusive(path: string, text: string): Promise<boolean> {
    this.enter('createExclusive', path);
    if (this.stored.has(path)) return false;
    this.put(path, Uint8Array.from(Buffer.from(text)));
    return true;
  }

  async openAppend(path: string): Promise<AppendFile> {
    const fault = this.intercept?.({ kind: 'openAppend', path });
    // A file that was made, and then could not be used nor removed, is what `writtenBytes` stands for here.
    if (fault && fault.writtenBytes === undefined) throw failure(fault.code, path);
    const file = this.stored.get(path) ?? this.put(path, new Uint8Array());
    if (fault) throw failure(fault.code, path);
    return new MemoryAppendFile(file, path, (operation) => this.intercept?.(operation));
  }

  async truncate(path: string, length: number): Promise<void> {
    this.enter('truncate', path);
    const file = this.existing(path);
    file.content = file.content.slice(0, length);
    file.durable = file.content;
  }

  async rename(from: string, to: string): Promise<void> {
    this.enter('rename', from);
    const file = this.existing(from);
    this.requireFolder(to);
    this.stored.delete(from);
    this.stored.set(to, file);
  }

  async remove(path: string): Promise<void> {
    this.enter('remove', path);
    const inside = (other: string): boolean => other === path || other.startsWith(`${path}/`);
    for (const other of [...this.stored.keys()].filter(inside)) this.stored.delete(other);
    for (const other of [...this.folders].filter(inside)) this.folders.delete(other);
  }

  private enter(kind: FileOperation['kind'], path: string): void {
    const fault = this.intercept?.({ kind, path });
    if (fault) throw failure(fault.code, path);
  }

  private put(path: string, content: Uint8Array): StoredFile {
    this.requireFolder(path);
    const file = { content, durable: content };
    this.stored.set(path, file);
    return file;
  }

  private existing(path: string): StoredFile {
    const file = this.stored.get(path);
    if (!file) throw failure('ENOENT', path);
    return file;
  }

  private requireFolder(path: string): void {
    if (!this.folders.has(parentOf(path))) throw failure('ENOENT', path);
  }

  private copy(contentOf: (file: StoredFile) => Uint8Array): MemoryFiles {
    const copy = new MemoryFiles();
    for (const folder of this.folders) copy.folders.add(folder);
    for (const [path, file] of this.stored) {
      const content = Uint8Array.from(contentOf(file));
      copy.stored.set(path, { content, durable: content });
    }
    return copy;
  }
}

class MemoryAppendFile implements AppendFile {
  private readonly file: StoredFile;
  private readonly path: string;
  private readonly intercept: (operation: FileOperation) => FileFault | undefined;
  private closed = false;
  length: number;

  constructor(
    file: StoredFile,
    path: string,
    intercept: (operation: FileOperation) => FileFault | undefined,
  ) {
    this.file = file;
    this.path = path;
    this.intercept = intercept;
    this.length = file.content.length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    const fault = this.check('append');
    const written = fault ? bytes.subarray(0, fault.writtenBytes ?? 0) : bytes;
    this.file.content = Uint8Array.from(Buffer.concat([this.file.content, written]));
    if (fault) throw failure(fault.code, this.path);
    this.length += bytes.byteLength;
  }

  async sync(): Promise<void> {
    const fault = this.check('sync');
    if (fault) throw failure(fault.code, this.path);
    this.file.durable = this.file.content;
  }

  async cut(length: number): Promise<void> {
    const fault = this.check('cut');
    if (fault) throw failure(fault.code, this.path);
    this.file.content = this.file.content.slice(0, length);
    this.length = length;
  }

  async close(): Promise<void> {
    const fault = this.check('close');
    if (fault) throw failure(fault.code, this.path);
    this.closed = true;
  }

  private check(kind: FileOperation['kind']): FileFault | undefined {
    if (this.closed) throw failure('EBADF', this.path);
    return this.intercept({ kind, path: this.path });
  }
}

function failure(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, lastSeparator(path)));
}

function nameOf(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

/** Of either kind: paths are joined as the machine does it. */
function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
}
