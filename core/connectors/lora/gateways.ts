import { PlatformError } from '../../contract/errors.ts';
import type {
  CreateGatewayRequest,
  GatewayPlace,
  UpdateGatewayRequest,
} from '../../contract/lora/gateways.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { RegionName } from '../../protocols/lorawan/regions/region.ts';
import type { GatewayStatus } from '../../protocols/semtech-udp/push-data.ts';
import type { Statement, Store } from '../../store/types.ts';
import type { Gateway } from './gateway.ts';
import { loraRepository } from './lora-repository.ts';
import type { LoraSettings } from './lora-settings.ts';

export interface GatewaysParts {
  readonly store: Store;
  /** The platform's time, for what is stored and shown. */
  readonly clock: Clock;
  /** Real time: gateways are silent by no other. */
  readonly wireClock: Clock;
  readonly logger: Logger;
  readonly settings: Pick<
    LoraSettings,
    'loraGatewayMaxPerTenant' | 'loraGatewayTimeoutMs' | 'loraUnknownGateways'
  >;
  /** Whose the gateways are that nobody registered. */
  operatorTenant(): string | undefined;
  /** A gateway came, or is gone. */
  changed(gateway: Gateway): void;
}

const sweepPeriodMs = 1000;

/** The gateways of the network (facts 15), all of them in memory. */
export class Gateways {
  private readonly parts: GatewaysParts;
  private readonly byId = new Map<string, Gateway>();
  private sweep: Timer | undefined;

  constructor(parts: GatewaysParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    this.byId.clear();
    for (const gateway of await loraRepository.loadGateways(this.parts.store))
      this.byId.set(gateway.id, gateway);
    this.sweep = this.parts.wireClock.every('LoRa gateways', sweepPeriodMs, () => this.lookAtSilence());
  }

  stop(): void {
    this.sweep?.cancel();
    this.sweep = undefined;
  }

  /** By EUI. */
  list(tenantId: string): Gateway[] {
    const all = [...this.byId.values()].filter((gateway) => gateway.tenantId === tenantId);
    return all.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  find(id: string): Gateway | undefined {
    return this.byId.get(id);
  }

  /** @throws PlatformError `lora.gatewayNotFound` */
  get(tenantId: string, id: string): Gateway {
    const found = this.byId.get(id.toUpperCase());
    if (found?.tenantId === tenantId) return found;
    throw new PlatformError('lora.gatewayNotFound', 'There is no such gateway.', { details: id });
  }

  /**
   * Registers a gateway; one that was heard before and nobody registered becomes the tenant's.
   * @throws PlatformError `lora.gatewayDuplicate`, `lora.gatewayLimit`
   */
  async create(tenantId: string, { id, name, location, region }: CreateGatewayRequest): Promise<Gateway> {
    const there = this.byId.get(id);
    if (there?.registered) {
      throw new PlatformError('lora.gatewayDuplicate', 'A gateway of this EUI is registered already.', {
        details: id,
      });
    }
    if (there?.tenantId !== tenantId) this.requireRoom(tenantId);
    const nowMs = this.parts.clock.now();
    const made: Gateway = {
      ...(there ?? newGateway(tenantId, id, nowMs)),
      ...{
        tenantId,
        name: name ?? undefined,
        place: location ?? undefined,
        region: region ?? undefined,
        registered: true,
        updatedMs: nowMs,
      },
    };
    // In memory first: it may be heard, or registered once more, while it is written.
    this.byId.set(id, made);
    try {
      await this.parts.store.commit([loraRepository.putGateway(made)]);
    } catch (error) {
      if (there) this.byId.set(id, there);
      else this.byId.delete(id);
      throw error;
    }
    return made;
  }

  /** @throws PlatformError `lora.gatewayNotFound` */
  async update(tenantId: string, id: string, request: UpdateGatewayRequest): Promise<Gateway> {
    const { name, location } = request;
    const gateway = this.get(tenantId, id);
    const given = location && 'lat' in location ? (location as GatewayPlace) : undefined;
    const place = location ? given : gateway.place;
    const region = request.region === undefined ? gateway.region : (request.region ?? undefined);
    const change = { name: name ?? gateway.name, place, region, updatedMs: this.parts.clock.now() };
    await this.parts.store.commit([loraRepository.putGateway({ ...gateway, ...change })]);
    return Object.assign(gateway, change);
  }

  /** @throws PlatformError `lora.gatewayNotFound` */
  async delete(tenantId: string, id: string): Promise<void> {
    const gateway = this.get(tenantId, id);
    await this.parts.store.commit([loraRepository.deleteGateway(gateway)]);
    this.byId.delete(gateway.id);
    gateway.online = 'OFFLINE';
    this.parts.changed(gateway);
  }

  /** Notes a sign of life. @returns undefined for a gateway that is not listened to */
  heard(id: string): Gateway | undefined {
    const gateway = this.byId.get(id) ?? this.addUnknown(id);
    if (!gateway) return undefined;
    gateway.heardMs = this.parts.wireClock.now();
    gateway.lastContactMs = this.parts.clock.now();
    if (gateway.online !== 'ONLINE') {
      gateway.online = 'ONLINE';
      this.write([loraRepository.putGateway(gateway)]);
      this.parts.changed(gateway);
    }
    return gateway;
  }

  /** What a gateway says of itself. Zero degrees both ways is what one without a fix says. */
  status(gateway: Gateway, status: GatewayStatus): void {
    gateway.status = status;
    const { latitude, longitude, altitude } = status;
    if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) return;
    const gps: GatewayPlace = {
      lat: latitude,
      lon: longitude,
      ...(altitude !== undefined && { alt: altitude }),
    };
    const { gps: before } = gateway;
    if (before?.lat === gps.lat && before.lon === gps.lon && before.alt === gps.alt) return;
    gateway.gps = gps;
    this.write([loraRepository.putGateway(gateway)]);
  }

  /** A frame came on a channel of this region. */
  heardIn(gateway: Gateway, region: RegionName): void {
    if (gateway.heardRegion === region) return;
    gateway.heardRegion = region;
    this.write([loraRepository.putGateway(gateway)]);
  }

  private addUnknown(id: string): Gateway | undefined {
    const tenantId = this.parts.operatorTenant();
    const { loraUnknownGateways, loraGatewayMaxPerTenant } = this.parts.settings;
    if (!loraUnknownGateways || tenantId === undefined) return undefined;
    if (this.countOf(tenantId) >= loraGatewayMaxPerTenant) return undefined;
    const made = newGateway(tenantId, id, this.parts.clock.now());
    this.byId.set(id, made);
    return made;
  }

  private requireRoom(tenantId: string): void {
    const most = this.parts.settings.loraGatewayMaxPerTenant;
    if (this.countOf(tenantId) < most) return;
    throw new PlatformError('lora.gatewayLimit', 'The tenant has as many gateways as it may have.', {
      details: `${most} (setting loraGatewayMaxPerTenant). Delete one.`,
    });
  }

  private countOf(tenantId: string): number {
    let count = 0;
    for (const gateway of this.byId.values()) if (gateway.tenantId === tenantId) count++;
    return count;
  }

  private lookAtSilence(): void {
    const sinceMs = this.parts.wireClock.now() - this.parts.settings.loraGatewayTimeoutMs;
    for (const gateway of this.byId.values()) {
      if (gateway.online !== 'ONLINE' || gateway.heardMs > sinceMs) continue;
      gateway.online = 'OFFLINE';
      this.write([loraRepository.putGateway(gateway)]);
      this.parts.changed(gateway);
    }
  }

  private write(statements: readonly Statement[]): void {
    this.parts.store.append(statements, (error) => {
      if (error) this.parts.logger.warn({ err: error }, 'a LoRa gateway was not stored');
    });
  }
}

const newGateway = (tenantId: string, id: string, nowMs: number): Gateway => ({
  ...{ tenantId, id, name: undefined, registered: false, place: undefined, gps: undefined },
  ...{ online: 'NEVER_SEEN', lastContactMs: undefined, heardMs: 0, status: undefined },
  ...{
    region: undefined,
    heardRegion: undefined,
    uplinks: 0,
    downlinks: 0,
    createdMs: nowMs,
    updatedMs: nowMs,
  },
});
