import type { Device } from '../inventory/types.ts';
import type { Statement, Store } from '../store/types.ts';
import type { InstanceKey } from './reported-values.ts';
import { Twin } from './twin.ts';
import { twinRepository } from './twin-repository.ts';

/**
 * The twins of all devices: those of devices that are registered now in memory, the others in the store until somebody
 * wants them. A twin may leave memory at any time between two uses, for a read sees what was handed to the store before.
 */
export class TwinShelf {
  private readonly store: Store;
  private readonly twins = new Map<string, Twin>();
  private readonly loading = new Map<Device, Promise<Twin>>();
  private nextSeq = 1;

  constructor(store: Store) {
    this.store = store;
  }

  async start(): Promise<void> {
    this.clear();
    this.nextSeq = (await twinRepository.lastSeq(this.store)) + 1;
  }

  clear(): void {
    this.twins.clear();
    this.loading.clear();
  }

  /** That of a device which is registered now. */
  find(device: Device): Twin | undefined {
    return this.twins.get(keyOf(device));
  }

  /** The device is not registered any more. */
  release(device: Device): void {
    const twin = this.find(device);
    if (!twin) return;
    twin.live = false;
    this.twins.delete(keyOf(device));
  }

  /** Runs with the twin of a device; at once when it is in memory. */
  async use<T>(device: Device, run: (twin: Twin) => T): Promise<T> {
    const twin = this.twins.get(keyOf(device)) ?? (await this.load(device));
    try {
      return run(twin);
    } finally {
      if (!twin.live && this.twins.get(keyOf(device)) === twin) this.twins.delete(keyOf(device));
    }
  }

  /** Statements that store what was registered, and these instances. */
  statementsOf(twin: Twin, { registered, changed }: TwinChange): Statement[] {
    if (twin.deleted) return [];
    // Values belong to a row that is there.
    const first = registered || !twin.stored ? [twinRepository.put(twin)] : [];
    twin.stored = true;
    return [...first, ...[...changed].map((key) => twinRepository.putInstance(twin, key))];
  }

  /** Follows a device that has got another id. */
  renamed(device: Device, previousId: string): void {
    const before = keyOf({ tenantId: device.tenantId, id: previousId });
    const twin = this.twins.get(before);
    if (!twin) return;
    this.twins.delete(before);
    this.twins.set(keyOf(device), twin);
    // Its row went with the device's; one that was being written meanwhile stands under the old id.
    this.store.append([twinRepository.move(twin.seq, device.id)], () => {});
  }

  /** Forgets a device that is deleted. */
  remove(tenantId: string, deviceId: string): void {
    const key = keyOf({ tenantId, id: deviceId });
    const twin = this.twins.get(key);
    if (!twin) return;
    twin.deleted = true;
    this.twins.delete(key);
    // Its rows went with the device's; what was being written meanwhile has come after.
    this.store.append(twinRepository.delete(twin.seq), () => {});
  }

  private load(device: Device): Promise<Twin> {
    const under = this.loading.get(device);
    if (under) return under;
    const made = this.fetch(device).finally(() => {
      if (this.loading.get(device) === made) this.loading.delete(device);
    });
    this.loading.set(device, made);
    return made;
  }

  private async fetch(device: Device): Promise<Twin> {
    const { id } = device;
    const found = await twinRepository.find(this.store, device);
    const values = found ? await twinRepository.values(this.store, found.seq) : [];
    // It got another id while it was looked for under the old one.
    if (device.id !== id) return this.fetch(device);
    const twin = new Twin(device, found?.seq ?? this.nextSeq++);
    twin.objects = found?.objects ?? [];
    twin.stored = found !== undefined;
    for (const [key, each] of values) twin.values.load(key, each);
    this.twins.set(keyOf(device), twin);
    return twin;
  }
}

export interface TwinChange {
  readonly registered: boolean;
  readonly changed: Iterable<InstanceKey>;
}

function keyOf({ tenantId, id }: Pick<Device, 'tenantId' | 'id'>): string {
  return `${tenantId}/${id}`;
}
