import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { requireAtMost } from '../contract/require-at-most.ts';
import type { ActionPolicy, ActionPolicyInput, TriggerName } from '../contract/routing.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import type { Store } from '../store/types.ts';
import type { FifoQueue } from './fifo-queue.ts';
import { type FifoScope, requireFifos } from './fifo-scope.ts';
import type { FifoService } from './fifo-service.ts';
import { compileTriggers, type TriggerFacts, type TriggerTests } from './filter.ts';
import { policyRepository } from './policy-repository.ts';

/** Where a message or another event goes, and the sentence that says why. */
export interface RoutePlan {
  readonly targets: readonly { readonly queue: FifoQueue; readonly noRetention: boolean }[];
  readonly description: string;
}

interface CompiledPolicy {
  readonly policy: ActionPolicy;
  readonly createdMs: number;
  readonly tests: TriggerTests;
}

const nowhere: RoutePlan = { targets: [], description: '' };

export interface PolicySettings {
  /** Most actions of one policy. */
  readonly policyMaxActions: number;
}

/** Action policies of all tenants (facts 10): which messages go to which FIFOs. */
export class PolicyService {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly random: RandomSource;
  private readonly logger: Logger;
  private readonly fifos: FifoService;
  private readonly settings: PolicySettings;
  private readonly byTenant = new Map<string, Map<string, CompiledPolicy>>();
  /** Changes with every change of a policy, so that a plan can be kept as long as it holds. */
  version = 0;

  constructor(parts: {
    store: Store;
    clock: Clock;
    random: RandomSource;
    logger: Logger;
    fifos: FifoService;
    settings: PolicySettings;
  }) {
    this.store = parts.store;
    this.clock = parts.clock;
    this.random = parts.random;
    this.logger = parts.logger;
    this.fifos = parts.fifos;
    this.settings = parts.settings;
  }

  async start(): Promise<void> {
    this.byTenant.clear();
    for (const { tenantId, policy, createdMs } of await policyRepository.load(this.store)) {
      this.remember(tenantId, policy, createdMs);
    }
    await this.matchFifos();
  }

  list(tenantId: string): ActionPolicy[] {
    return [...this.ofTenant(tenantId).values()].map(({ policy }) => policy);
  }

  /** @throws PlatformError `routing.policyNotFound` */
  get(tenantId: string, id: string): ActionPolicy {
    return this.compiled(tenantId, id).policy;
  }

  create(tenantId: string, input: ActionPolicyInput, scope?: FifoScope): Promise<ActionPolicy> {
    if (input.id !== undefined) {
      throw invalidParameter(
        'id: not allowed here; the platform gives it. Use PUT /actionPolicies/{id} to choose one.',
      );
    }
    return this.put(tenantId, randomHex(this.random, 12), input, scope);
  }

  /**
   * Makes or replaces the policy; resolves when it is durable and in force.
   * @param scope FIFOs that policies may name, before the change and after it
   * @throws PlatformError `access.forbidden`, `api.invalidParameter`
   */
  put(tenantId: string, id: string, input: ActionPolicyInput, scope?: FifoScope): Promise<ActionPolicy> {
    const { length } = input.actions.fifoPublish;
    requireAtMost(this.settings, 'policyMaxActions', length, 'body.actions.fifoPublish', 'actions');
    return this.fifos.changes.run(() => this.replace(tenantId, { ...input, id }, scope));
  }

  /** @throws PlatformError `routing.policyNotFound`, `access.forbidden` */
  setEnabled(tenantId: string, id: string, enabled: boolean, scope?: FifoScope): Promise<ActionPolicy> {
    return this.fifos.changes.run(async () =>
      this.replace(tenantId, { ...this.get(tenantId, id), enabled }, scope),
    );
  }

  /** @throws PlatformError `routing.policyNotFound`, `access.forbidden` */
  delete(tenantId: string, id: string, scope?: FifoScope): Promise<void> {
    return this.fifos.changes.run(async () => {
      requireFifos(scope, namesOf([this.get(tenantId, id)]));
      const others = this.list(tenantId).filter((policy) => policy.id !== id);
      const change = this.fifos.change(tenantId, { remove: this.unnamed(tenantId, namesOf(others)) });
      await this.store.commit([...change.statements, policyRepository.delete(tenantId, id)]);
      this.ofTenant(tenantId).delete(id);
      this.version++;
      this.fifos.apply(change);
    });
  }

  /**
   * Deletes a FIFO with the messages in it; resolves when that is durable.
   * @throws PlatformError `routing.fifoInUse` while a policy names it, or has consumers and is not forced
   */
  deleteFifo(tenantId: string, name: string, { force }: { force: boolean }): Promise<void> {
    return this.fifos.changes.run(async () => {
      const queue = this.fifos.get(tenantId, name);
      const linked = this.linkedTo(tenantId, name);
      if (linked.length > 0) {
        throw inUse(`Action policies publish to it: ${linked.join(', ')}. Change or delete them first.`);
      }
      const { consumers } = queue.counts();
      if (consumers > 0 && !force) {
        throw inUse(`${consumers} consumers are subscribed. Disconnect them, or delete with force=true.`);
      }
      const change = this.fifos.change(tenantId, { remove: [queue] });
      await this.store.commit(change.statements);
      this.fifos.apply(change);
    });
  }

  /** Ids of the policies that name a FIFO. */
  linkedTo(tenantId: string, fifoName: string): string[] {
    return this.list(tenantId)
      .filter((policy) => policy.actions.fifoPublish.some((action) => action.fifoName === fifoName))
      .map((policy) => policy.id);
  }

  /** Where an event with these facts goes. The same FIFO gets it once, however many policies name it. */
  plan<Name extends TriggerName>(tenantId: string, trigger: Name, facts: TriggerFacts[Name]): RoutePlan {
    const targets = new Map<FifoQueue, boolean>();
    const names: string[] = [];
    for (const { policy, tests } of this.ofTenant(tenantId).values()) {
      if (!policy.enabled || !tests[trigger]?.(facts)) continue;
      for (const { fifoName, noRetention } of policy.actions.fifoPublish) {
        const queue = this.fifos.find(tenantId, fifoName);
        const way = `${policy.name || policy.id} → fifo/${fifoName}`;
        if (!queue) {
          this.logger.error(
            { tenantId, policyId: policy.id, fifoName },
            'a policy names a FIFO that is missing',
          );
          names.push(`${way}, which is missing`);
          continue;
        }
        targets.set(queue, noRetention && (targets.get(queue) ?? true));
        names.push(way);
      }
    }
    if (names.length === 0) return nowhere;
    return {
      targets: [...targets].map(([queue, noRetention]) => ({ queue, noRetention })),
      description: `matched ${names.join(', ')}`,
    };
  }

  private async replace(tenantId: string, policy: ActionPolicy, scope: FifoScope): Promise<ActionPolicy> {
    const { id } = policy;
    const before = this.ofTenant(tenantId).get(id);
    requireFifos(scope, namesOf(before ? [before.policy, policy] : [policy]));
    const createdMs = before?.createdMs ?? this.clock.now();
    const named = namesOf([...this.list(tenantId).filter((other) => other.id !== id), policy]);
    const change = this.fifos.change(tenantId, { named, remove: this.unnamed(tenantId, named) });
    await this.store.commit([
      ...change.statements,
      policyRepository.delete(tenantId, id),
      policyRepository.insert({ tenantId, policy, createdMs }),
    ]);
    this.remember(tenantId, policy, createdMs);
    this.fifos.apply(change);
    return policy;
  }

  /** FIFOs that none of these names is of and nobody made by name (facts 11: they go with their last action). */
  private unnamed(tenantId: string, names: ReadonlySet<string>): FifoQueue[] {
    return this.fifos
      .list(tenantId)
      .filter((queue) => !names.has(queue.name) && !this.fifos.declarationOf(queue));
  }

  /** Data of an older version may hold a FIFO that outlived its last policy, or a policy that outlived its FIFO. */
  private async matchFifos(): Promise<void> {
    for (const tenantId of new Set([...this.byTenant.keys(), ...this.fifos.tenantIds()])) {
      const named = namesOf(this.list(tenantId));
      try {
        const change = this.fifos.change(tenantId, { named, remove: this.unnamed(tenantId, named) });
        if (change.statements.length === 0) continue;
        await this.store.commit(change.statements);
        this.fifos.apply(change);
        const [made, removed] = [change.made.map(({ queue }) => queue.name), change.removed.map(nameOf)];
        this.logger.warn({ tenantId, made, removed }, 'FIFOs did not match the action policies; they do now');
      } catch (error) {
        // A full disk must not keep the platform from starting.
        this.logger.error({ err: error, tenantId }, 'FIFOs do not match the action policies');
      }
    }
  }

  private remember(tenantId: string, policy: ActionPolicy, createdMs: number): void {
    this.ofTenant(tenantId).set(policy.id, { policy, createdMs, tests: compileTriggers(policy.triggers) });
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

function namesOf(policies: readonly ActionPolicy[]): Set<string> {
  return new Set(policies.flatMap(({ actions }) => actions.fifoPublish.map(({ fifoName }) => fifoName)));
}

const nameOf = ({ name }: FifoQueue): string => name;

function inUse(details: string): PlatformError {
  return new PlatformError('routing.fifoInUse', 'The FIFO is in use.', { details });
}
