import type { EventBus } from '../bus/event-bus.ts';
import type { CampaignOperation } from '../contract/campaigns.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { CreateUpdateRequest } from '../contract/resource-updates.ts';
import type { ResourceService } from '../resources/resource-service.ts';
import type { UpdateRecord } from '../resources/update-record.ts';
import type { Statement, Store } from '../store/types.ts';
import type { CampaignDevice, OperationDriver, OperationNews } from './operation-driver.ts';
import type { Standing } from './target-state.ts';

type ResourceOperation = Extract<CampaignOperation, { action: 'resource' | 'resource-update' }>;

/** Updates of resources as operations of campaigns; a device that has the version already has succeeded. */
export class ResourceDriver implements OperationDriver<ResourceOperation> {
  readonly action: ResourceOperation['action'];
  private readonly parts: {
    readonly resources: ResourceService;
    readonly bus: EventBus<PlatformEvents>;
    readonly store: Store;
  };

  constructor(action: ResourceOperation['action'], parts: ResourceDriver['parts']) {
    this.action = action;
    this.parts = parts;
  }

  async begin(
    { tenantId, deviceId }: CampaignDevice,
    operation: ResourceOperation,
    operationId: string,
    begun: (operationId: string) => readonly Statement[],
  ): Promise<void> {
    const { resources, store } = this.parts;
    const { resourceId } = operation.definition;
    const update = await resources.request(tenantId, deviceId, resourceId, requestOf(operation), begun);
    if (!update) await store.commit(begun(operationId));
  }

  async standing(
    { tenantId, deviceId }: CampaignDevice,
    operation: ResourceOperation,
    operationId: string,
  ): Promise<Standing> {
    const update = await this.parts.resources.find(tenantId, operationId);
    if (update) return standingOf(update);
    const { resourceId } = operation.definition;
    const { reported } = this.parts.resources.list(tenantId, deviceId)[resourceId] ?? {};
    // No update was needed, or its row has gone with the oldest.
    return reported?.version === requestOf(operation).requestedVersion
      ? { status: 'success' }
      : { status: 'canceled' };
  }

  async cancel(
    { tenantId, deviceId }: CampaignDevice,
    _operation: ResourceOperation,
    operationId: string,
    options: { force: boolean },
  ): Promise<void> {
    try {
      await this.parts.resources.cancel(tenantId, deviceId, operationId, options);
    } catch (error) {
      if (!(error instanceof PlatformError && tooLate.has(error.code))) throw error;
    }
  }

  start(news: OperationNews): void {
    this.parts.bus.on('resourceUpdateChanged', this, ({ tenantId, deviceId }) =>
      news(tenantId, deviceId, undefined),
    );
  }

  stop(): void {
    this.parts.bus.release(this);
  }
}

const tooLate: ReadonlySet<string> = new Set([
  'resources.wrongState',
  'resources.updateNotFound',
  'inventory.deviceNotFound',
]);

function requestOf({ definition }: ResourceOperation): CreateUpdateRequest {
  const { metadata } = definition;
  if ('targetVersion' in definition) return { requestedVersion: definition.targetVersion, metadata };
  const { requestedVersion, connector } = definition;
  return { requestedVersion, connector, metadata };
}

function standingOf({ state }: UpdateRecord): Standing {
  switch (state.status) {
    case 'PENDING':
      return { status: 'pending' };
    case 'SENT':
    case 'IN_PROGRESS':
      return { status: 'inProgress' };
    case 'DONE':
      return { status: 'success' };
    case 'CANCELED':
      return { status: 'canceled' };
    case 'FAILED': {
      const { origin = 'INTERNAL', code = 'UPDATE_FAILED', deviceCode, details } = state.error ?? {};
      const more = {
        ...(deviceCode !== undefined && { deviceCode }),
        ...(details !== undefined && { details }),
      };
      return { status: 'failure', error: { origin, code, ...more } };
    }
  }
}
