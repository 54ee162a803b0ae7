import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { link, mkdir, open, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlatformError } from '../../contract/errors.ts';
import type { AppendFile, Files } from '../files.ts';

const writeChunkBytes = 4 * 1024 * 1024;
/** A large file is synced in parts: a sync of all of it at once would hold up the syncs of other files. */
const syncEachBytes = 4 * 1024 * 1024;

/** Node's own way of reading a whole file refuses those above 2 GiB, so a long one is read in parts. */
const readPartBytes = 8 * 1024 * 1024;
/** No buffer of Node 20 is longer. */
const readLimitBytes = 2 ** 32 - 1;

/** The machine's file system. */
export const nodeFiles: Files = {
  readLimitBytes,
  makeFolder,
  async list(folder) {
    try {
      return (await readdir(folder)).sort();
    } catch (error) {
      return ifMissing(error, []);
    }
  },
  async read(path) {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      return ifMissing(error, undefined);
    }
    try {
      const { size } = await handle.stat();
      return size > readPartBytes ? await readInParts(handle, path, size) : await handle.readFile();
    } finally {
      await handle.close();
    }
  },
  async readRange(path, offset, length) {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      return ifMissing(error, undefined);
    }
    try {
      const buffer = Buffer.allocUnsafeSlow(length);
      return buffer.subarray(0, await readInto(handle, buffer, offset));
    } finally {
      await handle.close();
    }
  },
  async writeWhole(path, chunks, mode = 0o644) {
    const temporary = `${path}.tmp`;
    try {
      const handle = await open(temporary, 'w', mode);
      try {
        let unsynced = 0;
        for await (const chunk of chunks) {
          await writeAll(handle, chunk);
          unsynced += chunk.byteLength;
          if (unsynced < syncEachBytes) continue;
          await handle.datasync();
          unsynced = 0;
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      await nodeFiles.rename(temporary, path);
    } catch (error) {
      // On a full disk the unfinished file would keep the space that others need.
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
  },
  async createExclusive(path, text) {
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      // A link appears with its content already there, so nobody can read an empty file.
      await writeFile(temporary, text);
      await linkOrCreate(temporary, path, text);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  },
  async openAppend(path) {
    const handle = await open(path, 'a');
    let created = false;
    try {
      const { size } = await handle.stat();
      created = size === 0;
      // A new file is durable only when its folder knows of it.
      if (size === 0) await syncPath(dirname(path));
      return new NodeAppendFile(handle, size);
    } catch (error) {
      await handle.close();
      // A file that this has just made must not stay: nobody would know of it.
      if (created) await rm(path, { force: true }).catch(() => {});
      throw error;
    }
  },
  async truncate(path, length) {
    await truncate(path, length);
    await syncPath(path);
  },
  async rename(from, to) {
    await rename(from, to);
    await syncPath(dirname(to));
  },
  async remove(path) {
    await rm(path, { recursive: true, force: true });
  },
};

/**
 * Not the recursion of `mkdir` itself: that one never ends where a folder cannot be made although the one above
 * it exists, as in /proc.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await makeOneFolder(path);
  } catch (error) {
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    await makeFolder(parent);
    await makeOneFolder(path);
  }
}

async function makeOneFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
    // A new folder is durable only when the one above knows of it.
    await syncPath(dirname(path));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
}

class NodeAppendFile implements AppendFile {
  private readonly handle: FileHandle;
  length: number;

  constructor(handle: FileHandle, length: number) {
    this.handle = handle;
    this.length = length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await writeAll(this.handle, bytes);
    this.length += bytes.byteLength;
  }

  async sync(): Promise<void> {
    await this.handle.datasync();
  }

  async cut(length: number): Promise<void> {
    await this.handle.truncate(length);
    this.length = length;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

async function readInParts(handle: FileHandle, path: string, size: number): Promise<Uint8Array> {
  const buffer = bufferFor(path, size);
  return buffer.subarray(0, await readInto(handle, buffer, 0));
}

/** Fills the buffer with what the file has from `offset` on. @returns how many bytes there were */
async function readInto(handle: FileHandle, buffer: Uint8Array, offset: number): Promise<number> {
  let length = 0;
  while (length < buffer.byteLength) {
    const part = Math.min(readPartBytes, buffer.byteLength - length);
    const { bytesRead } = await handle.read(buffer, length, part, offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

function bufferFor(path: string, size: number): Buffer {
  let cause: unknown;
  if (size <= readLimitBytes) {
    try {
      return Buffer.allocUnsafeSlow(size);
    } catch (error) {
      cause = error;
    }
  }
  const what = cause === undefined ? `more than ${readLimitBytes}` : 'more than there is memory for';
  throw new PlatformError('store.unavailable', `${path} has ${size} bytes, ${what}, and cannot be read.`, {
    cause,
  });
}

/** A single write may take a part only (a full disk, a signal), so it goes on until all is written. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.byteLength; ) {
    const length = Math.min(writeChunkBytes, bytes.byteLength - offset);
    const { bytesWritten } = await handle.write(bytes, offset, length);
    offset += bytesWritten;
  }
}

/** Some file systems (FAT, some network ones) have no links. */
async function linkOrCreate(from: string, path: string, text: string): Promise<void> {
  try {
    await link(from, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(String(codeOf(error)))) throw error;
    await writeFile(path, text, { flag: 'wx' });
  }
}

async function syncPath(path: string): Promise<void> {
  // Windows cannot open a folder for syncing; its rename is durable by the journal of the file system.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}

function ifMissing<T>(error: unknown, value: T): T {
  if (codeOf(error) === 'ENOENT') return value;
  throw error;
}
