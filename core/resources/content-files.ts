import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { PlatformError } from '../contract/errors.ts';
import type { Files } from '../platform/files.ts';
import type { Logger } from '../platform/logger.ts';
import { MemoryFiles } from '../platform/memory-files.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import { contentFolder } from './content-folder.ts';

/** What a file of content is. */
export interface Content {
  /** Name of its file. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** MD5, 32 hexadecimal characters. */
  readonly md5: string;
}

/** Bytes that are in memory of a file that is read. */
const readPartBytes = 64 * 1024;
const writePartBytes = 1024 * 1024;

/**
 * The contents of resources, a file each, beside the store (firmware would fill the database, which is in memory). A
 * file is written, synced and never changed before a row names it, and removed after no row does; what a kill leaves
 * between is removed at the next start.
 */
export class ContentFiles {
  private readonly files: Files;
  private readonly folder: string;
  private readonly random: RandomSource;
  private readonly logger: Logger;

  /** @param parts.dataDir undefined: contents are in memory, as everything else of an ephemeral platform. */
  constructor(parts: {
    readonly files: Files;
    readonly dataDir: string | undefined;
    readonly random: RandomSource;
    readonly logger: Logger;
  }) {
    this.files = parts.dataDir === undefined ? new MemoryFiles() : parts.files;
    this.folder = contentFolder(parts.dataDir ?? '/');
    this.random = parts.random;
    this.logger = parts.logger;
  }

  /**
   * Removes what no row names.
   * @returns the files that rows name and that are not there
   */
  async start(named: ReadonlySet<string>): Promise<string[]> {
    await this.files.makeFolder(this.folder);
    const found = new Set(await this.files.list(this.folder));
    for (const name of found) {
      if (named.has(name)) continue;
      await this.files.remove(join(this.folder, name));
      this.logger.info({ file: name }, 'content that belongs to no version was removed');
    }
    const missing = [...named].filter((name) => !found.has(name));
    if (missing.length > 0) this.logger.error({ missing }, 'contents of resources are missing');
    return missing;
  }

  /** Writes a content; resolves when it would survive a loss of power. @throws PlatformError `store.full` */
  async write(bytes: Uint8Array): Promise<Content> {
    const file = randomHex(this.random, 16);
    const hash = createHash('md5');
    function* parts(): Generator<Uint8Array> {
      for (let offset = 0; offset < bytes.byteLength; offset += writePartBytes) {
        const part = bytes.subarray(offset, offset + writePartBytes);
        hash.update(part);
        yield part;
      }
    }
    try {
      await this.files.writeWhole(join(this.folder, file), parts());
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
      throw new PlatformError('store.full', 'The disk has no room for this content.', {
        details: `${bytes.byteLength} bytes in ${this.folder}: ${code}. Free space on the disk, or delete versions.`,
        cause: error,
      });
    }
    return { file, size: bytes.byteLength, md5: hash.digest('hex') };
  }

  /** Removes contents that no row names any more; what cannot be removed goes at the next start. */
  async remove(files: readonly string[]): Promise<void> {
    for (const file of files) {
      try {
        await this.files.remove(join(this.folder, file));
      } catch (error) {
        this.logger.warn({ err: error, file }, 'content that belongs to no version cannot be removed now');
      }
    }
  }

  /**
   * The bytes from `start` to before `end`, a part at a time.
   * @throws PlatformError `resources.contentMissing` when the file is not there, or is shorter
   */
  async *read(file: string, start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let offset = start; offset < end; ) {
      const length = Math.min(readPartBytes, end - offset);
      const part = await this.files.readRange(join(this.folder, file), offset, length);
      if (part?.byteLength !== length) {
        this.logger.error({ file: join(this.folder, file) }, 'the content of a version is missing');
        throw contentMissing();
      }
      yield part;
      offset += length;
    }
  }
}

function contentMissing(): PlatformError {
  return new PlatformError('resources.contentMissing', 'The content of this version is not there any more.', {
    details: 'Its file was removed or cut by somebody else. Upload the version again.',
  });
}
