import type { Device } from '../inventory/types.ts';
import type { UpdateRecord } from './update-record.ts';

/** An update that has not ended, or whose end is not durable yet. */
export class OpenUpdate {
  readonly device: Device;
  /** As it is now. */
  record: UpdateRecord;
  /** As a restart would find it. */
  durable: UpdateRecord;
  /** Changes handed to the store and not yet durable. */
  unwritten = 0;
  /** It is not sent before. */
  retryMs = 0;

  constructor(device: Device, record: UpdateRecord) {
    this.device = device;
    this.record = record;
    this.durable = record;
  }

  /** True while the device is at it: asked, or has said that it updates. */
  get underWay(): boolean {
    const { status } = this.record.state;
    return status === 'SENT' || status === 'IN_PROGRESS';
  }
}

/** All updates that have not ended, found by number, by device and by link. */
export class OpenUpdates {
  private readonly bySeq = new Map<number, OpenUpdate>();
  private readonly byToken = new Map<string, OpenUpdate>();
  private readonly byDevice = new Map<Device, readonly OpenUpdate[]>();

  add(update: OpenUpdate): void {
    this.bySeq.set(update.record.seq, update);
    this.byToken.set(update.record.token, update);
    const others = this.of(update.device).filter((other) => other !== update);
    const all = [...others, update].sort((a, b) => a.record.seq - b.record.seq);
    this.byDevice.set(update.device, all);
  }

  remove(update: OpenUpdate): void {
    if (this.bySeq.get(update.record.seq) !== update) return;
    this.bySeq.delete(update.record.seq);
    this.byToken.delete(update.record.token);
    const others = this.of(update.device).filter((other) => other !== update);
    if (others.length > 0) this.byDevice.set(update.device, others);
    else this.byDevice.delete(update.device);
  }

  find(seq: number): OpenUpdate | undefined {
    return this.bySeq.get(seq);
  }

  findByToken(token: string): OpenUpdate | undefined {
    return this.byToken.get(token);
  }

  /** Those of a device, the oldest first. */
  of(device: Device): readonly OpenUpdate[] {
    return this.byDevice.get(device) ?? [];
  }

  devices(): Device[] {
    return [...this.byDevice.keys()];
  }

  all(): OpenUpdate[] {
    return [...this.bySeq.values()];
  }

  clear(): void {
    this.bySeq.clear();
    this.byToken.clear();
    this.byDevice.clear();
  }
}
