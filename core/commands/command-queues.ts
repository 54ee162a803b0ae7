import type { CommandRecord } from './command-record.ts';

/** A command that is not final, or whose end is not durable yet. */
export class OpenCommand {
  /** As it is now. */
  record: CommandRecord;
  /** As a restart would find it. */
  durable: CommandRecord;
  readonly queue: DeviceQueue;
  /** Changes handed to the store and not yet durable. */
  unwritten = 0;
  /** True once somebody deleted it: what still happens to it does not count. */
  deleted = false;

  constructor(record: CommandRecord, queue: DeviceQueue) {
    this.record = record;
    this.durable = record;
    this.queue = queue;
  }
}

/** The commands of one device that are not final, the oldest first. */
export class DeviceQueue {
  readonly tenantId: string;
  deviceId: string;
  commands: readonly OpenCommand[] = [];
  /** Commands that are being stored and will join. */
  joining = 0;
  /** Commands in it, and those that have ended and whose end is not durable yet: they may have to come back. */
  members = 0;

  constructor(tenantId: string, deviceId: string) {
    this.tenantId = tenantId;
    this.deviceId = deviceId;
  }

  /** The one command that is being processed (manual 8.3.1: one at a time). */
  get processing(): OpenCommand | undefined {
    return this.commands.find(({ record }) => record.state.status === 'PROCESSING');
  }

  /** How many wait, with those about to join. */
  get waiting(): number {
    return this.commands.length + this.joining - (this.processing ? 1 : 0);
  }

  /** Takes the command in at its place, if it is not there. */
  put(command: OpenCommand): void {
    if (this.commands.includes(command)) return;
    const last = this.commands.at(-1);
    this.commands = [...this.commands, command];
    if (last && last.record.seq > command.record.seq) {
      this.commands = [...this.commands].sort((a, b) => a.record.seq - b.record.seq);
    }
  }

  remove(command: OpenCommand): void {
    this.commands = this.commands.filter((other) => other !== command);
  }
}

/** The queues of all devices that have one. */
export class CommandQueues {
  private readonly queues = new Map<string, DeviceQueue>();

  find(tenantId: string, deviceId: string): DeviceQueue | undefined {
    return this.queues.get(keyOf(tenantId, deviceId));
  }

  /** The queue of a device, made now when it has none. */
  of(tenantId: string, deviceId: string): DeviceQueue {
    const key = keyOf(tenantId, deviceId);
    let queue = this.queues.get(key);
    if (!queue) {
      queue = new DeviceQueue(tenantId, deviceId);
      this.queues.set(key, queue);
    }
    return queue;
  }

  /** Forgets the queue when nobody needs it any more. */
  tidy(queue: DeviceQueue): void {
    const key = keyOf(queue.tenantId, queue.deviceId);
    if (queue.members + queue.joining === 0 && this.queues.get(key) === queue) this.queues.delete(key);
  }

  /** The device has got another id. */
  rename(queue: DeviceQueue, deviceId: string): void {
    this.queues.delete(keyOf(queue.tenantId, queue.deviceId));
    queue.deviceId = deviceId;
    this.queues.set(keyOf(queue.tenantId, deviceId), queue);
  }

  all(): DeviceQueue[] {
    return [...this.queues.values()];
  }

  clear(): void {
    this.queues.clear();
  }
}

function keyOf(tenantId: string, deviceId: string): string {
  return `${tenantId}/${deviceId}`;
}
