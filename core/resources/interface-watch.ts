import type { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { InterfaceRegistry } from '../inventory/types.ts';
import type { ResourceEngine } from './resource-engine.ts';

const goneBecause = {
  deleted: 'The interface was deleted',
  renamed: 'The interface got another endpoint name',
} as const;

export interface InterfaceWatchParts {
  readonly bus: EventBus<PlatformEvents>;
  readonly registry: InterfaceRegistry;
  readonly engine: Pick<ResourceEngine, 'updates' | 'interfaceGone'>;
}

/** Ends the updates whose interface is gone, or is another device's. */
export class InterfaceWatch {
  private readonly parts: InterfaceWatchParts;

  constructor(parts: InterfaceWatchParts) {
    this.parts = parts;
  }

  start(): void {
    const { bus, registry, engine } = this.parts;
    bus.on('interfaceUnusable', this, ({ tenantId, connector, nodeId, reason }) => {
      // One that is disabled may be enabled again, and the update goes on.
      if (reason === 'disabled') return;
      for (const update of engine.updates.all()) {
        const { via } = update.record.state;
        if (update.record.tenantId === tenantId && via?.connector === connector && via.nodeId === nodeId)
          engine.interfaceGone(update, goneBecause[reason]);
      }
    });
    bus.on('deviceUpdated', this, ({ tenantId }) => {
      for (const update of engine.updates.all()) {
        const { via } = update.record.state;
        if (update.record.tenantId !== tenantId || !via) continue;
        const found = registry.findInterface(tenantId, via.connector, via.nodeId);
        if (found && found.device !== update.device)
          engine.interfaceGone(update, 'The interface went to another device');
      }
    });
  }

  stop(): void {
    this.parts.bus.release(this);
  }
}
