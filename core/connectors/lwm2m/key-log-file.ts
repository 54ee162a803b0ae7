import { PlatformError } from '../../contract/errors.ts';
import type { AppendFile, Files } from '../../platform/files.ts';
import type { Logger } from '../../platform/logger.ts';

/** Only for who runs the program: the sessions in it can be read by whoever has it. */
const fileMode = 0o600;

/** Writes the keys of DTLS sessions to a file that Wireshark reads (NSS key log format). */
export class KeyLogFile {
  private readonly files: Files;
  private readonly path: string;
  private readonly logger: Logger;
  private file: AppendFile | undefined;
  private written: Promise<void> = Promise.resolve();

  constructor(files: Files, path: string, logger: Logger) {
    this.files = files;
    this.path = path;
    this.logger = logger;
  }

  /**
   * Opens the file; lines that are in it stay.
   * @throws PlatformError `platform.setting` when that cannot be done
   */
  async start(): Promise<void> {
    const { files, path } = this;
    try {
      const isThere = (await files.readRange(path, 0, 1)) !== undefined;
      if (!isThere) await files.writeWhole(path, [], fileMode);
      this.file = await files.openAppend(path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new PlatformError(
        'platform.setting',
        `Setting dtlsKeyLogFile: ${path} cannot be written: ${why}. Name a file in a folder that exists.`,
        { cause: error },
      );
    }
    this.logger.warn(
      { path },
      'keys of DTLS sessions are written to a file; who has it can read the sessions',
    );
  }

  /** Takes a line; it is written after those before it. */
  readonly write = (line: string): void => {
    const { file } = this;
    if (!file) return;
    this.written = this.written
      .then(() => file.append(Buffer.from(`${line}\n`)))
      .catch((error: unknown) => {
        this.logger.warn({ err: error, path: this.path }, 'a key of a DTLS session could not be written');
      });
  };

  /** Closes the file when all is written. */
  async stop(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await this.written;
    await file?.close();
  }
}
