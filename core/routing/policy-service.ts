import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { ActionPolicy, ActionPolicyInput } from '../contract/routing.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import { Serial } from '../platform/serial.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Store } from '../store/types.ts';
import type { FifoQueue } from './fifo-queue.ts';
import type { FifoService } from './fifo-service.ts';
import { compileFilter, type MessageFacts } from './filter.ts';

/** Where a message goes, and the sentence that says why. */
export interface RoutePlan {
  readonly targets: readonly { readonly queue: FifoQueue; readonly noRetention: boolean }[];
  readonly description: string;
}

interface CompiledPolicy {
  readonly policy: ActionPolicy;
  readonly createdMs: number;
  readonly matches: (facts: MessageFacts) => boolean;
}

const nowhere: RoutePlan = { targets: [], description: '' };

/** Action policies of all tenants (facts 10): which messages go to which FIFOs. */
export class PolicyService {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly random: RandomSource;
  private readonly fifos: FifoService;
  private readonly byTenant = new Map<string, Map<string, CompiledPolicy>>();
  private readonly changes = new Serial();
  /** Changes with every change of a policy, so that a plan can be kept as long as it holds. */
  version = 0;

  constructor(parts: {
    store: Store;
    clock: Clock;
    random: RandomSource;
    logger: Logger;
    fifos: FifoService;
  }) {
    this.store = parts.store;
    this.clock = parts.clock;
    this.random = parts.random;
    this.fifos = parts.fifos;
  }

  async start(): Promise<void> {
    this.byTenant.clear();
    const rows = await this.store.query<{ tenant_id: string; document: string; created: number }>(
      sqlBuilder
        .selectFrom('action_policies')
        .select(['tenant_id', 'document', 'created'])
        .orderBy('created')
        .compile(),
    );
    for (const row of rows)
      this.remember(row.tenant_id, JSON.parse(row.document) as ActionPolicy, row.created);
  }

  list(tenantId: string): ActionPolicy[] {
    return [...this.ofTenant(tenantId).values()].map(({ policy }) => policy);
  }

  /** @throws PlatformError `routing.policyNotFound` */
  get(tenantId: string, id: string): ActionPolicy {
    return this.compiled(tenantId, id).policy;
  }

  create(tenantId: string, input: ActionPolicyInput): Promise<ActionPolicy> {
    if (input.id !== undefined) {
      throw invalidParameter(
        'id: not allowed here; the platform gives it. Use PUT /actionPolicies/{id} to choose one.',
      );
    }
    return this.put(tenantId, randomHex(this.random, 12), input);
  }

  /** Makes or replaces the policy; resolves when it is durable and in force. */
  put(tenantId: string, id: string, input: ActionPolicyInput): Promise<ActionPolicy> {
    return this.changes.run(async () => {
      const policy: ActionPolicy = { ...input, id };
      const createdMs = this.ofTenant(tenantId).get(id)?.createdMs ?? this.clock.now();
      const made = this.fifos.ensure(
        tenantId,
        policy.actions.fifoPublish.map(({ fifoName }) => fifoName),
      );
      const row = { tenant_id: tenantId, id, document: JSON.stringify(policy), created: createdMs };
      try {
        await this.store.commit([
          ...made.statements,
          sqlBuilder
            .deleteFrom('action_policies')
            .where('tenant_id', '=', tenantId)
            .where('id', '=', id)
            .compile(),
          sqlBuilder.insertInto('action_policies').values(row).compile(),
        ]);
      } catch (error) {
        this.fifos.remove(made.queues);
        throw error;
      }
      this.remember(tenantId, policy, createdMs);
      await this.dropUnnamedFifos(tenantId);
      return policy;
    });
  }

  setEnabled(tenantId: string, id: string, enabled: boolean): Promise<ActionPolicy> {
    return this.put(tenantId, id, { ...this.get(tenantId, id), enabled });
  }

  async delete(tenantId: string, id: string): Promise<void> {
    return this.changes.run(async () => {
      this.compiled(tenantId, id);
      await this.store.commit([
        sqlBuilder
          .deleteFrom('action_policies')
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .compile(),
      ]);
      this.ofTenant(tenantId).delete(id);
      this.version++;
      await this.dropUnnamedFifos(tenantId);
    });
  }

  /** Ids of the policies that name a FIFO. */
  linkedTo(tenantId: string, fifoName: string): string[] {
    return this.list(tenantId)
      .filter((policy) => policy.actions.fifoPublish.some((action) => action.fifoName === fifoName))
      .map((policy) => policy.id);
  }

  /** Where a message with these facts goes. The same FIFO gets it once, however many policies name it. */
  plan(tenantId: string, facts: MessageFacts): RoutePlan {
    const targets = new Map<FifoQueue, boolean>();
    const names: string[] = [];
    for (const { policy, matches } of this.ofTenant(tenantId).values()) {
      if (!policy.enabled || !matches(facts)) continue;
      for (const { fifoName, noRetention } of policy.actions.fifoPublish) {
        const queue = this.fifos.find(tenantId, fifoName);
        if (!queue) continue;
        targets.set(queue, noRetention && (targets.get(queue) ?? true));
        names.push(`${policy.name || policy.id} → fifo/${fifoName}`);
      }
    }
    if (targets.size === 0) return nowhere;
    return {
      targets: [...targets].map(([queue, noRetention]) => ({ queue, noRetention })),
      description: `matched ${names.join(', ')}`,
    };
  }

  /** FIFOs that no policy names any more and nobody made by name (facts 11: they go with their last action). */
  private async dropUnnamedFifos(tenantId: string): Promise<void> {
    const unnamed = this.fifos
      .list(tenantId)
      .filter(
        (queue) => !this.fifos.declarationOf(queue) && this.linkedTo(tenantId, queue.name).length === 0,
      );
    if (unnamed.length > 0) await this.store.commit(this.fifos.remove(unnamed));
  }

  private remember(tenantId: string, policy: ActionPolicy, createdMs: number): void {
    const matches = compileFilter(policy.triggers.dataMessage.filter);
    this.ofTenant(tenantId).set(policy.id, { policy, createdMs, matches });
    this.version++;
  }

  private compiled(tenantId: string, id: string): CompiledPolicy {
    const found = this.ofTenant(tenantId).get(id);
    if (!found) {
      throw new PlatformError('routing.policyNotFound', 'Action policy not found.', {
        details: `There is no action policy ${id}.`,
      });
    }
    return found;
  }

  private ofTenant(tenantId: string): Map<string, CompiledPolicy> {
    let policies = this.byTenant.get(tenantId);
    if (!policies) {
      policies = new Map();
      this.byTenant.set(tenantId, policies);
    }
    return policies;
  }
}
