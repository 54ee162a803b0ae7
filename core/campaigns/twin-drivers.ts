import type { EventBus } from '../bus/event-bus.ts';
import type { CampaignOperation, OperationError } from '../contract/campaigns.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { TwinObservationStatus } from '../contract/twin.ts';
import type { Statement, Store } from '../store/types.ts';
import type { OperationRecord } from '../twin/operation-record.ts';
import type { TwinService } from '../twin/twin-service.ts';
import type { CampaignDevice, OperationDriver, OperationNews } from './operation-driver.ts';
import type { Standing } from './target-state.ts';

type Of<Action extends string> = Extract<CampaignOperation, { action: Action }>;

interface Parts {
  readonly twin: TwinService;
  readonly bus: EventBus<PlatformEvents>;
  readonly store: Store;
}

/** What the twin offers to campaigns (facts 6). */
export const twinDrivers = (parts: Parts): OperationDriver[] => [
  new TwinOperationDriver(parts),
  new AddObservationDriver(parts),
  new ClearObservationsDriver(parts),
];

/** Operations of twins as operations of campaigns: each attempt of the campaign is one of its own. */
class TwinOperationDriver implements OperationDriver<Of<'twin-operation'>> {
  readonly action = 'twin-operation';
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async begin(
    { tenantId, deviceId }: CampaignDevice,
    { definition }: Of<'twin-operation'>,
    _operationId: string,
    begun: (operationId: string) => readonly Statement[],
  ): Promise<void> {
    const { maxRetry: _maxRetry, ...request } = definition;
    await this.parts.twin.operations.create(tenantId, deviceId, request, begun);
  }

  async standing(
    { tenantId, deviceId }: CampaignDevice,
    _operation: Of<'twin-operation'>,
    operationId: string,
  ): Promise<Standing> {
    const found = await this.parts.twin.operations.find(tenantId, deviceId, operationId);
    // It went with the oldest.
    return found ? standingOf(found) : { status: 'canceled' };
  }

  /** What was sent cannot be taken back, with force or without. */
  cancel(
    { tenantId, deviceId }: CampaignDevice,
    _operation: Of<'twin-operation'>,
    operationId: string,
  ): Promise<void> {
    return unlessTooLate(() => this.parts.twin.operations.cancel(tenantId, deviceId, operationId));
  }

  start(news: OperationNews): void {
    this.parts.bus.on('twinOperationChanged', this, ({ tenantId, deviceId, operationId }) =>
      news(tenantId, deviceId, operationId),
    );
  }

  stop(): void {
    this.parts.bus.release(this);
  }
}

/** An observation for each device: done when the device is observed. */
class AddObservationDriver implements OperationDriver<Of<'twin-add-observation'>> {
  readonly action = 'twin-add-observation';
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async begin(
    { tenantId, deviceId }: CampaignDevice,
    { definition }: Of<'twin-add-observation'>,
    _operationId: string,
    begun: (operationId: string) => readonly Statement[],
  ): Promise<void> {
    await this.parts.twin.observations.create(tenantId, deviceId, definition, begun);
  }

  async standing(
    { tenantId, deviceId }: CampaignDevice,
    _operation: Of<'twin-add-observation'>,
    observationId: string,
  ): Promise<Standing> {
    const found = this.parts.twin.observations
      .list(tenantId, deviceId)
      .find(({ id }) => id === observationId);
    // Somebody has cancelled it.
    return found ? observationStanding[found.status] : { status: 'canceled' };
  }

  cancel(
    { tenantId, deviceId }: CampaignDevice,
    _operation: Of<'twin-add-observation'>,
    observationId: string,
  ): Promise<void> {
    return unlessTooLate(() => this.parts.twin.observations.cancel(tenantId, deviceId, observationId));
  }

  start(news: OperationNews): void {
    this.parts.bus.on('twinObservationChanged', this, ({ tenantId, deviceId, observationId }) =>
      news(tenantId, deviceId, observationId),
    );
  }

  stop(): void {
    this.parts.bus.release(this);
  }
}

/** Ends all observations of a device: done when they are deleted here, for a device that cannot be reached hears later. */
class ClearObservationsDriver implements OperationDriver<Of<'twin-clear-observations'>> {
  readonly action = 'twin-clear-observations';
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  begin(
    { tenantId, deviceId }: CampaignDevice,
    _operation: Of<'twin-clear-observations'>,
    operationId: string,
    begun: (operationId: string) => readonly Statement[],
  ): Promise<void> {
    return this.parts.twin.observations.cancelAll(tenantId, deviceId, begun(operationId));
  }

  async standing(): Promise<Standing> {
    return { status: 'success' };
  }

  async cancel(): Promise<void> {}

  start(): void {}

  stop(): void {}
}

const tooLate: ReadonlySet<string> = new Set([
  'twin.wrongState',
  'twin.operationNotFound',
  'twin.observationNotFound',
  'twin.notFound',
  'inventory.deviceNotFound',
]);

async function unlessTooLate(cancel: () => Promise<void>): Promise<void> {
  try {
    await cancel();
  } catch (error) {
    if (!(error instanceof PlatformError && tooLate.has(error.code))) throw error;
  }
}

const observationStanding: Readonly<Record<TwinObservationStatus, Standing>> = {
  PENDING: { status: 'pending' },
  OBSERVING: { status: 'success' },
  FAILED: {
    status: 'failure',
    error: { origin: 'DEVICE', code: 'TWIN_OBSERVATION_FAILED', details: 'the audit log says why' },
  },
};

function standingOf({ state }: OperationRecord): Standing {
  switch (state.status) {
    case 'PENDING':
    case 'RETRYING':
      return { status: 'pending' };
    case 'SENT':
      return { status: 'inProgress' };
    case 'OK':
      return { status: 'success' };
    case 'CANCELLED':
      return { status: 'canceled' };
    case 'EXPIRED': {
      const details = 'the device could not be reached, or did not answer, in time';
      return { status: 'failure', error: { origin: 'INTERNAL', code: 'TWIN_OPERATION_EXPIRED', details } };
    }
    case 'FAILED':
      return { status: 'failure', error: errorOf(state.error) };
  }
}

function errorOf(error: OperationRecord['state']['error']): OperationError {
  const { code = 'OPERATION_INVALID', details, deviceCode } = error ?? {};
  return {
    origin: code === 'OPERATION_INVALID' ? 'INTERNAL' : 'DEVICE',
    code,
    ...(details !== undefined && { details }),
    ...(deviceCode && { deviceCode: String(deviceCode.value) }),
  };
}
