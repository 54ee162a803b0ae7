import type { KeyDebug, KeyGrant } from '../../accounts/types.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { activeDebug } from '../../inventory/interface-debug.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';

const secondUs = 1_000_000;

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
  private secondFromUs = Number.NEGATIVE_INFINITY;
  private inSecond = 0;
  private omitted = 0;

  constructor(via: DeviceInterface, grant: KeyGrant, parts: DeviceDebugLog['parts']) {
    this.via = via;
    this.grant = grant;
    this.parts = parts;
  }

  /** True while it is worth it to put together what {@link note} takes. */
  get on(): boolean {
    const { via, parts } = this;
    if (via.debug !== undefined && activeDebug(via, parts.clock.now()) !== undefined) return true;
    return parts.keys.inDebugMode(this.grant);
  }

  note(description: string, content: Record<string, unknown>): void {
    if (!this.on || !this.admit()) return;
    const { via, omitted } = this;
    this.omitted = 0;
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

  /** A device that sends a lot must not push everything else out of the audit log. */
  private admit(): boolean {
    const nowUs = this.parts.wireClock.monotonicUs();
    if (nowUs - this.secondFromUs >= secondUs) {
      this.secondFromUs = nowUs;
      this.inSecond = 0;
    }
    if (this.inSecond < this.parts.settings.mqttDebugMaxPerSecond) {
      this.inSecond++;
      return true;
    }
    this.omitted++;
    return false;
  }
}
