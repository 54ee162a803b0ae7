import type { AuditLog } from '../audit/audit-log.ts';
import type { TraceStore } from '../bus/trace-store.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { FifoDeclaration } from '../contract/routing.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { Serial } from '../platform/serial.ts';
import type { Statement, Store } from '../store/types.ts';
import { dropReasons, FifoLosses } from './fifo-losses.ts';
import {
  eventBytes,
  type FifoConsumer,
  type FifoEntry,
  type FifoObserver,
  FifoQueue,
  type ReleaseReason,
} from './fifo-queue.ts';
import { FifoReleases } from './fifo-releases.ts';
import { fifoRepository } from './fifo-repository.ts';

export interface FifoSettings {
  /** Most bytes waiting in a FIFO that names no limit of its own; the oldest messages go when more come. */
  readonly fifoMaxBytes: number;
  /** How long a message waits in a FIFO that names no time of its own. */
  readonly fifoTtlMs: number;
  /** Most FIFOs of one tenant. */
  readonly fifoMaxPerTenant: number;
}

/** A message on its way into a FIFO: what to store with it, and what to do once that is durable. */
export interface FifoAddition {
  /** Undefined when nothing is to be stored. */
  readonly statement: Statement | undefined;
  readonly queue: FifoQueue;
  readonly entry: FifoEntry;
  /** False when it alone is larger than the FIFO may be. */
  readonly fits: boolean;
}

/** FIFOs that come and go in one transaction. */
export interface FifoChange {
  readonly made: readonly { readonly queue: FifoQueue; readonly declaration: FifoDeclaration | undefined }[];
  readonly removed: readonly FifoQueue[];
  readonly statements: readonly Statement[];
}

const sweepPeriodMs = 1000;
/** -1 in the API and in the store: the platform's setting holds. */
const bySetting = -1;

/** All FIFOs of all tenants (facts 11). */
export class FifoService implements FifoObserver {
  /** Changes of FIFOs and of the policies that name them, one after the other: each looks at what the last one left. */
  readonly changes = new Serial();
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly traces: TraceStore;
  private readonly audit: AuditLog;
  private readonly logger: Logger;
  private readonly settings: FifoSettings;
  private readonly queues = new Map<string, FifoQueue>();
  private readonly declared = new Map<FifoQueue, FifoDeclaration>();
  private readonly losses: FifoLosses;
  private readonly releases: FifoReleases;
  private nextFifoId = 1;
  private nextSeq = 1;
  private sweep: Timer | undefined;

  constructor(parts: {
    store: Store;
    clock: Clock;
    logger: Logger;
    audit: AuditLog;
    traces: TraceStore;
    settings: FifoSettings;
  }) {
    this.store = parts.store;
    this.clock = parts.clock;
    this.traces = parts.traces;
    this.settings = parts.settings;
    this.audit = parts.audit;
    this.logger = parts.logger;
    this.losses = new FifoLosses(parts.audit);
    this.releases = new FifoReleases(parts);
  }

  /** Takes up the FIFOs and messages that the store holds. */
  async start(): Promise<void> {
    this.queues.clear();
    this.declared.clear();
    const byId = new Map<number, FifoQueue>();
    for (const row of await fifoRepository.loadFifos(this.store)) {
      const declaration = { name: row.name, maxLengthBytes: row.max_bytes, messageTtl: row.ttl_s };
      const queue = this.newQueue(row.id, row.tenant_id, declaration, row.created);
      this.queues.set(keyOf(row.tenant_id, row.name), queue);
      if (row.declared === 1) this.declared.set(queue, declaration);
      byId.set(row.id, queue);
      this.nextFifoId = Math.max(this.nextFifoId, row.id + 1);
    }
    let lost = 0;
    for await (const { fifoId, seq, entry } of fifoRepository.loadEntries(this.store)) {
      const queue = byId.get(fifoId);
      if (queue && entry) queue.push(entry);
      else this.releases.forget(fifoRepository.deleteEntry(seq));
      if (!entry) lost++;
      this.nextSeq = Math.max(this.nextSeq, seq + 1);
    }
    // Only a repair of damaged files can leave such.
    if (lost > 0)
      this.logger.error({ lost }, 'FIFO messages are gone: the data messages they held are missing');
    this.sweep = this.clock.every('fifo sweep', sweepPeriodMs, () => this.expireAndReport());
  }

  stop(): void {
    this.sweep?.cancel();
    this.losses.report();
  }

  find(tenantId: string, name: string): FifoQueue | undefined {
    return this.queues.get(keyOf(tenantId, name));
  }

  /** @throws PlatformError `routing.fifoNotFound` */
  get(tenantId: string, name: string): FifoQueue {
    const queue = this.find(tenantId, name);
    if (!queue) {
      throw new PlatformError('routing.fifoNotFound', 'FIFO not found.', {
        details: `There is no FIFO ${name}. An action policy that publishes to it makes it.`,
      });
    }
    return queue;
  }

  tenantIds(): string[] {
    return [...this.queues.values()].map(({ tenantId }) => tenantId);
  }

  list(tenantId: string): FifoQueue[] {
    const own = [...this.queues.values()].filter((queue) => queue.tenantId === tenantId);
    return own.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All FIFOs of all tenants. */
  all(): Iterable<FifoQueue> {
    return this.queues.values();
  }

  declarationOf(queue: FifoQueue): FifoDeclaration | undefined {
    return this.declared.get(queue);
  }

  /** Makes a FIFO by name, to stay until it is deleted (v0 API); resolves when it is durable. */
  declare(tenantId: string, declaration: FifoDeclaration): Promise<FifoQueue> {
    return this.changes.run(async () => {
      if (this.find(tenantId, declaration.name)) {
        throw new PlatformError('routing.fifoDuplicate', 'This FIFO already exists.', {
          details: `A FIFO ${declaration.name} is there already.`,
        });
      }
      const change = this.change(tenantId, { declare: declaration });
      await this.store.commit(change.statements);
      this.apply(change);
      return this.get(tenantId, declaration.name);
    });
  }

  /**
   * Makes a FIFO by declaration, makes those of the named ones that are not there, and removes others with all that
   * is in them. Nothing of it holds until its statements are durable and it is {@link apply applied}.
   */
  change(
    tenantId: string,
    wanted: { declare?: FifoDeclaration; named?: Iterable<string>; remove?: readonly FifoQueue[] },
  ): FifoChange {
    const { declare, named = [], remove: removed = [] } = wanted;
    const missing = [...new Set(named)].filter((name) => !this.find(tenantId, name));
    const byName = missing.map((name) => ({ name, maxLengthBytes: bySetting, messageTtl: bySetting }));
    const count = byName.length + (declare ? 1 : 0);
    const { fifoMaxPerTenant } = this.settings;
    if (count > 0 && this.list(tenantId).length + count - removed.length > fifoMaxPerTenant) {
      throw invalidParameter(
        `This would be more than ${fifoMaxPerTenant} FIFOs (setting fifoMaxPerTenant). Delete some, or use those there are.`,
      );
    }
    const createdMs = this.clock.now();
    const statements: Statement[] = [];
    const made = [...byName, ...(declare ? [declare] : [])].map((declaration) => {
      const queue = this.newQueue(this.nextFifoId++, tenantId, declaration, createdMs);
      statements.push(fifoRepository.insertFifo(queue, declaration, declaration === declare));
      return { queue, declaration: declaration === declare ? declare : undefined };
    });
    statements.push(...removed.flatMap(({ id }) => fifoRepository.deleteFifo(id)));
    return { made, removed, statements };
  }

  /** Brings a change that is durable into force; consumers of a removed FIFO are disconnected. */
  apply({ made, removed }: FifoChange): void {
    for (const { queue, declaration } of made) {
      this.queues.set(keyOf(queue.tenantId, queue.name), queue);
      if (declaration) this.declared.set(queue, declaration);
    }
    for (const queue of removed) {
      this.queues.delete(keyOf(queue.tenantId, queue.name));
      this.declared.delete(queue);
      queue.remove();
      // Messages went on coming while the removal was being stored.
      this.releases.forget(fifoRepository.deleteEntries(queue.id));
    }
  }

  /**
   * Prepares an event for a FIFO. Nothing happens to the FIFO until {@link enter}.
   * @param body JSON text of the event, or of the data message that it tells of when `messageSeq` names one; that
   * message has to be stored in the same transaction
   */
  prepare(
    queue: FifoQueue,
    body: string,
    from: { noRetention: boolean; messageSeq: number | undefined; messageId: string | undefined },
  ): FifoAddition {
    const { messageSeq, messageId } = from;
    const bytes = eventBytes({ body, messageSeq });
    const toKeep = queue.keeps && !from.noRetention;
    const fits = !toKeep || bytes <= queue.maxBytes;
    const entry: FifoEntry = {
      seq: this.nextSeq++,
      body,
      bytes,
      // What is not kept has to last until it is handed out.
      expiresAtMs: this.clock.now() + (toKeep ? queue.ttlMs : sweepPeriodMs),
      retained: toKeep && fits,
      messageSeq,
      messageId,
    };
    const statement = entry.retained ? fifoRepository.insertEntry(queue.id, entry) : undefined;
    return { statement, queue, entry, fits };
  }

  /**
   * Puts a prepared message into its FIFO; call it when the message is durable.
   * @returns false when the FIFO was deleted while the message was being stored, and the message with it.
   */
  enter({ queue, entry, fits }: FifoAddition): boolean {
    if (this.find(queue.tenantId, queue.name) !== queue) {
      const what = `the FIFO was deleted while the message was being stored (fifo/${queue.name})`;
      this.traceOf(entry)?.add(this.clock.monotonicUs(), 'fifo', 'dropped', what);
      return false;
    }
    if (fits) queue.push(entry);
    else this.released(queue, entry, 'too large');
    return true;
  }

  /**
   * Publishes a text to a FIFO from outside; resolves when it is durable.
   * @throws PlatformError `api.bodyTooLarge` when the FIFO is too small for it, `routing.fifoNotFound` when it is
   * deleted meanwhile: no consumer will ever get the message
   */
  async publish(queue: FifoQueue, body: string): Promise<void> {
    const from = { noRetention: false, messageSeq: undefined, messageId: undefined };
    const addition = this.prepare(queue, body, from);
    if (!addition.fits) {
      throw new PlatformError('api.bodyTooLarge', 'The message is larger than the FIFO may be.', {
        details: `It has ${addition.entry.bytes} bytes; maxLengthBytes of FIFO ${queue.name} is ${queue.maxBytes}.`,
      });
    }
    if (addition.statement) await this.store.commit([addition.statement]);
    if (!this.enter(addition)) {
      throw new PlatformError('routing.fifoNotFound', 'FIFO not found.', {
        details: `FIFO ${queue.name} was deleted while the message was being stored, and the message with it.`,
      });
    }
  }

  /**
   * Removes all that waits in a FIFO; what a consumer holds stays with it. Resolves when that is durable.
   * @returns how many messages are lost by it
   */
  async drain(queue: FifoQueue): Promise<number> {
    const entries = queue.peek(Number.POSITIVE_INFINITY);
    const kept = entries.filter(({ retained }) => retained);
    if (kept.length > 0) await this.store.commit(kept.map(({ seq }) => fifoRepository.deleteEntry(seq)));
    const removed = queue.drain(new Set(entries));
    if (removed > 0) {
      this.audit.record(queue.tenantId, {
        level: 'info',
        category: 'notification',
        subcategory: 'fifo',
        type: 'logs_info',
        description: `FIFO ${queue.name} was drained by hand`,
        detailedDescription: `${removed} messages that waited were removed; no consumer gets them.`,
        source: {},
        content: { fifoName: queue.name, removed },
      });
    }
    return removed;
  }

  delivered(queue: FifoQueue, entry: FifoEntry, consumer: FifoConsumer): void {
    const how = `sent from fifo/${queue.name} to ${consumer.name}`;
    this.traceOf(entry)?.add(this.clock.monotonicUs(), 'deliver', 'ok', how);
  }

  released(queue: FifoQueue, entry: FifoEntry, why: ReleaseReason): void {
    // What is drained is out of the store already.
    if (entry.retained && why !== 'drained') this.releases.forget(fifoRepository.deleteEntry(entry.seq));
    const trace = this.traceOf(entry);
    if (why === 'acknowledged') {
      trace?.add(this.clock.monotonicUs(), 'fifo', 'ok', `acknowledged, so removed from fifo/${queue.name}`);
      return;
    }
    trace?.add(this.clock.monotonicUs(), 'fifo', 'dropped', `${dropReasons[why]} (fifo/${queue.name})`);
    if (why === 'no consumer' || why === 'drained') return;
    this.losses.count(queue, why);
  }

  private traceOf(entry: FifoEntry) {
    if (entry.messageSeq === undefined || entry.messageId === undefined) return undefined;
    return this.traces.ofMessage(entry.messageSeq, entry.messageId);
  }

  private expireAndReport(): void {
    for (const queue of this.queues.values()) queue.expire();
    this.losses.report();
  }

  private newQueue(id: number, tenantId: string, declaration: FifoDeclaration, createdMs: number): FifoQueue {
    const { name, maxLengthBytes, messageTtl } = declaration;
    const limits = {
      maxBytes: maxLengthBytes === bySetting ? this.settings.fifoMaxBytes : maxLengthBytes,
      ttlMs: messageTtl === bySetting ? this.settings.fifoTtlMs : messageTtl * 1000,
    };
    return new FifoQueue({ id, tenantId, name, createdMs }, limits, this, this.clock);
  }
}

function keyOf(tenantId: string, name: string): string {
  return `${tenantId}/${name}`;
}
