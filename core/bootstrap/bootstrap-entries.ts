import type { EventBus } from '../bus/event-bus.ts';
import type { CreateEntryRequest, ReplaceEntryRequest } from '../contract/bootstrap/entries.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Clock } from '../platform/clock.ts';
import type { Serial } from '../platform/serial.ts';
import type { Store } from '../store/types.ts';
import type { BootstrapConfigs } from './bootstrap-configs.ts';
import { bootstrapRepository } from './bootstrap-repository.ts';
import type { BootstrapConfig } from './config-record.ts';
import { EntryIndex } from './entry-index.ts';
import { type BootstrapActivity, type BootstrapEntry, noActivity } from './entry-record.ts';
import { refuseMasks, withKeptSecrets } from './kept-secrets.ts';

export interface BootstrapEntrySettings {
  readonly bootstrapEntryMaxPerTenant: number;
}

/** What entries that are not there yet will take. */
export class Taken {
  readonly names = new Set<string>();
  readonly identities = new Set<string>();
}

/** Bootstrap entries of all tenants (manual 7.7.1.2), all of them in memory. */
export class BootstrapEntries {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly bus: EventBus<PlatformEvents>;
    readonly settings: BootstrapEntrySettings;
    readonly changes: Serial;
    readonly configs: BootstrapConfigs;
  };
  private readonly index = new EntryIndex();

  constructor(parts: BootstrapEntries['parts']) {
    this.parts = parts;
  }

  /** Loads all. A bootstrap that was going on when the program ended has failed. */
  async start(): Promise<void> {
    this.index.clear();
    const interrupted: BootstrapEntry[] = [];
    for (const entry of await bootstrapRepository.loadEntries(this.parts.store)) {
      const { activity } = entry;
      const now: BootstrapEntry =
        activity.status === 'IN_PROGRESS' ? { ...entry, activity: { ...activity, status: 'FAILED' } } : entry;
      this.index.put(now);
      if (now !== entry) interrupted.push(now);
    }
    if (interrupted.length > 0)
      await this.parts.store.commit(interrupted.map(bootstrapRepository.updateActivity));
  }

  /** By endpoint name, those behind `after`, which need not be there. */
  list(
    tenantId: string,
    page: { after?: string | undefined; limit: number; offset: number },
  ): BootstrapEntry[] {
    return this.index.page(tenantId, page);
  }

  count(tenantId: string): number {
    return this.index.count(tenantId);
  }

  /** The entry whose client authenticates to the bootstrap server by this identity, whatever its tenant. */
  findByIdentity(identity: string): BootstrapEntry | undefined {
    return this.index.findByIdentity(identity);
  }

  find(tenantId: string, endpointName: string): BootstrapEntry | undefined {
    return this.index.find(tenantId, endpointName);
  }

  /** @throws PlatformError `bootstrap.entryNotFound` */
  get(tenantId: string, endpointName: string): BootstrapEntry {
    const found = this.find(tenantId, endpointName);
    if (found) return found;
    throw new PlatformError('bootstrap.entryNotFound', 'There is no bootstrap entry of this endpoint name.', {
      details: endpointName,
    });
  }

  /** The entries that name a configuration. */
  usersOf({ tenantId, id }: BootstrapConfig): BootstrapEntry[] {
    return this.index.all(tenantId).filter(({ definition }) => definition?.bootstrapConfigId === id);
  }

  /**
   * @throws PlatformError `bootstrap.entryDuplicate`, `bootstrap.identityDuplicate`, `bootstrap.configNotFound`,
   *   `bootstrap.limit`, `api.invalidParameter`
   */
  async create(tenantId: string, request: CreateEntryRequest): Promise<BootstrapEntry> {
    const [made] = await this.createAll(tenantId, [request]);
    if (made instanceof PlatformError) throw made;
    return made as BootstrapEntry;
  }

  /** Makes those that can be made, in one transaction; the others are errors, in the same order. */
  createAll(
    tenantId: string,
    requests: readonly CreateEntryRequest[],
  ): Promise<(BootstrapEntry | PlatformError)[]> {
    return this.parts.changes.run(async () => {
      const taken = new Taken();
      const planned = requests.map((request) => {
        try {
          return this.plan(tenantId, request, taken);
        } catch (error) {
          if (error instanceof PlatformError) return error;
          throw error;
        }
      });
      const made = planned.flatMap((each) => (each instanceof PlatformError ? [] : [each]));
      if (made.length > 0) await this.parts.store.commit(made.map(bootstrapRepository.putEntry));
      for (const entry of made) this.index.put(entry);
      return planned;
    });
  }

  /**
   * The entry that {@link create} would make, with everything checked that can be refused.
   * @param taken what others take that are not there yet; this one is added
   * @throws PlatformError as {@link create}
   */
  plan(tenantId: string, request: CreateEntryRequest, taken: Taken): BootstrapEntry {
    const { endpointName, security, definition } = request;
    const { identity } = security.pskInfo;
    if (this.find(tenantId, endpointName) || taken.names.has(endpointName)) {
      throw new PlatformError(
        'bootstrap.entryDuplicate',
        'There is a bootstrap entry of this endpoint name.',
        {
          details: endpointName,
        },
      );
    }
    this.requireFreeIdentity(identity, undefined);
    if (taken.identities.has(identity)) throw identityDuplicate(identity);
    const most = this.parts.settings.bootstrapEntryMaxPerTenant;
    if (this.count(tenantId) + taken.names.size >= most) {
      throw new PlatformError('bootstrap.limit', 'The tenant has as many bootstrap entries as it may have.', {
        details: `${most} (setting bootstrapEntryMaxPerTenant). Delete one.`,
      });
    }
    this.checkDefinition(tenantId, definition);
    refuseMasks(request);
    taken.names.add(endpointName);
    taken.identities.add(identity);
    const nowMs = this.parts.clock.now();
    const times = { createdMs: nowMs, updatedMs: nowMs };
    return { tenantId, endpointName, security, definition, activity: noActivity, ...times };
  }

  /** @throws PlatformError `bootstrap.entryNotFound`, and as {@link create} */
  replace(tenantId: string, endpointName: string, request: ReplaceEntryRequest): Promise<BootstrapEntry> {
    return this.change(tenantId, endpointName, (before) => {
      if (request.endpointName !== undefined && request.endpointName !== endpointName) {
        throw invalidParameter(
          `body.endpointName: is ${request.endpointName}, but the path says ${endpointName}; leave it out or make them equal`,
        );
      }
      this.requireFreeIdentity(request.security.pskInfo.identity, before);
      return withKeptSecrets(request, before);
    });
  }

  /** @throws PlatformError `bootstrap.entryNotFound`, `bootstrap.configNotFound`, `api.invalidParameter` */
  setConfig(tenantId: string, endpointName: string, bootstrapConfigId: string): Promise<BootstrapEntry> {
    return this.change(tenantId, endpointName, ({ security, definition }) => ({
      security,
      definition: { ...definition, bootstrapConfigId },
    }));
  }

  /** @throws PlatformError `bootstrap.entryNotFound` */
  delete(tenantId: string, endpointName: string): Promise<void> {
    return this.parts.changes.run(async () => {
      const entry = this.get(tenantId, endpointName);
      await this.parts.store.commit([bootstrapRepository.deleteEntry(entry)]);
      this.index.remove(entry);
      this.keyEnds(entry);
    });
  }

  /** Notes what has become of a bootstrap; resolves when it is durable. Nothing happens to an entry that is gone. */
  async note(
    { tenantId, endpointName }: BootstrapEntry,
    change: (before: BootstrapActivity) => BootstrapActivity,
  ): Promise<void> {
    const before = this.find(tenantId, endpointName);
    if (!before) return;
    const updatedMs = this.parts.clock.now();
    const after = { ...before, activity: change(before.activity), updatedMs };
    // At once: what is noted next builds on it.
    this.index.put(after);
    await this.parts.store.commit([bootstrapRepository.updateActivity(after)]);
  }

  private change(
    tenantId: string,
    endpointName: string,
    plan: (before: BootstrapEntry) => Pick<BootstrapEntry, 'security' | 'definition'>,
  ): Promise<BootstrapEntry> {
    return this.parts.changes.run(async () => {
      const before = this.get(tenantId, endpointName);
      const planned = plan(before);
      this.checkDefinition(tenantId, planned.definition);
      const after = { ...before, ...planned, updatedMs: this.parts.clock.now() };
      await this.parts.store.commit([bootstrapRepository.putEntry(after)]);
      // A bootstrap may have gone on meanwhile.
      const now = { ...after, activity: this.get(tenantId, endpointName).activity };
      this.index.put(now);
      const { identity, secret } = before.security.pskInfo;
      const { pskInfo } = now.security;
      if (pskInfo.identity !== identity || pskInfo.secret !== secret) this.keyEnds(before);
      return now;
    });
  }

  private keyEnds({ security }: BootstrapEntry): void {
    this.parts.bus.emit('bootstrapKeyEnded', { pskIdentity: security.pskInfo.identity });
  }

  private requireFreeIdentity(identity: string, own: BootstrapEntry | undefined): void {
    const holder = this.findByIdentity(identity);
    const isOwn = own && holder?.tenantId === own.tenantId && holder.endpointName === own.endpointName;
    if (holder && !isOwn) throw identityDuplicate(identity);
  }

  private checkDefinition(tenantId: string, definition: BootstrapEntry['definition']): void {
    const { bootstrapConfigId, runServers = [] } = definition ?? {};
    if (bootstrapConfigId === undefined) {
      if (runServers.length === 0) return;
      throw invalidParameter('body.definition.bootstrapConfigId: is needed where there are runServers');
    }
    const config = this.parts.configs.get(tenantId, bootstrapConfigId);
    const known = config.runServers.map(({ id }) => id);
    runServers.forEach(({ id }, index) => {
      if (known.includes(id)) return;
      throw invalidParameter(
        `body.definition.runServers.${index}.id: bootstrap configuration ${config.id} has no run server ${id}; it has ${known.join(', ')}`,
      );
    });
  }
}

/** The handshake has nothing but the identity to find the entry by, so it is one for all tenants. */
function identityDuplicate(identity: string): PlatformError {
  return new PlatformError(
    'bootstrap.identityDuplicate',
    'The PSK identity is that of another bootstrap entry.',
    {
      details: `${identity}; the bootstrap server knows a client by it, so no two may have the same`,
    },
  );
}
