import type { BootstrapConfigRequest } from '../contract/bootstrap/configs.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Clock } from '../platform/clock.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import type { Serial } from '../platform/serial.ts';
import type { Store } from '../store/types.ts';
import { bootstrapRepository } from './bootstrap-repository.ts';
import type { BootstrapConfig } from './config-record.ts';
import type { BootstrapEntry } from './entry-record.ts';

export interface BootstrapConfigSettings {
  readonly bootstrapConfigMaxPerTenant: number;
  readonly bootstrapConfigMaxRunServers: number;
}

/** Entries named in an error; more are only counted. */
const mostNamed = 5;

/** Bootstrap configurations of all tenants (manual 7.7.1.1), all of them in memory. */
export class BootstrapConfigs {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly random: RandomSource;
    readonly settings: BootstrapConfigSettings;
    /** Changes of configurations and of entries, which name each other, one after the other. */
    readonly changes: Serial;
    /** The entries that name a configuration. */
    usersOf(config: BootstrapConfig): BootstrapEntry[];
  };
  /** By tenant and id, the oldest first. */
  private readonly byTenant = new Map<string, Map<string, BootstrapConfig>>();

  constructor(parts: BootstrapConfigs['parts']) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    this.byTenant.clear();
    for (const config of await bootstrapRepository.loadConfigs(this.parts.store)) this.remember(config);
  }

  /** The oldest first. */
  list(tenantId: string): BootstrapConfig[] {
    return [...(this.byTenant.get(tenantId)?.values() ?? [])];
  }

  find(tenantId: string, id: string): BootstrapConfig | undefined {
    return this.byTenant.get(tenantId)?.get(id);
  }

  /** @throws PlatformError `bootstrap.configNotFound` */
  get(tenantId: string, id: string): BootstrapConfig {
    const found = this.find(tenantId, id);
    if (found) return found;
    throw new PlatformError('bootstrap.configNotFound', 'There is no such bootstrap configuration.', {
      details: id,
    });
  }

  /** @throws PlatformError `bootstrap.limit`, `api.invalidParameter` */
  create(tenantId: string, request: BootstrapConfigRequest): Promise<BootstrapConfig> {
    return this.parts.changes.run(async () => {
      const { settings, clock, random } = this.parts;
      if (request.id !== undefined) {
        throw invalidParameter('body.id: must not be given; the platform gives it');
      }
      this.requireRoom(request);
      const most = settings.bootstrapConfigMaxPerTenant;
      if ((this.byTenant.get(tenantId)?.size ?? 0) >= most) {
        throw new PlatformError(
          'bootstrap.limit',
          'The tenant has as many bootstrap configurations as it may have.',
          {
            details: `${most} (setting bootstrapConfigMaxPerTenant). Delete one.`,
          },
        );
      }
      const nowMs = clock.now();
      const times = { createdMs: nowMs, updatedMs: nowMs };
      return this.put({ ...request, tenantId, id: randomHex(random, 12), ...times });
    });
  }

  /**
   * Puts another configuration in the place of one. Bootstraps that come are by the new one.
   * @throws PlatformError `bootstrap.configNotFound`, `api.invalidParameter`; `bootstrap.configInUse` when entries have
   *   credentials for a run server that would be gone
   */
  replace(tenantId: string, id: string, request: BootstrapConfigRequest): Promise<BootstrapConfig> {
    return this.parts.changes.run(async () => {
      const before = this.get(tenantId, id);
      if (request.id !== undefined && request.id !== id) {
        throw invalidParameter(
          `body.id: is ${request.id}, but the path says ${id}; leave it out or make them equal`,
        );
      }
      this.requireRoom(request);
      const kept = new Set(request.runServers.map((server) => server.id));
      const users = this.parts
        .usersOf(before)
        .filter(({ definition }) => definition?.runServers?.some((server) => !kept.has(server.id)));
      requireNone(users, 'Entries have credentials for a run server that it would no longer have.');
      return this.put({
        ...request,
        tenantId,
        id,
        createdMs: before.createdMs,
        updatedMs: this.parts.clock.now(),
      });
    });
  }

  /** @throws PlatformError `bootstrap.configNotFound`, `bootstrap.configInUse` while an entry names it */
  delete(tenantId: string, id: string): Promise<void> {
    return this.parts.changes.run(async () => {
      const config = this.get(tenantId, id);
      requireNone(this.parts.usersOf(config), 'Entries are bootstrapped by it.');
      await this.parts.store.commit([bootstrapRepository.deleteConfig(config)]);
      this.byTenant.get(tenantId)?.delete(id);
    });
  }

  private requireRoom({ runServers }: BootstrapConfigRequest): void {
    const most = this.parts.settings.bootstrapConfigMaxRunServers;
    if (runServers.length <= most) return;
    throw invalidParameter(
      `body.runServers: must hold at most ${most} (setting bootstrapConfigMaxRunServers), not ${runServers.length}`,
    );
  }

  private async put(config: BootstrapConfig): Promise<BootstrapConfig> {
    await this.parts.store.commit([bootstrapRepository.putConfig(config)]);
    this.remember(config);
    return config;
  }

  private remember(config: BootstrapConfig): void {
    const { tenantId, id } = config;
    const ofTenant = this.byTenant.get(tenantId) ?? new Map<string, BootstrapConfig>();
    this.byTenant.set(tenantId, ofTenant.set(id, config));
  }
}

function requireNone(users: readonly BootstrapEntry[], why: string): void {
  if (users.length === 0) return;
  const named = users.slice(0, mostNamed).map(({ endpointName }) => endpointName);
  const more = users.length > mostNamed ? ` and ${users.length - mostNamed} more` : '';
  throw new PlatformError('bootstrap.configInUse', `The bootstrap configuration is in use. ${why}`, {
    details: `${named.join(', ')}${more}; change or delete these entries first`,
  });
}
