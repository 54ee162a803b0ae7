import { PlatformError } from '../../contract/errors.ts';
import type { ImportError, ImportReport } from '../../contract/imports.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Store } from '../../store/types.ts';
import { DeviceImport, type ImportOptions, type ImportParts, type ImportSettings } from './device-import.ts';
import { importRepository } from './import-repository.ts';

export interface ImportServiceSettings extends ImportSettings {
  /** Imports of one tenant that are remembered, the newest. */
  readonly importMaxKept: number;
  /** Imports of one tenant that may run at a time. */
  readonly importMaxRunning: number;
}

/** An import that is over, as it is kept. */
interface EndedImport {
  readonly report: ImportReport;
  readonly errors: readonly ImportError[];
}

/**
 * Imports of devices: those that run, and the log of those that ended, which stays over a start until it is deleted
 * or pushed out by newer ones.
 */
export class ImportService {
  private readonly parts: Omit<ImportParts, 'settings'> & {
    readonly store: Store;
    readonly logger: Logger;
    readonly settings: ImportServiceSettings;
  };
  private readonly running = new Map<string, { import: DeviceImport; ended: Promise<void> }>();
  /** By tenant and id, the oldest first. */
  private ended = new Map<string, EndedImport & { readonly tenantId: string }>();

  constructor(parts: ImportService['parts']) {
    this.parts = parts;
  }

  /** Imports that ran when the program ended are interrupted from now on. */
  async start(): Promise<void> {
    const { store } = this.parts;
    this.ended = new Map();
    for (const { tenantId, report, errors } of await importRepository.load(store)) {
      const interrupted = { state: 'interrupted', reason: 'the program ended' } as const;
      const now = report.state === 'running' ? { ...report, ...interrupted } : report;
      this.ended.set(keyOf(tenantId, report.id), { tenantId, report: now, errors });
    }
  }

  /** Cancels what runs. */
  async stop(): Promise<void> {
    const all = [...this.running.values()];
    for (const each of all) each.import.cancel();
    await Promise.all(all.map(({ ended }) => ended));
  }

  /**
   * Reads a file of devices and resolves when it has ended, in whatever way but failing.
   * @throws PlatformError `inventory.importDuplicate`, `inventory.importsBusy`; and what made it fail
   */
  async run(options: ImportOptions, file: AsyncIterable<Uint8Array>): Promise<ImportReport> {
    const { tenantId, id } = options;
    const key = keyOf(tenantId, id);
    if (this.running.has(key) || this.ended.has(key)) {
      throw new PlatformError('inventory.importDuplicate', 'There is an import of this name already.', {
        details: `${id}; take another name, or delete that import`,
      });
    }
    const { importMaxRunning } = this.parts.settings;
    const others = [...this.running.values()].filter((each) => each.import.options.tenantId === tenantId);
    if (others.length >= importMaxRunning) {
      throw new PlatformError('inventory.importsBusy', 'As many imports run as may run at a time.', {
        details: `${importMaxRunning} (setting importMaxRunning): ${others.map((each) => each.import.options.id).join(', ')}`,
      });
    }
    const made = new DeviceImport(options, this.parts);
    let over = (): void => {};
    this.running.set(key, {
      import: made,
      ended: new Promise((resolve) => {
        over = resolve;
      }),
    });
    try {
      await this.parts.store.commit([importRepository.upsert(tenantId, made.report(), [])]);
      await made.run(file);
      return made.report();
    } finally {
      this.running.delete(key);
      await this.keep(tenantId, made);
      over();
    }
  }

  /** The newest first. */
  list(tenantId: string): ImportReport[] {
    const ended = [...this.ended.values()].filter((each) => each.tenantId === tenantId);
    const running = [...this.running.values()].filter((each) => each.import.options.tenantId === tenantId);
    return [...ended.map(({ report }) => report), ...running.map((each) => each.import.report())].reverse();
  }

  /** @throws PlatformError `inventory.importNotFound` */
  get(tenantId: string, id: string): ImportReport {
    const running = this.running.get(keyOf(tenantId, id));
    return running ? running.import.report() : this.getEnded(tenantId, id).report;
  }

  /** @throws PlatformError `inventory.importNotFound` */
  errors(tenantId: string, id: string): readonly ImportError[] {
    const running = this.running.get(keyOf(tenantId, id));
    return running ? running.import.errors : this.getEnded(tenantId, id).errors;
  }

  /**
   * Ends an import that runs, and resolves when it has ended. One that has ended stays as it is.
   * @throws PlatformError `inventory.importNotFound`
   */
  async cancel(tenantId: string, id: string): Promise<ImportReport> {
    const running = this.running.get(keyOf(tenantId, id));
    running?.import.cancel();
    await running?.ended;
    return this.get(tenantId, id);
  }

  /**
   * Forgets an import that has ended; the devices stay.
   * @throws PlatformError `inventory.importNotFound`, `inventory.importRunning`
   */
  async forget(tenantId: string, id: string): Promise<void> {
    const key = keyOf(tenantId, id);
    if (this.running.has(key)) {
      throw new PlatformError('inventory.importRunning', 'The import is running. Cancel it first.', {
        details: id,
      });
    }
    this.getEnded(tenantId, id);
    await this.parts.store.commit([importRepository.delete(tenantId, id)]);
    this.ended.delete(key);
  }

  private getEnded(tenantId: string, id: string): EndedImport {
    const found = this.ended.get(keyOf(tenantId, id));
    if (found) return found;
    throw new PlatformError('inventory.importNotFound', 'There is no such import.', { details: id });
  }

  private async keep(tenantId: string, made: DeviceImport): Promise<void> {
    const { store, logger, settings } = this.parts;
    const { errors } = made;
    const report = made.report();
    this.ended.set(keyOf(tenantId, report.id), { tenantId, report, errors });
    const mine = [...this.ended].filter(([, each]) => each.tenantId === tenantId);
    const old = mine.slice(0, Math.max(0, mine.length - settings.importMaxKept));
    for (const [key] of old) this.ended.delete(key);
    try {
      await store.commit([
        importRepository.upsert(tenantId, report, errors),
        ...old.map(([, each]) => importRepository.delete(tenantId, each.report.id)),
      ]);
    } catch (error) {
      // The caller has the report all the same; only after a start it would be missing.
      logger.warn({ err: error, id: report.id }, 'the report of an import was not stored');
    }
  }
}

const keyOf = (tenantId: string, id: string): string => `${tenantId} ${id}`;
