import type { DeliveryRef } from '../connectors/delivery.ts';
import type { TwinObservationStatus } from '../contract/twin.ts';
import type { Device, DeviceInterface } from '../inventory/types.ts';
import type { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import type { OperationRecord } from './operation-record.ts';

/** An operation that is not final, or whose end is not durable yet. */
export class OpenOperation {
  readonly lane: Lane;
  /** As it is now. */
  record: OperationRecord;
  /** As a restart would find it. */
  durable: OperationRecord;
  /** Changes handed to the store and not yet durable. */
  unwritten = 0;

  constructor(lane: Lane, record: OperationRecord) {
    this.lane = lane;
    this.record = record;
    this.durable = record;
  }
}

/** What a device is to be observed for (manual 7.8.7). */
export class Observation {
  readonly lane: Lane;
  /** From the same numbers as those of operations: the one by which a connectivity knows it. */
  readonly seq: number;
  readonly id: string;
  readonly paths: readonly Lwm2mPath[];
  readonly name: string | undefined;
  readonly createdMs: number;
  status: TwinObservationStatus = 'PENDING';
  /** When it came to that; undefined: before the program started. */
  sinceMs: number | undefined;
  /** Why the last attempt failed, or how the device ended it. */
  reason: string | undefined;
  /** Notifications since the program started. */
  notifications = 0;
  lastNotificationMs: number | undefined;
  /** Attempts since the device registered. */
  attempts = 0;
  /** Requests for it that were sent, ever: tells outcomes of an earlier one from those of this. */
  sends = 0;
  /** It failed, and is tried again when the device updates its registration. */
  waits = false;
  /** Its row is in the store. */
  stored = false;
  cancelled = false;

  constructor(lane: Lane, facts: Pick<Observation, 'seq' | 'id' | 'paths' | 'name' | 'createdMs'>) {
    this.lane = lane;
    this.seq = facts.seq;
    this.id = facts.id;
    this.paths = facts.paths;
    this.name = facts.name;
    this.createdMs = facts.createdMs;
  }
}

/** What is asked of one device, and the one request that it has now. */
export class Lane {
  readonly device: Device;
  /** Those that have not ended, the oldest first. */
  operations: readonly OpenOperation[] = [];
  observations: readonly Observation[] = [];
  underWay: UnderWay | undefined;
  /** Nothing is sent before. */
  notBeforeMs = 0;
  /** Operations and observations that are being stored and will join. */
  joining = { operations: 0, observations: 0 };
  /** True once its device is deleted: what still happens to it does not count. */
  deleted = false;

  constructor(device: Device) {
    this.device = device;
  }

  get isEmpty(): boolean {
    const { operations, observations } = this.joining;
    return this.operations.length + this.observations.length + operations + observations === 0;
  }

  /** Takes the operation in at its place, if it is not there. */
  put(operation: OpenOperation): void {
    if (this.operations.includes(operation)) return;
    this.operations = [...this.operations, operation].sort((a, b) => a.record.seq - b.record.seq);
  }

  remove(operation: OpenOperation): void {
    this.operations = this.operations.filter((other) => other !== operation);
  }
}

export interface UnderWay {
  readonly subject: OpenOperation | Observation;
  readonly via: DeviceInterface;
  /** Undefined until it is handed over. */
  delivery: DeliveryRef | undefined;
}

/** The lanes of all devices that something is asked of. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();

  find({ tenantId, id }: Pick<Device, 'tenantId' | 'id'>): Lane | undefined {
    return this.lanes.get(`${tenantId}/${id}`);
  }

  /** The lane of a device, made now when it has none. */
  of(device: Device): Lane {
    const known = this.find(device);
    if (known?.device === device) return known;
    const lane = new Lane(device);
    this.lanes.set(keyOf(device), lane);
    return lane;
  }

  /** Forgets the lane when nobody needs it any more. */
  tidy(lane: Lane): void {
    if (lane.isEmpty && !lane.underWay && this.find(lane.device) === lane)
      this.lanes.delete(keyOf(lane.device));
  }

  renamed(device: Device, previousId: string): void {
    const lane = this.find({ tenantId: device.tenantId, id: previousId });
    if (!lane) return;
    this.lanes.delete(keyOf({ ...device, id: previousId }));
    this.lanes.set(keyOf(device), lane);
  }

  /** Forgets that of a device which is deleted. */
  remove(of: Pick<Device, 'tenantId' | 'id'>): Lane | undefined {
    const lane = this.find(of);
    if (!lane) return undefined;
    this.lanes.delete(keyOf(of));
    lane.deleted = true;
    lane.underWay = undefined;
    return lane;
  }

  all(): Lane[] {
    return [...this.lanes.values()];
  }

  /** Forgets all; what is still being stored for one starts nothing any more. */
  clear(): void {
    for (const lane of this.lanes.values()) lane.deleted = true;
    this.lanes.clear();
  }
}

const keyOf = ({ tenantId, id }: Pick<Device, 'tenantId' | 'id'>): string => `${tenantId}/${id}`;
