import type { Device } from '../inventory/types.ts';
import type { Statement, Store } from '../store/types.ts';
import { type ConfigurationRecord, hasOpenParameter, newConfiguration } from './configuration-record.ts';
import { configurationRepository } from './configuration-repository.ts';

/** A configuration in memory. */
export class ConfigurationEntry {
  readonly device: Device;
  /** As it is now. */
  record: ConfigurationRecord;
  /** As a restart would find it. */
  durable: ConfigurationRecord;
  /** Changes handed to the store and not yet durable. */
  unwritten = 0;
  /** Nothing is sent before. */
  retryMs = 0;
  /** Deliveries under way. */
  correlations: ReadonlySet<number> = new Set();
  /** True once its device is deleted: what still happens to it does not count. */
  deleted = false;

  constructor(device: Device, record: ConfigurationRecord) {
    this.device = device;
    this.record = record;
    this.durable = record;
  }
}

export interface ShelfHost {
  /** Changes were not stored, and the configuration is again as it was before them. */
  restored(entry: ConfigurationEntry): void;
}

/**
 * The configurations of all devices: those with something to do in memory, the others in the store until somebody
 * wants them. They belong to a device whatever its id is.
 */
export class ConfigurationShelf {
  private readonly store: Store;
  private readonly host: ShelfHost;
  /** The row of each device that has one. */
  private seqs = new WeakMap<Device, number>();
  private readonly entries = new Map<string, ConfigurationEntry>();
  private readonly loading = new Map<Device, Promise<ConfigurationEntry>>();
  private nextSeq = 1;

  constructor(store: Store, host: ShelfHost) {
    this.store = store;
    this.host = host;
  }

  /**
   * Takes up what the store holds.
   * @returns the highest correlation there is
   */
  async start(findDevice: (tenantId: string, deviceId: string) => Device | undefined): Promise<number> {
    this.clear();
    let highest = 0;
    const devices = new Map<number, Device>();
    for await (const { seq, tenantId, deviceId, correlation } of configurationRepository.loadIndex(
      this.store,
    )) {
      this.nextSeq = Math.max(this.nextSeq, seq + 1);
      highest = Math.max(highest, correlation);
      const device = findDevice(tenantId, deviceId);
      if (!device) {
        // Its device was deleted while it was being written.
        await this.store.commit([configurationRepository.delete(seq)]);
        continue;
      }
      this.seqs.set(device, seq);
      devices.set(seq, device);
    }
    for await (const record of configurationRepository.loadOpen(this.store)) {
      const device = devices.get(record.seq);
      if (device) this.entries.set(keyOf(device), new ConfigurationEntry(device, record));
    }
    return highest;
  }

  clear(): void {
    this.seqs = new WeakMap();
    this.entries.clear();
    this.loading.clear();
  }

  /** Those with something to send or to wait for, and those in use. */
  inMemory(): ConfigurationEntry[] {
    return [...this.entries.values()];
  }

  find(device: Device): ConfigurationEntry | undefined {
    return this.entries.get(keyOf(device));
  }

  /** Runs with the configuration of a device; at once when it is in memory. Runs of one device keep their order. */
  async use<T>(device: Device, run: (entry: ConfigurationEntry) => T): Promise<T> {
    const entry = this.entries.get(keyOf(device)) ?? (await this.load(device));
    try {
      return run(entry);
    } finally {
      this.tidy(entry);
    }
  }

  /** Makes a change, at once in memory. `done` is called when it is durable, or when it was not stored. */
  write(
    entry: ConfigurationEntry,
    next: ConfigurationRecord,
    also: readonly Statement[],
    done: (error?: Error) => void,
  ): void {
    if (entry.deleted) {
      done();
      return;
    }
    entry.record = next;
    entry.unwritten++;
    this.entries.set(keyOf(entry.device), entry);
    this.seqs.set(entry.device, next.seq);
    this.store.append([configurationRepository.put(next, entry.device), ...also], (error) => {
      entry.unwritten--;
      if (error) this.notStored(entry);
      else entry.durable = next;
      done(error);
      this.tidy(entry);
    });
  }

  /** Follows a device that has got another id. */
  renamed(device: Device, previousId: string): void {
    const before = keyOf({ tenantId: device.tenantId, id: previousId });
    const entry = this.entries.get(before);
    if (!entry) return;
    this.entries.delete(before);
    this.entries.set(keyOf(device), entry);
    // Its row went with the device's; one that was being written meanwhile stands under the old id.
    this.store.append([configurationRepository.move(entry.record.seq, device.id)], () => {});
  }

  /** Forgets a device that is deleted. @returns its configuration when it was in memory */
  remove(tenantId: string, deviceId: string): ConfigurationEntry | undefined {
    const key = keyOf({ tenantId, id: deviceId });
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    entry.deleted = true;
    this.entries.delete(key);
    this.seqs.delete(entry.device);
    // Its row went with the device's; one that was being written meanwhile has come after.
    this.store.append([configurationRepository.delete(entry.record.seq)], () => {});
    return entry;
  }

  private load(device: Device): Promise<ConfigurationEntry> {
    const under = this.loading.get(device);
    if (under) return under;
    const seq = this.seqs.get(device);
    const made = this.fetch(device, seq).finally(() => this.loading.delete(device));
    this.loading.set(device, made);
    return made;
  }

  private async fetch(device: Device, seq: number | undefined): Promise<ConfigurationEntry> {
    const found = seq === undefined ? undefined : await configurationRepository.find(this.store, seq);
    // Who came before may have gone on with it.
    const known = this.entries.get(keyOf(device));
    if (known) return known;
    const entry = new ConfigurationEntry(device, found ?? newConfiguration(this.nextSeq++));
    // Everything was reset meanwhile.
    if (seq !== undefined && this.seqs.get(device) !== seq) entry.deleted = true;
    else this.entries.set(keyOf(device), entry);
    return entry;
  }

  private notStored(entry: ConfigurationEntry): void {
    // A later change that is stored holds this one too; one that is not comes here as well.
    if (entry.unwritten > 0 || entry.deleted || entry.record === entry.durable) return;
    entry.record = entry.durable;
    this.host.restored(entry);
  }

  private tidy(entry: ConfigurationEntry): void {
    if (this.entries.get(keyOf(entry.device)) !== entry || entry.unwritten > 0) return;
    if (!hasOpenParameter(entry.record)) this.entries.delete(keyOf(entry.device));
  }
}

function keyOf({ tenantId, id }: Pick<Device, 'tenantId' | 'id'>): string {
  return `${tenantId}/${id}`;
}
