import { type CreateEntryRequest, createEntryRequest } from '../contract/bootstrap/entries.ts';
import type { EntryImportError, EntryImportReport } from '../contract/bootstrap/imports.ts';
import { errorTable, PlatformError } from '../contract/errors.ts';
import { CsvRecords } from '../inventory/bulk/csv-records.ts';
import { checkRecord, decodeText, toFailure } from '../inventory/bulk/file-text.ts';
import { type BulkRecord, UnreadableFile } from '../inventory/bulk/record-reader.ts';
import { type BootstrapEntries, Taken } from './bootstrap-entries.ts';
import { entryCsv } from './csv-entries.ts';

export interface EntryImportSettings {
  /** Longest file. */
  readonly importMaxBytes: number;
  /** Longest text of one record in it. */
  readonly importMaxRecordChars: number;
  /** Errors that are kept of one import, the first. */
  readonly importMaxErrors: number;
}

/** Entries in one transaction, with a turn of the event loop for everybody else behind it. */
const batchRecords = 100;

interface Line {
  readonly line: number;
  readonly endpointName: string | undefined;
}

type Checked = Line & ({ readonly request: CreateEntryRequest } | { readonly error: PlatformError });

/** Takes in files of bootstrap entries (manual 7.7.4). */
export class EntryImports {
  private readonly entries: BootstrapEntries;
  private readonly settings: EntryImportSettings;

  constructor(entries: BootstrapEntries, settings: EntryImportSettings) {
    this.entries = entries;
    this.settings = settings;
  }

  /**
   * Makes the entries of a CSV file. One that is refused is an error of its line and keeps no other from being made.
   * @param options.dryRun only says what would happen
   * @throws PlatformError `api.invalidParameter`, `api.bodyTooLarge` when the file cannot be read to its end; `details`
   *   says how many entries were made before
   */
  async run(
    { tenantId, dryRun }: { tenantId: string; dryRun: boolean },
    file: AsyncIterable<Uint8Array>,
  ): Promise<EntryImportReport> {
    const count = { records: 0, created: 0, failed: 0 };
    const errors: EntryImportError[] = [];
    const taken = new Taken();
    const note = ({ line, endpointName }: Line, outcome: unknown): void => {
      count.records++;
      if (!(outcome instanceof PlatformError)) {
        count.created++;
        return;
      }
      count.failed++;
      if (errors.length >= this.settings.importMaxErrors) return;
      const { message, details } = outcome;
      errors.push({
        line,
        ...(endpointName !== undefined && { endpointName }),
        ...{ code: errorTable[outcome.code].apiCode, message, ...(details !== undefined && { details }) },
      });
    };
    try {
      for await (const batch of this.batches(file)) {
        const checked = batch.map((record) => this.check(record, dryRun ? { tenantId, taken } : undefined));
        const outcomes = dryRun ? [] : await this.entries.createAll(tenantId, checked.flatMap(requestOf));
        for (const each of checked) note(each, 'error' in each ? each.error : outcomes.shift());
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      if (error instanceof PlatformError && error.code.startsWith('store.')) throw error;
      const { code, message, details } = toFailure(error);
      const before = dryRun ? '' : `; ${count.created} entries were made before that`;
      throw new PlatformError(code, message, { details: `${details ?? message}${before}`, cause: error });
    }
    return { dryRun, ...count, errors };
  }

  private async *batches(file: AsyncIterable<Uint8Array>): AsyncIterable<BulkRecord[]> {
    const { importMaxBytes, importMaxRecordChars } = this.settings;
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const reader = new CsvRecords(entryCsv, importMaxRecordChars);
    let bytesRead = 0;
    let batch: BulkRecord[] = [];
    try {
      for await (const chunk of file) {
        bytesRead += chunk.byteLength;
        if (bytesRead > importMaxBytes) throw tooLarge(importMaxBytes);
        for (const record of reader.read(decodeText(decoder, chunk, bytesRead - chunk.byteLength))) {
          batch.push(record);
          if (batch.length < batchRecords) continue;
          yield batch;
          batch = [];
        }
      }
      for (const record of reader.read(decodeText(decoder, undefined, bytesRead))) batch.push(record);
      for (const record of reader.end()) batch.push(record);
    } catch (error) {
      // What was read before the place that cannot be read counts.
      if (error instanceof UnreadableFile) yield batch;
      throw error;
    }
    yield batch;
  }

  /** @param rehearse with whom it would clash, for a dry run */
  private check(
    { line, parse }: BulkRecord,
    rehearse: { readonly tenantId: string; readonly taken: Taken } | undefined,
  ): Checked {
    let endpointName: string | undefined;
    try {
      const raw = parse();
      endpointName = (raw as { endpointName?: string }).endpointName?.slice(0, longestShownName);
      const request = checkRecord(createEntryRequest, raw);
      if (rehearse) this.entries.plan(rehearse.tenantId, request, rehearse.taken);
      return { line, endpointName, request };
    } catch (error) {
      if (error instanceof PlatformError) return { line, endpointName, error };
      throw error;
    }
  }
}

const longestShownName = 255;

const requestOf = (checked: Checked): CreateEntryRequest[] => ('request' in checked ? [checked.request] : []);

const tooLarge = (most: number): PlatformError =>
  new PlatformError('api.bodyTooLarge', 'The file is too large.', {
    details: `at most ${most} bytes (setting importMaxBytes)`,
  });
