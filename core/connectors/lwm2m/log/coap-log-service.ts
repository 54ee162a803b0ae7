import type { AuditLog } from '../../../audit/audit-log.ts';
import type { EventBus } from '../../../bus/event-bus.ts';
import type { CoapLogEntry, CoapLogPage } from '../../../contract/coap-log.ts';
import type { PlatformEvents } from '../../../contract/events.ts';
import { activeDebug } from '../../../inventory/interface-debug.ts';
import type { InventoryService } from '../../../inventory/inventory-service.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { FindResource } from '../../../protocols/lwm2m/content.ts';
import type { ObjectModels } from '../../../protocols/lwm2m/models/object-models.ts';
import { DebugRate } from '../../debug-rate.ts';
import type { CoapLog, CoapLogSettings, LogEntry, LogOwner } from './coap-log.ts';
import { entryView } from './entry-view.ts';

export interface CoapLogParts {
  readonly bus: EventBus<PlatformEvents>;
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly inventory: Pick<InventoryService, 'findInterface' | 'getDevice'>;
  readonly settings: CoapLogSettings & {
    /** Messages that one interface in debug mode writes to the audit log a second; more are counted only. */
    readonly lwm2mDebugMaxPerSecond: number;
  };
  /** Models of objects, for the names in what is shown. */
  readonly models: { load(): Promise<void>; of(tenantId: string): ObjectModels };
  /** Types of the resources that a device has. */
  resourcesOf(via: DeviceInterface): FindResource;
  /** Who sees what belongs to nobody: who runs the instance. */
  operatorTenant(): string | undefined;
}

/** What of the CoAP log users see: as it comes, as a list, and in the audit log while debug mode is on. */
export class CoapLogService {
  private readonly log: CoapLog;
  private readonly parts: CoapLogParts;
  private readonly rates = new WeakMap<DeviceInterface, DebugRate>();
  /** Told to the audit log already: an entry is told once more when more is known of it. */
  private readonly audited = new WeakSet<LogEntry>();

  constructor(log: CoapLog, parts: CoapLogParts) {
    this.log = log;
    this.parts = parts;
    log.onEntry = (entry) => this.tell(entry);
  }

  clear(): void {
    this.log.clear();
  }

  /**
   * The log of a device's LwM2M interfaces, newest first.
   * @param before only entries older than the one of this id
   * @throws PlatformError `inventory.deviceNotFound`
   */
  async ofDevice(tenantId: string, deviceId: string, limit: number, before?: number): Promise<CoapLogPage> {
    const { inventory, models } = this.parts;
    const interfaces = [...inventory.getDevice(tenantId, deviceId).interfaces].filter(
      ({ connector }) => connector === 'lwm2m',
    );
    await models.load();
    const entries = interfaces
      .flatMap(({ nodeId }) => this.log.latest({ tenantId, nodeId }, limit, before))
      .sort((one, other) => other.seq - one.seq);
    return this.page(entries.slice(0, limit));
  }

  /** What came from clients of whom nobody knows whose they are, newest first. */
  ofNobody(limit: number, before?: number): CoapLogPage {
    return this.page(this.log.latest(undefined, limit, before));
  }

  private page(entries: readonly LogEntry[]): CoapLogPage {
    const { coapLogMaxMessages, coapLogMaxBytes } = this.parts.settings;
    return {
      entries: entries.map((entry) => this.view(entry)),
      limits: { coapLogMaxMessages, coapLogMaxBytes },
    };
  }

  private view(entry: LogEntry): CoapLogEntry {
    const { owner } = entry;
    const tenantId = owner?.tenantId ?? this.parts.operatorTenant() ?? '';
    const models = this.parts.models.of(tenantId);
    const via = owner && this.interfaceOf(owner);
    return entryView(entry, { models, find: via ? this.parts.resourcesOf(via) : models.finder() });
  }

  private tell(entry: LogEntry): void {
    const { owner } = entry;
    const via = owner && this.interfaceOf(owner);
    const tenantId = owner ? owner.tenantId : this.parts.operatorTenant();
    // Of an entry for bootstrap alone there is no device yet.
    if (tenantId === undefined || (owner && !via)) return;
    const deviceId = via?.device.id;
    this.parts.bus.emit('coapLogged', { tenantId, deviceId, describe: () => this.view(entry) });
    if (via) this.debug(via, entry);
  }

  /** While debug mode is on (facts 5). */
  private debug(via: DeviceInterface, entry: LogEntry): void {
    const { clock, wireClock, audit, settings } = this.parts;
    if (activeDebug(via, clock.now()) === undefined || this.audited.has(entry)) return;
    this.audited.add(entry);
    const rate = this.rates.get(via) ?? new DebugRate(wireClock, settings.lwm2mDebugMaxPerSecond);
    this.rates.set(via, rate);
    const omitted = rate.admit();
    if (omitted === undefined) return;
    const { id, server, protocol, direction, peer, summary, note, raw, coap, facts, error } =
      this.view(entry);
    const way = direction === 'in' ? 'received: ' : direction === 'out' ? 'sent: ' : '';
    audit.record(via.device.tenantId, {
      level: error === undefined ? 'info' : 'error',
      category: 'connectivity',
      subcategory: 'lwm2m',
      type: 'lwm2m_device_log',
      description: `${protocol === 'coap' ? 'CoAP' : 'DTLS'} ${way}${summary}`,
      ...(error !== undefined && { detailedDescription: error }),
      source: { deviceId: via.device.id, nodeId: via.nodeId, connector: via.connector },
      content: {
        ...{ id, server, peer, raw },
        ...(direction && { direction }),
        ...(note && { note }),
        ...(coap && { message: coap }),
        ...(facts && facts.length > 0 && { facts }),
        ...(omitted > 0 && { omittedBefore: omitted }),
      },
    });
  }

  private interfaceOf({ tenantId, nodeId }: LogOwner): DeviceInterface | undefined {
    return this.parts.inventory.findInterface(tenantId, 'lwm2m', nodeId);
  }
}
