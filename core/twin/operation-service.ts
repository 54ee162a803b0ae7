import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { requireAtMost } from '../contract/require-at-most.ts';
import type {
  BenchOperationJson,
  BenchOperationRequest,
  BenchOperationType,
} from '../contract/twin-bench.ts';
import type { InterfaceRegistry } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import type { Statement, Store } from '../store/types.ts';
import { checkOperation } from './check-operation.ts';
import type { Lane } from './lanes.ts';
import {
  newOperationState,
  type OperationRecord,
  type OperationTimes,
  toBenchOperationJson,
} from './operation-record.ts';
import { type OperationQuery, operationRepository } from './operation-repository.ts';
import { isFinal } from './operation-state.ts';
import type { TwinDevices } from './twin-devices.ts';
import type { TwinEngine } from './twin-engine.ts';

export interface OperationSettings {
  readonly twinOperationMaxActive: number;
  readonly twinOperationMaxEnded: number;
  readonly twinOperationMaxBytes: number;
  readonly twinOperationMaxAttempts: number;
}

/** Operations of twins as the API offers them (manual 7.8.6.7 to 7.8.6.10); what happens to them after is the engine's. */
export class OperationService {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly random: RandomSource;
    readonly registry: InterfaceRegistry;
    readonly devices: TwinDevices;
    readonly engine: TwinEngine;
    readonly settings: OperationSettings & OperationTimes;
    nextSeq(): number;
  };

  constructor(parts: OperationService['parts']) {
    this.parts = parts;
  }

  /** Takes up the operations that are not final. */
  async start(): Promise<void> {
    const { store, registry, engine } = this.parts;
    for await (const { of, record } of operationRepository.loadOpen(store)) {
      const device = registry.findDevice(of.tenantId, of.deviceId);
      if (device) engine.operations.add(engine.lanes.of(device), record);
    }
  }

  /**
   * Registers an operation; resolves when it would survive a kill. It goes out when the device can be reached.
   * @param alongside makes statements that are stored with the operation, in one transaction
   * @throws PlatformError `inventory.deviceNotFound`, `twin.notFound`, `api.invalidParameter`, `twin.operationLimit`
   */
  async create(
    tenantId: string,
    deviceId: string,
    request: BenchOperationRequest,
    alongside?: (operationId: string) => readonly Statement[],
  ): Promise<OperationRecord> {
    const { store, clock, random, registry, devices, engine, settings } = this.parts;
    const device = devices.get(tenantId, deviceId);
    this.check(request);
    const lane = engine.lanes.of(device);
    this.requireRoom(lane);
    const createdMs = clock.now();
    const id = randomHex(random, 16);
    const state = newOperationState(createdMs);
    const record: OperationRecord = { seq: this.parts.nextSeq(), id, request, createdMs, state };
    const of = { tenantId, deviceId };
    lane.joining.operations++;
    try {
      await store.commit([
        operationRepository.insert(record, of),
        operationRepository.deleteOldest(of, settings.twinOperationMaxEnded),
        ...(alongside?.(id) ?? []),
      ]);
    } catch (error) {
      lane.joining.operations--;
      engine.lanes.tidy(lane);
      throw error;
    }
    lane.joining.operations--;
    if (lane.deleted || registry.findDevice(tenantId, device.id) !== device) {
      await store.commit([operationRepository.delete(record.seq)]);
      throw devices.notFound(deviceId);
    }
    engine.operations.add(lane, record);
    engine.operations.tell(lane, record);
    engine.dispatch(lane);
    return record;
  }

  /** Operations of a device, the oldest first. @throws PlatformError `inventory.deviceNotFound`, `twin.notFound` */
  async list(tenantId: string, deviceId: string, query: OperationQuery): Promise<OperationRecord[]> {
    this.parts.devices.get(tenantId, deviceId);
    return operationRepository.list(this.parts.store, { tenantId, deviceId }, query);
  }

  /**
   * @param types of which it may be; any when not given
   * @throws PlatformError `inventory.deviceNotFound`, `twin.notFound`, `twin.operationNotFound`
   */
  async get(
    tenantId: string,
    deviceId: string,
    id: string,
    types?: readonly BenchOperationType[],
  ): Promise<OperationRecord> {
    this.parts.devices.get(tenantId, deviceId);
    const found = await this.find(tenantId, deviceId, id);
    if (found && types?.includes(found.request.type) !== false) return found;
    throw new PlatformError('twin.operationNotFound', 'There is no such operation.', { details: id });
  }

  /** An operation as a restart would find it; undefined when there is none. */
  find(tenantId: string, deviceId: string, id: string): Promise<OperationRecord | undefined> {
    return operationRepository.find(this.parts.store, { tenantId, deviceId }, id);
  }

  /**
   * Cancels an operation that waits.
   * @throws PlatformError `inventory.deviceNotFound`, `twin.notFound`, `twin.operationNotFound`, `twin.wrongState`
   */
  async cancel(tenantId: string, deviceId: string, id: string): Promise<void> {
    const { devices, engine } = this.parts;
    const device = devices.get(tenantId, deviceId);
    await this.get(tenantId, deviceId, id);
    const open = engine.lanes.find(device)?.operations.find(({ record }) => record.id === id);
    if (open && (await engine.operations.cancel(open))) return;
    const { status } = (await this.get(tenantId, deviceId, id)).state;
    throw new PlatformError('twin.wrongState', 'The operation cannot be canceled any more.', {
      details: `Its status is ${status}; what is PENDING or RETRYING can be canceled.`,
    });
  }

  /**
   * Deletes an operation that has ended; resolves when it would not come back after a kill.
   * @throws PlatformError as {@link cancel}
   */
  async delete(tenantId: string, deviceId: string, id: string): Promise<void> {
    const { seq, state } = await this.get(tenantId, deviceId, id);
    if (isFinal(state.status)) await this.parts.store.commit([operationRepository.delete(seq)]);
    else {
      throw new PlatformError('twin.wrongState', 'The operation has not ended.', {
        details: `Its status is ${state.status}; cancel it first, or wait for its end.`,
      });
    }
  }

  /** An operation with its way. */
  describe(record: OperationRecord): BenchOperationJson {
    return toBenchOperationJson(record, this.parts.settings);
  }

  private check(request: BenchOperationRequest): void {
    const { settings } = this.parts;
    const most = settings.twinOperationMaxBytes;
    const bytes = Buffer.byteLength(JSON.stringify(request));
    if (bytes > most) {
      throw invalidParameter(
        `body: has ${bytes} bytes as JSON; the most is ${most} (setting twinOperationMaxBytes)`,
      );
    }
    const attempts = request.policy?.attempts ?? undefined;
    requireAtMost(settings, 'twinOperationMaxAttempts', attempts, 'body.policy.attempts');
    checkOperation(request);
  }

  private requireRoom({ operations, joining }: Lane): void {
    const { twinOperationMaxActive: most } = this.parts.settings;
    const active = operations.length + joining.operations;
    if (active < most) return;
    throw new PlatformError('twin.operationLimit', 'Too many operations of this device have not ended.', {
      details:
        `${active} are PENDING, SENT or RETRYING; the most is ${most} (setting twinOperationMaxActive). ` +
        'Wait until the device has done some, or cancel some.',
    });
  }
}
