import type { TriggerName } from '../contract/routing.ts';
import type { Statement } from '../store/types.ts';
import type { FifoService } from './fifo-service.ts';
import type { TriggerFacts } from './filter.ts';
import type { PolicyService } from './policy-service.ts';

/** An event on its way into FIFOs: what to store with what it tells of, and what to do once that is durable. */
export interface RoutedEvent {
  readonly statements: readonly Statement[];
  enter(): void;
}

const nowhere: RoutedEvent = { statements: [], enter: () => {} };

/** Routes events other than data messages (facts 10): what a policy's trigger takes goes to the policy's FIFOs. */
export class EventRouter {
  private readonly policies: PolicyService;
  private readonly fifos: FifoService;

  constructor(parts: { policies: PolicyService; fifos: FifoService }) {
    this.policies = parts.policies;
    this.fifos = parts.fifos;
  }

  /** @param describe makes the event; called only when it goes somewhere. Its type is put in front. */
  prepare<Name extends TriggerName>(
    tenantId: string,
    trigger: Name,
    facts: TriggerFacts[Name],
    describe: () => object,
  ): RoutedEvent {
    const { targets } = this.policies.plan(tenantId, trigger, facts);
    if (targets.length === 0) return nowhere;
    const body = JSON.stringify({ type: trigger, ...describe() });
    const additions = targets.map(({ queue, noRetention }) =>
      this.fifos.prepare(queue, body, { noRetention, messageSeq: undefined, messageId: undefined }),
    );
    return {
      statements: additions.flatMap(({ statement }) => statement ?? []),
      enter: () => {
        for (const addition of additions) this.fifos.enter(addition);
      },
    };
  }
}
