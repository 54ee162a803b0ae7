import type { CommandDownlink } from '../connectors/connector.ts';
import {
  type CommandJson,
  type CommandPolicy,
  type CreateCommandRequest,
  policyBounds,
} from '../contract/commands.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { MessageIds } from '../data/message-id.ts';
import type { Device } from '../inventory/types.ts';
import { OldestRows } from '../store/oldest-rows.ts';
import type { Statement } from '../store/types.ts';
import { CommandEngine, type CommandEngineParts, problemWith } from './command-engine.ts';
import { type CommandRecord, newState, toCommandJson } from './command-record.ts';
import { type CommandQuery, commandRepository } from './command-repository.ts';
import { commandChanged, routeStatus } from './command-writer.ts';

export interface CommandSettings {
  readonly commandMaxQueued: number;
  readonly commandMaxValueBytes: number;
  readonly commandMaxResponseBytes: number;
  readonly commandMaxKept: number;
  readonly commandMaxKeptBytes: number;
}

export interface CommandParts extends CommandEngineParts {
  readonly settings: CommandSettings;
}

/** Seconds of 2020-01-01. */
const firstSecond = 1_577_836_800;

/** Commands as the API offers them (facts 2.1); what happens to them after is the engine's. */
export class CommandService {
  readonly engine: CommandEngine;
  private readonly parts: CommandParts;
  private readonly kept: OldestRows;
  private ids = new MessageIds('0000');
  private nextSeq = 1;

  constructor(parts: CommandParts) {
    this.parts = parts;
    const { commandMaxKept: rows, commandMaxKeptBytes: bytes } = parts.settings;
    this.kept = new OldestRows(parts, commandRepository.aged, { rows, bytes });
    this.engine = new CommandEngine(parts, {
      find: (to) => ('correlation' in to ? this.stored(to.correlation) : this.storedById(to.commandId)),
      ended: (record) => this.kept.added(commandRepository.bytesOf(record)),
    });
  }

  /** Takes up the commands that are not final. @param installation as for {@link MessageIds}. */
  async start(installation: string): Promise<void> {
    const { store, clock, bus } = this.parts;
    this.ids = new MessageIds(installation);
    // A wire knows a command by this number, and may answer after a restart or a reset: so it also rises with time.
    const elapsedS = Math.floor(clock.now() / 1000) - firstSecond;
    this.nextSeq = Math.max(this.nextSeq, elapsedS, (await commandRepository.lastSeq(store)) + 1);
    const open: CommandRecord[] = [];
    for await (const record of commandRepository.loadOpen(store, this.ids)) open.push(record);
    await this.kept.start();
    this.engine.start(open);
    bus.on('deviceUpdated', this, ({ tenantId, deviceId, previousId }) => {
      if (previousId !== deviceId) this.engine.deviceRenamed(tenantId, previousId, deviceId);
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) => this.engine.deviceDeleted(tenantId, deviceId));
  }

  async stop(): Promise<void> {
    this.parts.bus.release(this);
    this.engine.stop();
    await this.kept.stop();
  }

  /**
   * Registers a command; resolves when it would survive a kill. It goes out when the device takes commands.
   * @param options.validate false: what the connector would refuse is only found when it is to be sent
   * @param options.alongside makes statements that are stored with the command, in one transaction
   * @throws PlatformError `inventory.deviceNotFound`, `inventory.connectorUnavailable`, `api.invalidParameter`,
   *   `commands.queueFull`
   */
  async create(
    tenantId: string,
    deviceId: string,
    { request, policy: wanted }: CreateCommandRequest,
    { validate, alongside }: { validate: boolean; alongside?: (commandId: string) => readonly Statement[] },
  ): Promise<CommandJson> {
    const { store, bus, router, registry, clock } = this.parts;
    const device = this.deviceOf(tenantId, deviceId);
    const downlink = this.downlink(request.connector);
    const policy = resolvePolicy(downlink, wanted ?? {});
    this.checkSize(request.value);
    if (validate) check(device, downlink, { ...request, policy });
    const queue = this.engine.queueOf(tenantId, deviceId);
    if (queue.waiting >= this.parts.settings.commandMaxQueued) throw this.queueFull(queue.waiting);
    queue.joining++;
    const createdMs = clock.now();
    const seq = this.nextSeq++;
    const id = this.ids.format(seq, createdMs);
    const { connector, value } = request;
    const state = newState(createdMs);
    const record = { seq, id, tenantId, deviceId, connector, value, policy, createdMs, state };
    const routed = routeStatus(router, record);
    try {
      const others = [...routed.statements, ...(alongside?.(id) ?? [])];
      await store.commit([commandRepository.insert(record), ...others]);
    } catch (error) {
      queue.joining--;
      this.engine.leave(queue);
      throw error;
    }
    queue.joining--;
    routed.enter();
    bus.emit('commandChanged', commandChanged(record));
    this.engine.add(record);
    if (!registry.findDevice(tenantId, deviceId)) this.engine.deviceDeleted(tenantId, deviceId);
    return toCommandJson(record);
  }

  /** @throws PlatformError `inventory.deviceNotFound` */
  async list(
    tenantId: string,
    deviceId: string,
    query: CommandQuery,
    withTotal: boolean,
  ): Promise<{ commands: CommandJson[]; total: number | undefined }> {
    this.deviceOf(tenantId, deviceId);
    const of = { tenantId, deviceId };
    const { records, total } = await commandRepository.list(this.parts.store, this.ids, of, query, withTotal);
    return { commands: records.map(toCommandJson), total };
  }

  /** @throws PlatformError `commands.notFound` */
  async get(tenantId: string, id: string): Promise<CommandJson> {
    return toCommandJson(await this.record(tenantId, id));
  }

  /**
   * Cancels a command.
   * @param options.force also while it is being processed
   * @throws PlatformError `commands.notFound`, `commands.wrongState`
   */
  async cancel(tenantId: string, id: string, { force }: { force: boolean }): Promise<void> {
    const { seq } = await this.record(tenantId, id);
    const command = this.engine.find(seq);
    if (command && (await this.engine.cancel(command, { force }))) return;
    const { status } = (command?.record ?? (await this.record(tenantId, id))).state;
    const hint = status === 'PROCESSING' ? '; with force=true it can be canceled while it is processed' : '';
    throw new PlatformError('commands.wrongState', 'The command cannot be canceled any more.', {
      details: `Its status is ${status}${hint}.`,
    });
  }

  /** Deletes a command, also one that is not final; resolves when that is durable. @throws PlatformError `commands.notFound` */
  async delete(tenantId: string, id: string): Promise<void> {
    const { seq, deviceId } = await this.record(tenantId, id);
    await this.parts.store.commit([commandRepository.delete(seq)]);
    const command = this.engine.find(seq);
    if (command) this.engine.remove(command);
    this.parts.bus.emit('commandDeleted', { tenantId, deviceId, commandId: id });
  }

  /** A command as a restart would find it at this moment; undefined when there is none. */
  async find(tenantId: string, id: string): Promise<CommandRecord | undefined> {
    const seq = MessageIds.sequenceOf(id);
    const open = seq === undefined ? undefined : this.engine.find(seq)?.durable;
    const found = open?.id === id ? open : await this.storedById(id);
    return found?.tenantId === tenantId ? found : undefined;
  }

  private async record(tenantId: string, id: string): Promise<CommandRecord> {
    const found = await this.storedById(id);
    if (found?.tenantId === tenantId) return found;
    throw new PlatformError('commands.notFound', 'There is no such command.', { details: id });
  }

  private async storedById(id: string): Promise<CommandRecord | undefined> {
    const seq = MessageIds.sequenceOf(id);
    const found = seq === undefined ? undefined : await this.stored(seq);
    return found?.id === id ? found : undefined;
  }

  private async stored(seq: number): Promise<CommandRecord | undefined> {
    // Numbers from a wire may be anything.
    if (!Number.isSafeInteger(seq)) return undefined;
    return commandRepository.find(this.parts.store, this.ids, seq);
  }

  private deviceOf(tenantId: string, deviceId: string): Device {
    const device = this.parts.registry.findDevice(tenantId, deviceId);
    if (device) return device;
    throw new PlatformError('inventory.deviceNotFound', 'There is no such device.', { details: deviceId });
  }

  private downlink(connector: CreateCommandRequest['request']['connector']): CommandDownlink {
    const { connectivities } = this.parts;
    const found = connectivities.find(connector)?.commands;
    if (found) return found;
    throw new PlatformError(
      'inventory.connectorUnavailable',
      'Commands over this connector are not offered yet.',
      {
        details: `${connector}; offered: ${connectivities.withCommands().join(', ')}`,
      },
    );
  }

  private checkSize(value: unknown): void {
    const { commandMaxValueBytes: most } = this.parts.settings;
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes <= most) return;
    throw invalidParameter(
      `body.request.value: has ${bytes} bytes as JSON; the most is ${most} (setting commandMaxValueBytes)`,
    );
  }

  private queueFull(waiting: number): PlatformError {
    const { commandMaxQueued } = this.parts.settings;
    return new PlatformError('commands.queueFull', 'Too many commands of this device wait to be sent.', {
      details:
        `${waiting} wait; the most is ${commandMaxQueued} (setting commandMaxQueued). ` +
        'Wait until the device has taken some, or cancel some.',
    });
  }
}

/** The policy with all defaults (manual 8.3.5 to 8.3.8). */
function resolvePolicy(
  downlink: CommandDownlink,
  wanted: NonNullable<CreateCommandRequest['policy']>,
): CommandPolicy {
  const ackMode = wanted.ackMode ?? downlink.defaultAckMode;
  const ackTimeoutInSeconds = wanted.ackTimeoutInSeconds ?? undefined;
  if (ackMode === 'NONE' && ackTimeoutInSeconds !== undefined) {
    throw invalidParameter(
      'body.policy.ackTimeoutInSeconds: not allowed with ackMode NONE, the default of this connector; name another ackMode',
    );
  }
  return {
    expirationInSeconds: wanted.expirationInSeconds ?? policyBounds.expirationInSeconds.default,
    ...(ackMode !== 'NONE' && {
      ackTimeoutInSeconds: ackTimeoutInSeconds ?? Math.ceil(downlink.defaultAckTimeoutMs / 1000),
    }),
    ackMode,
    attempts: wanted.attempts ?? policyBounds.attempts.default,
  };
}

/** What the connectivity would refuse, refused before it is stored. */
function check(
  device: Device,
  downlink: CommandDownlink,
  command: CreateCommandRequest['request'] & { policy: CommandPolicy },
): void {
  const { connector } = command;
  if (![...device.interfaces].some((via) => via.connector === connector)) {
    throw invalidParameter(
      `body.request.connector: the device has no ${connector} interface; add one, or send with validate=false`,
    );
  }
  const problem = problemWith(downlink, command);
  if (problem !== undefined) throw invalidParameter(problem);
}
