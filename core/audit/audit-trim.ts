import type { Logger } from '../platform/logger.ts';
import type { Store } from '../store/types.ts';
import { auditRepository } from './audit-repository.ts';

export interface AuditSettings {
  /** How many audit messages are kept, the newest. */
  readonly auditMaxMessages: number;
  /** Bytes of audit messages that are kept, the newest; they are in memory, which this bounds. */
  readonly auditMaxBytes: number;
}

/** Few enough that a trim never holds up other work of the database for long. */
const rowsAtATime = 2000;
/** Trimming waits until this part of a limit is over it, so that a flood does not trim at every message. */
const overPart = 1 / 16;

/** Keeps the audit log within its limits: the oldest messages go. */
export class AuditTrim {
  private readonly store: Store;
  private readonly logger: Logger;
  private readonly settings: AuditSettings;
  private messages = 0;
  private bytes = 0;
  private trimming: Promise<void> | undefined;

  constructor(parts: { store: Store; logger: Logger; settings: AuditSettings }) {
    this.store = parts.store;
    this.logger = parts.logger;
    this.settings = parts.settings;
  }

  async start(): Promise<void> {
    await this.stop();
    const { messages, bytes } = await auditRepository.size(this.store);
    this.messages = messages;
    this.bytes = bytes;
  }

  /** Resolves when a trim that is under way has ended. */
  async stop(): Promise<void> {
    await this.trimming;
  }

  /** A message of so many bytes is stored. */
  added(bytes: number): void {
    this.messages++;
    this.bytes += bytes;
    if (this.isOver(this.messages, this.bytes, 1 + overPart)) this.trimInBackground();
  }

  private isOver(messages: number, bytes: number, factor = 1): boolean {
    const { auditMaxMessages, auditMaxBytes } = this.settings;
    return messages > auditMaxMessages * factor || bytes > auditMaxBytes * factor;
  }

  private trimInBackground(): void {
    this.trimming ??= this.trim()
      .catch((error: unknown) => this.logger.error({ err: error }, 'the audit log cannot be trimmed'))
      .finally(() => {
        this.trimming = undefined;
      });
  }

  private async trim(): Promise<void> {
    while (this.isOver(this.messages, this.bytes)) {
      const rows = await auditRepository.oldest(this.store, rowsAtATime);
      let doomed = 0;
      let doomedBytes = 0;
      for (const { bytes } of rows) {
        if (!this.isOver(this.messages - doomed, this.bytes - doomedBytes)) break;
        doomed++;
        doomedBytes += bytes;
      }
      const last = rows[doomed - 1];
      if (!last) return;
      await this.store.commit([auditRepository.deleteUpTo(last.seq)]);
      this.messages -= doomed;
      this.bytes -= doomedBytes;
    }
  }
}
