import type { EventBus } from '../../../bus/event-bus.ts';
import type { PlatformEvents } from '../../../contract/events.ts';
import type { LoraFramePage } from '../../../contract/lora/frames.ts';
import type { InterfaceRegistry } from '../../../inventory/types.ts';
import { loraInterfacesOf } from '../lora-interfaces.ts';
import type { FrameEntry, FrameLog, FrameLogSettings } from './frame-log.ts';
import { frameView } from './frame-view.ts';

export interface FrameLogParts {
  readonly bus: EventBus<PlatformEvents>;
  readonly registry: InterfaceRegistry;
  readonly settings: FrameLogSettings;
}

/** What of the frames users see: as they come, and as lists, newest first. */
export class FrameLogService {
  private readonly log: FrameLog;
  private readonly parts: FrameLogParts;

  constructor(log: FrameLog, parts: FrameLogParts) {
    this.log = log;
    this.parts = parts;
    log.onEntry = (entry) => this.tell(entry);
  }

  /**
   * Frames of a device's LoRa interfaces, and for them.
   * @param before only what is older than the entry of this number
   * @throws PlatformError `inventory.deviceNotFound`
   */
  ofDevice(tenantId: string, deviceId: string, limit: number, before?: number): LoraFramePage {
    const entries = loraInterfacesOf(this.parts.registry, tenantId, deviceId)
      .flatMap(({ nodeId }) => this.log.ofNode(tenantId, nodeId, limit, before))
      .sort((one, other) => other.seq - one.seq);
    return this.page(entries.slice(0, limit));
  }

  /** Frames of all devices of a tenant, and those at its gateways that are of no known device. */
  ofTenant(tenantId: string, limit: number, before?: number): LoraFramePage {
    return this.page(this.log.ofTenant(tenantId, limit, before));
  }

  clear(): void {
    this.log.clear();
  }

  private page(entries: readonly FrameEntry[]): LoraFramePage {
    const { loraLogMaxFrames, loraLogMaxBytes } = this.parts.settings;
    return { frames: entries.map(frameView), limits: { loraLogMaxFrames, loraLogMaxBytes } };
  }

  private tell(entry: FrameEntry): void {
    const { tenantId, via } = entry.frame;
    const describe = () => frameView(entry);
    this.parts.bus.emit('loraFrameLogged', { tenantId, deviceId: via?.device.id, describe });
  }
}
