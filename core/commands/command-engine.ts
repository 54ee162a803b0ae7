import type { AuditLog } from '../audit/audit-log.ts';
import type { EventBus } from '../bus/event-bus.ts';
import type {
  CommandAnswer,
  CommandDownlink,
  CommandReports,
  Connectivities,
  DeliveryFailure,
  DeliveryRef,
} from '../connectors/connector.ts';
import type { DeliveryStatus } from '../contract/commands.ts';
import type { ConnectorName } from '../contract/connectors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { MessageIds } from '../data/message-id.ts';
import type { DeviceInterface, InterfaceRegistry } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import { Deadlines } from '../platform/deadlines.ts';
import type { Logger } from '../platform/logger.ts';
import type { EventRouter } from '../routing/event-router.ts';
import type { Store } from '../store/types.ts';
import { CommandQueues, type DeviceQueue, OpenCommand } from './command-queues.ts';
import {
  afterDelivery,
  afterEvent,
  type CommandRecord,
  completes,
  dueMs,
  expiresMs,
  type StateChange,
  takenUp,
} from './command-record.ts';
import { type CommandEvent, isFinal, nextStatus } from './command-state.ts';
import { CommandWriter } from './command-writer.ts';
import { StrayAnswers } from './stray-answers.ts';

export interface CommandEngineParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly bus: EventBus<PlatformEvents>;
  readonly audit: AuditLog;
  readonly router: EventRouter;
  readonly registry: InterfaceRegistry;
  readonly connectivities: Connectivities;
  readonly settings: { readonly commandMaxResponseBytes: number };
}

/** Who knows the commands that are not open any more. */
export interface CommandKeeper {
  find(to: CommandAnswer['to']): Promise<CommandRecord | undefined>;
  /** The end of a command is durable. */
  ended(record: CommandRecord): void;
}

const completed: StateChange = { giveUpMs: undefined, errorCode: undefined };
/** How long to wait before trying again what neither a device nor a store has taken. */
const retryMs = 1000;

/**
 * Sends commands to devices, one at a time each, and follows them to their end (manual 8.3). What it knows of a
 * command is durable before the wire sees it: after a kill no attempt is made twice without being counted.
 */
export class CommandEngine implements CommandReports {
  private readonly parts: CommandEngineParts;
  private readonly queues = new CommandQueues();
  private readonly open = new Map<number, OpenCommand>();
  private readonly deadlines: Deadlines<OpenCommand>;
  private readonly writer: CommandWriter;
  private readonly strays: StrayAnswers;

  constructor(parts: CommandEngineParts, keeper: CommandKeeper) {
    this.parts = parts;
    this.deadlines = new Deadlines(parts.clock, 'command deadlines', (command) => this.due(command));
    this.writer = new CommandWriter(parts, {
      ended: (command) => {
        this.forget(command);
        if (!command.deleted) keeper.ended(command.record);
      },
      restored: (command) => this.restored(command),
    });
    this.strays = new StrayAnswers(parts.audit, (to) => keeper.find(to));
  }

  /** Begins with the commands that were open when the program ended. */
  start(records: readonly CommandRecord[]): void {
    this.stop();
    const nowMs = this.parts.clock.now();
    for (const record of records) this.take(takenUp(record, nowMs));
    for (const command of [...this.open.values()]) {
      const { status } = command.record.state;
      // Nothing will tell whether this went out; with an acknowledgement, its time-out decides.
      if (status === 'PROCESSING' && command.record.policy.ackMode === 'NONE')
        this.attemptFailed(command, 'SENDING_INTERRUPTED');
    }
    for (const queue of this.queues.all()) this.dispatch(queue);
  }

  stop(): void {
    this.deadlines.clear();
    this.queues.clear();
    this.open.clear();
  }

  find(seq: number): OpenCommand | undefined {
    return this.open.get(seq);
  }

  queueOf(tenantId: string, deviceId: string): DeviceQueue {
    return this.queues.of(tenantId, deviceId);
  }

  /** The commands of a device that are not done, in the order in which they go out. */
  openOf(tenantId: string, deviceId: string): CommandRecord[] {
    return this.queues.find(tenantId, deviceId)?.commands.map(({ record }) => record) ?? [];
  }

  /** Gives back a queue that a command was to join and did not. */
  leave(queue: DeviceQueue): void {
    this.queues.tidy(queue);
  }

  /** Takes over a new command that is durable. */
  add(record: CommandRecord): void {
    this.dispatch(this.take(record).queue);
  }

  /** Cancels a command; resolves false when its state does not allow that, true when its end is durable. */
  cancel(command: OpenCommand, { force }: { force: boolean }): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      const done = (error?: Error): void => (error ? reject(error) : resolve(true));
      if (!this.happen(command, force ? 'forceCancel' : 'cancel', {}, { done })) resolve(false);
    });
  }

  /** Cancels whatever a device that was deleted still had to do. */
  deviceDeleted(tenantId: string, deviceId: string): void {
    const commands = this.queues.find(tenantId, deviceId)?.commands ?? [];
    for (const command of commands) this.happen(command, 'forceCancel', {});
  }

  /** Takes along the commands of a device that got another id; their rows went with the device's. */
  deviceRenamed(tenantId: string, from: string, to: string): void {
    const queue = this.queues.find(tenantId, from);
    if (!queue) return;
    this.queues.rename(queue, to);
    for (const command of this.open.values()) {
      if (command.queue !== queue) continue;
      const isDurable = command.record === command.durable;
      command.record = { ...command.record, deviceId: to };
      command.durable = isDurable ? command.record : { ...command.durable, deviceId: to };
    }
  }

  /** Drops a command that is being deleted. */
  remove(command: OpenCommand): void {
    command.deleted = true;
    if (command.record.state.status === 'PROCESSING') this.withdraw(command);
    command.queue.remove(command);
    this.forget(command);
    this.dispatch(command.queue);
  }

  ready(via: DeviceInterface): void {
    const queue = this.queues.find(via.device.tenantId, via.device.id);
    if (queue) this.dispatch(queue);
  }

  allReady(connector: ConnectorName, tenantId?: string): void {
    for (const queue of this.queues.all()) {
      if (tenantId !== undefined && queue.tenantId !== tenantId) continue;
      if (queue.commands.some(({ record }) => record.connector === connector)) this.dispatch(queue);
    }
  }

  hasMore({ device, connector }: DeviceInterface): boolean {
    const { processing, commands = [] } = this.queues.find(device.tenantId, device.id) ?? {};
    return commands.some((command) => command !== processing && command.record.connector === connector);
  }

  sent(delivery: DeliveryRef): void {
    this.reached(delivery, 'SENT');
  }

  delivered(delivery: DeliveryRef): void {
    this.reached(delivery, 'DELIVERED');
  }

  unsent(delivery: DeliveryRef, reason: string): void {
    const command = this.underWay(delivery);
    if (!command) return;
    this.parts.logger.debug({ commandId: command.record.id, reason }, 'a command did not leave');
    const { attempt } = command.record.state;
    const before = {
      attempt: attempt - 1,
      deliveryStatus: undefined,
      giveUpMs: undefined,
      nodeId: undefined,
    };
    // Not at once: a connectivity that takes and does not send must not keep both busy.
    this.happen(command, attempt > 1 ? 'retry' : 'putBack', before, { later: true });
  }

  failed(delivery: DeliveryRef, { errorCode, reason, permanent }: DeliveryFailure): void {
    const command = this.underWay(delivery);
    if (!command) return;
    const { tenantId, deviceId, id, connector, state } = command.record;
    this.parts.audit.record(tenantId, {
      level: 'error',
      category: 'device_management',
      subcategory: 'commands',
      type: 'logs_info',
      description: `Command ${id} was not delivered`,
      detailedDescription: reason,
      source: { deviceId, connector, ...(state.nodeId !== undefined && { nodeId: state.nodeId }) },
      content: { commandId: id, attempt: state.attempt, errorCode },
    });
    this.attemptFailed(command, errorCode, permanent);
  }

  answered(via: DeviceInterface, answer: CommandAnswer, done: (error?: Error) => void): void {
    const command = this.openFor(via, answer.to);
    const status = command?.record.state.status;
    if (!command || !status || !nextStatus(status, 'complete')) {
      this.strays.note(via, answer, command?.record, done);
      return;
    }
    if (status === 'RETRYING') this.strays.noteTakenLate(via, answer, command.record);
    const response = this.keptResponse(via, command, answer);
    this.happen(command, 'complete', { ...completed, deliveryStatus: 'REPLIED', response }, { done });
  }

  private take(record: CommandRecord): OpenCommand {
    const queue = this.queues.of(record.tenantId, record.deviceId);
    const command = new OpenCommand(record, queue);
    queue.members++;
    queue.put(command);
    this.open.set(record.seq, command);
    this.deadlines.set(command, dueMs(record));
    return command;
  }

  private forget(command: OpenCommand): void {
    if (this.open.get(command.record.seq) !== command) return;
    this.open.delete(command.record.seq);
    this.deadlines.set(command, undefined);
    command.queue.members--;
    this.queues.tidy(command.queue);
  }

  /** Sends the first command of a device that can go out now, unless one is under way. */
  private dispatch(queue: DeviceQueue): void {
    if (queue.commands.length === 0 || queue.processing) return;
    const device = this.parts.registry.findDevice(queue.tenantId, queue.deviceId);
    if (!device) return;
    const nowMs = this.parts.clock.now();
    for (const command of queue.commands) {
      const { connector } = command.record;
      const downlink = this.downlink(command.record);
      if (!downlink || expiresMs(command.record) <= nowMs) continue;
      for (const via of device.interfaces) {
        if (via.connector !== connector || !via.enabled || !downlink.takes(via)) continue;
        this.begin(command, downlink, via);
        return;
      }
    }
  }

  /** Counts the attempt, and sends when that is durable. */
  private begin(command: OpenCommand, downlink: CommandDownlink, via: DeviceInterface): void {
    const { policy, state } = command.record;
    const attempt = state.attempt + 1;
    const giveUpMs =
      policy.ackTimeoutInSeconds === undefined
        ? expiresMs(command.record)
        : this.parts.clock.now() + policy.ackTimeoutInSeconds * 1000;
    const change = { attempt, giveUpMs, nodeId: via.nodeId, deliveryStatus: 'SENDING' as const };
    const send = (error?: Error): void => {
      const { record } = command;
      const { seq: correlation, id: commandId, value, policy: wanted } = record;
      const delivery = { correlation, attempt, commandId, value, ackMode: wanted.ackMode };
      // Cancelled, deleted, or ended with the device, while it was being stored.
      if (error || command.deleted || this.underWay(delivery) !== command) return;
      const problem = problemWith(downlink, record);
      if (problem !== undefined) {
        this.failed(delivery, { errorCode: 'INVALID_COMMAND_REQUEST', reason: problem, permanent: true });
      } else if (downlink.takes(via)) downlink.send(via, delivery);
      else this.unsent(delivery, 'the device went while the command was being stored');
    };
    this.happen(command, 'begin', { ...change, errorCode: undefined }, { done: send });
  }

  /** The moment of a command has come: it expires, its attempt is given up, or it is tried again. */
  private due(command: OpenCommand): void {
    const { record } = command;
    const nowMs = this.parts.clock.now();
    const at = dueMs(record);
    if (at === undefined) return;
    if (at > nowMs) {
      this.deadlines.set(command, at);
      this.dispatch(command.queue);
      return;
    }
    if (record.state.status !== 'PROCESSING') {
      this.happen(command, 'expire', {});
      return;
    }
    this.withdraw(command);
    this.attemptFailed(command, record.policy.ackMode === 'NONE' ? 'SENDING_TIMEOUT' : 'ACK_TIMEOUT');
  }

  private attemptFailed(command: OpenCommand, errorCode: string, permanent = false): void {
    const { state, policy } = command.record;
    if (!permanent && state.attempt < policy.attempts) {
      this.happen(command, 'retry', { errorCode, deliveryStatus: undefined, giveUpMs: undefined });
    } else this.happen(command, 'fail', { errorCode, giveUpMs: undefined });
  }

  private reached(delivery: DeliveryRef, deliveryStatus: DeliveryStatus): void {
    const command = this.underWay(delivery);
    if (!command) return;
    const { policy } = command.record;
    if (completes(deliveryStatus, policy.ackMode)) {
      this.happen(command, 'complete', { ...completed, deliveryStatus });
      return;
    }
    const next = afterDelivery(command.record, deliveryStatus, this.parts.clock.now());
    if (next) this.writer.write(command, next);
  }

  /** @returns false when this cannot happen to the command now; then `done` is not called. */
  private happen(
    command: OpenCommand,
    event: CommandEvent,
    change: StateChange,
    { done, later = false }: { done?: (error?: Error) => void; later?: boolean } = {},
  ): boolean {
    const next = afterEvent(command.record, event, this.parts.clock.now(), change);
    if (!next || command.deleted) return false;
    if (event === 'forceCancel' && command.record.state.status === 'PROCESSING') this.withdraw(command);
    if (isFinal(next.state.status)) command.queue.remove(command);
    this.writer.write(command, next, done);
    this.deadlines.set(command, later ? this.parts.clock.now() + retryMs : dueMs(next));
    if (!later && event !== 'begin') this.dispatch(command.queue);
    return true;
  }

  /** A change was not stored: the command is again what a restart would find, and is looked at again soon. */
  private restored(command: OpenCommand): void {
    if (this.open.get(command.record.seq) !== command) return;
    if (!isFinal(command.record.state.status)) command.queue.put(command);
    this.deadlines.set(command, this.parts.clock.now() + retryMs);
  }

  private withdraw({ record }: OpenCommand): void {
    const { seq: correlation, tenantId, connector, state } = record;
    const via =
      state.nodeId === undefined
        ? undefined
        : this.parts.registry.findInterface(tenantId, connector, state.nodeId);
    if (via) this.downlink(record)?.withdraw?.(via, { correlation, attempt: state.attempt });
  }

  private downlink({ connector }: CommandRecord): CommandDownlink | undefined {
    return this.parts.connectivities.find(connector)?.commands;
  }

  /** The command whose present attempt this is; undefined when that is over. */
  private underWay({ correlation, attempt }: DeliveryRef): OpenCommand | undefined {
    const command = this.open.get(correlation);
    const state = command?.record.state;
    return state?.status === 'PROCESSING' && state.attempt === attempt ? command : undefined;
  }

  /** The open command that an answer of this device names. */
  private openFor(via: DeviceInterface, to: CommandAnswer['to']): OpenCommand | undefined {
    const seq = 'correlation' in to ? to.correlation : MessageIds.sequenceOf(to.commandId);
    const command = seq === undefined ? undefined : this.open.get(seq);
    if (!command || ('commandId' in to && to.commandId !== command.record.id)) return undefined;
    return command.queue === this.queues.find(via.device.tenantId, via.device.id) ? command : undefined;
  }

  private keptResponse(via: DeviceInterface, { record }: OpenCommand, { response }: CommandAnswer) {
    if (response === undefined) return undefined;
    const { commandMaxResponseBytes: most } = this.parts.settings;
    const bytes = Buffer.byteLength(JSON.stringify(response));
    if (bytes <= most) return { value: response };
    this.strays.noteTooLong(via, record, bytes, most);
    return undefined;
  }
}

/** What a connectivity cannot do of a command, and where it stands in the request; undefined: nothing. */
export function problemWith(
  downlink: CommandDownlink,
  { connector, value, policy }: Pick<CommandRecord, 'connector' | 'value' | 'policy'>,
): string | undefined {
  const problem = downlink.check(value);
  if (problem !== undefined) return `body.request.value: ${problem}`;
  if (downlink.ackModes.includes(policy.ackMode)) return undefined;
  return `body.policy.ackMode: ${connector} offers ${downlink.ackModes.join(', ')}, not ${policy.ackMode}`;
}
