import { type CreateDeviceRequest, createDeviceRequest } from '../../contract/devices.ts';
import { errorTable, PlatformError } from '../../contract/errors.ts';
import { pathNode } from '../../contract/groups.ts';
import type { BulkFormat, ImportError, ImportReport } from '../../contract/imports.ts';
import { invalidParameter } from '../../contract/invalid-parameter.ts';
import { type Clock, isoTime } from '../../platform/clock.ts';
import type { Store } from '../../store/types.ts';
import type { InventoryService } from '../inventory-service.ts';
import { deviceCsv } from './csv-devices.ts';
import { CsvRecords } from './csv-records.ts';
import { checkRecord, decodeText, toFailure } from './file-text.ts';
import { JsonReader } from './json-reader.ts';
import { type BulkRecord, type RecordReader, UnreadableFile } from './record-reader.ts';

export interface ImportOptions {
  readonly id: string;
  readonly tenantId: string;
  /** Found out from the first character when undefined. */
  readonly format: BulkFormat | undefined;
  readonly dryRun: boolean;
  /** What becomes of a device whose id exists already. */
  readonly onExisting: 'fail' | 'skip';
  /** Groups of the file that do not exist are made, where they are named by their path. */
  readonly createGroups: boolean;
  readonly totalBytes: number | undefined;
}

export interface ImportSettings {
  /** Longest file. */
  readonly importMaxBytes: number;
  /** Longest text of one device in it. */
  readonly importMaxRecordChars: number;
  /** Errors that are kept of one import, the first. */
  readonly importMaxErrors: number;
}

export interface ImportParts {
  readonly inventory: InventoryService;
  readonly store: Pick<Store, 'congested' | 'onRelief'>;
  readonly clock: Clock;
  readonly settings: ImportSettings;
}

/** A device that was not made. */
interface Failed {
  readonly line: number;
  readonly deviceId: string | undefined;
  readonly error: unknown;
}

/** A device that can be made now. */
interface Ready {
  readonly line: number;
  readonly deviceId: string | undefined;
  readonly request: CreateDeviceRequest;
}

/** Devices handed to the store together, with a turn of the event loop for everybody else behind each. */
const batchRecords = 25;

/**
 * One file of devices on its way into the inventory. Each device is a transaction of its own: it is there, durably,
 * or its line has an error, whatever becomes of the others.
 */
export class DeviceImport {
  readonly options: ImportOptions;
  readonly errors: ImportError[] = [];
  private readonly parts: ImportParts;
  private readonly startedMs: number;
  private endedMs: number | undefined;
  private state: ImportReport['state'] = 'running';
  private reason: string | undefined;
  private format: BulkFormat | undefined;
  private bytesRead = 0;
  private readonly count = { records: 0, created: 0, skipped: 0, failed: 0, groupsCreated: 0 };
  /** What the file has taken so far; a dry run leaves nothing in the inventory to find it by. */
  private readonly taken = new Set<string>();
  private readonly wantedGroups = new Set<string>();
  private cancelNow: () => void = () => {};
  private readonly canceled = new Promise<'canceled'>((resolve) => {
    this.cancelNow = () => resolve('canceled');
  });

  constructor(options: ImportOptions, parts: ImportParts) {
    this.options = options;
    this.parts = parts;
    this.startedMs = parts.clock.now();
  }

  get running(): boolean {
    return this.state === 'running';
  }

  report(): ImportReport {
    const { id, dryRun, totalBytes } = this.options;
    return {
      id,
      state: this.state,
      ...(this.reason !== undefined && { reason: this.reason }),
      dryRun,
      ...(this.format && { format: this.format }),
      started: isoTime(this.startedMs),
      ...(this.endedMs !== undefined && { ended: isoTime(this.endedMs) }),
      bytesRead: this.bytesRead,
      ...(totalBytes !== undefined && { totalBytes }),
      ...this.count,
    };
  }

  /** Ends it behind the batch that is under way. What was created stays. */
  cancel(): void {
    if (this.running) this.end('canceled', undefined);
    this.cancelNow();
  }

  /**
   * Reads the file as it comes, not faster than the store takes it.
   * @throws PlatformError when it cannot be read to its end; the report says so as well
   */
  async run(file: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await this.readFile(file);
      if (this.running) this.end('done', undefined);
    } catch (error) {
      const failure = toFailure(error);
      this.end('failed', failure.details ?? failure.message);
      throw failure;
    }
  }

  private end(state: ImportReport['state'], reason: string | undefined): void {
    this.state = state;
    this.reason = reason;
    this.endedMs = this.parts.clock.now();
  }

  private async readFile(file: AsyncIterable<Uint8Array>): Promise<void> {
    const { importMaxBytes } = this.parts.settings;
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const chunks = file[Symbol.asyncIterator]();
    let reader: RecordReader | undefined;
    while (this.running) {
      const next = await Promise.race([chunks.next(), this.canceled]);
      if (next === 'canceled') return;
      const text = decodeText(decoder, next.done ? undefined : next.value, this.bytesRead);
      this.bytesRead += next.done ? 0 : next.value.byteLength;
      if (this.bytesRead > importMaxBytes) {
        throw new PlatformError('api.bodyTooLarge', 'The file is too large.', {
          details: `at most ${importMaxBytes} bytes (setting importMaxBytes)`,
        });
      }
      reader ??= this.openReader(text);
      if (reader) await this.takeAll(reader.read(text));
      if (!next.done) continue;
      if (!reader) throw new UnreadableFile('line 1: the file is empty');
      await this.takeAll(reader.end());
      return;
    }
  }

  private openReader(text: string): RecordReader | undefined {
    const { importMaxRecordChars } = this.parts.settings;
    const first = /\S/.exec(text)?.[0];
    if (first === undefined) return undefined;
    this.format = this.options.format ?? (first === '[' || first === '{' ? 'json' : 'csv');
    return this.format === 'json'
      ? new JsonReader(importMaxRecordChars)
      : new CsvRecords(deviceCsv, importMaxRecordChars);
  }

  private async takeAll(records: Iterable<BulkRecord>): Promise<void> {
    let batch: BulkRecord[] = [];
    try {
      for (const record of records) {
        batch.push(record);
        if (batch.length < batchRecords) continue;
        const full = batch;
        batch = [];
        await this.takeBatch(full);
        if (!this.running) return;
      }
    } catch (error) {
      // What was read before the place that cannot be read counts.
      if (error instanceof UnreadableFile) await this.takeBatch(batch);
      throw error;
    }
    await this.takeBatch(batch);
  }

  private async takeBatch(batch: readonly BulkRecord[]): Promise<void> {
    const { store } = this.parts;
    // Begun in the order of the file, so that the first of two that clash is taken; then side by side, so that one
    // sync of the journal serves them all.
    const outcomes: Promise<Failed | undefined>[] = [];
    for (const record of batch) {
      const ready = await this.prepare(record);
      outcomes.push('error' in ready ? Promise.resolve(ready) : this.create(ready));
    }
    for (const failed of await Promise.all(outcomes)) if (failed) this.note(failed);
    if (store.congested) await new Promise<void>((resolve) => store.onRelief(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Checks a record and makes its group. Never rejects. */
  private async prepare({ line, parse }: BulkRecord): Promise<Ready | Failed> {
    this.count.records++;
    let deviceId: string | undefined;
    try {
      const raw = parse();
      deviceId = idOf(raw);
      const request = checkRecord(createDeviceRequest, raw);
      if (this.options.dryRun) this.rehearse(request);
      else await this.makeGroup(request);
      return { line, deviceId, request };
    } catch (error) {
      return { line, deviceId, error };
    }
  }

  /** Takes the ids of the device before it first waits. Never rejects. */
  private async create({ line, deviceId, request }: Ready): Promise<Failed | undefined> {
    try {
      if (!this.options.dryRun) await this.parts.inventory.createDevice(this.options.tenantId, request);
      this.count.created++;
      return undefined;
    } catch (error) {
      return { line, deviceId, error };
    }
  }

  private async makeGroup(request: CreateDeviceRequest): Promise<void> {
    const { inventory } = this.parts;
    const { tenantId } = this.options;
    const path = this.missingGroup(request);
    if (path === undefined) return;
    const nodes = pathNodesOf(path);
    // A device that is refused makes no group.
    inventory.planDevice(tenantId, { ...request, group: undefined });
    this.count.groupsCreated += await inventory.groups.ensure(tenantId, nodes);
  }

  private rehearse(request: CreateDeviceRequest): void {
    const { inventory } = this.parts;
    const path = this.missingGroup(request);
    const nodes = path === undefined ? [] : pathNodesOf(path);
    const { keys } = inventory.planDevice(
      this.options.tenantId,
      path === undefined ? request : { ...request, group: undefined },
    );
    const clash = keys.findIndex((key) => this.taken.has(key));
    if (clash >= 0) {
      throw new PlatformError(
        clash === 0 ? 'inventory.deviceDuplicate' : 'inventory.interfaceDuplicate',
        'An earlier line of the file has the same device id, or an interface of the same connector and node.',
        { details: keys[clash] },
      );
    }
    for (const key of keys) this.taken.add(key);
    nodes.forEach((_node, index) => {
      const above = `/${nodes.slice(0, index + 1).join('/')}`;
      if (!inventory.groups.findByPath(this.options.tenantId, above)) this.wantedGroups.add(above);
    });
    this.count.groupsCreated = this.wantedGroups.size;
  }

  /** The path of a group that is to be made first. */
  private missingGroup({ group }: CreateDeviceRequest): string | undefined {
    const path = group?.path;
    if (!this.options.createGroups || path === undefined || group?.id !== undefined) return undefined;
    const { groups } = this.parts.inventory;
    return groups.findByPath(this.options.tenantId, path) ? undefined : path;
  }

  private note({ line, deviceId, error }: Failed): void {
    // A full disk is not the fault of a line, and all lines to come would meet it too.
    if (!(error instanceof PlatformError) || error.code.startsWith('store.')) throw error;
    if (error.code === 'inventory.deviceDuplicate' && this.options.onExisting === 'skip') {
      this.count.skipped++;
      return;
    }
    this.count.failed++;
    if (this.errors.length >= this.parts.settings.importMaxErrors) return;
    const { message, details } = error;
    this.errors.push({
      line,
      ...(deviceId !== undefined && { deviceId }),
      code: errorTable[error.code].apiCode,
      message,
      // What is checked as the body of a request elsewhere is a record here.
      ...(details !== undefined && { details: details.replace(/(^|; )body\./g, '$1') }),
    });
  }
}

function idOf(raw: unknown): string | undefined {
  const { id } = (raw ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id.slice(0, longestShownId) : undefined;
}

const longestShownId = 269;

/** @throws PlatformError `api.invalidParameter` for a path that no group can have */
function pathNodesOf(path: string): string[] {
  const nodes = path.startsWith('/') ? path.slice(1).split('/') : [''];
  for (const node of nodes) {
    const checked = pathNode.safeParse(node);
    if (checked.success) continue;
    const why = checked.error.issues.map(({ message }) => message).join(', ');
    throw invalidParameter(`group.path: must be /a/b; ${JSON.stringify(node)} ${why}`);
  }
  return nodes;
}
