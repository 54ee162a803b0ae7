import type { KeyDebug, KeyGrant } from '../../accounts/types.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { activeDebug } from '../../inventory/interface-debug.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import { DebugRate } from '../debug-rate.ts';

/** Writes what goes over one interface to the audit log, while its debug mode or that of the key is on (facts 5, 13). */
export class DeviceDebugLog {
  private readonly via: DeviceInterface;
  private readonly parts: {
    readonly audit: AuditLog;
    readonly clock: Clock;
    readonly wireClock: Clock;
    readonly settings: { readonly mqttDebugMaxPerSecond: number };
    readonly keys: KeyDebug;
  };
  private readonly grant: KeyGrant;
  private readonly rate: DebugRate;

  constructor(via: DeviceInterface, grant: KeyGrant, parts: DeviceDebugLog['parts']) {
    this.via = via;
    this.grant = grant;
    this.parts = parts;
    this.rate = new DebugRate(parts.wireClock, parts.settings.mqttDebugMaxPerSecond);
  }

  /** True while it is worth it to put together what {@link note} takes. */
  get on(): boolean {
    const { via, parts } = this;
    if (via.debug !== undefined && activeDebug(via, parts.clock.now()) !== undefined) return true;
    return parts.keys.inDebugMode(this.grant);
  }

  note(description: string, content: Record<string, unknown>): void {
    const omitted = this.on ? this.rate.admit() : undefined;
    if (omitted === undefined) return;
    const { via } = this;
    this.parts.audit.record(via.device.tenantId, {
      level: 'info',
      category: 'connectivity',
      subcategory: 'mqtt',
      type: 'mqtt_debug_logs',
      description,
      source: { deviceId: via.device.id, nodeId: via.nodeId, connector: via.connector },
      content: { ...content, ...(omitted > 0 && { omittedBefore: omitted }) },
    });
  }
}
