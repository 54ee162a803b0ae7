import type { BootstrapService } from '../../../bootstrap/bootstrap-service.ts';
import type { BootstrapEntry } from '../../../bootstrap/entry-record.ts';
import type { SentConfig } from '../../../contract/bootstrap/entries.ts';
import type { InventoryService } from '../../../inventory/inventory-service.ts';
import { type Clock, isoTime } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { CoapEndpoint } from '../../../protocols/coap/endpoint.ts';
import type { ValueFormat } from '../../../protocols/lwm2m/codec.ts';
import { BootstrapFailure } from './bootstrap-failure.ts';
import type { BootstrapLog } from './bootstrap-log.ts';
import type { BootstrapPlan } from './bootstrap-plan.ts';
import { runSequence } from './bootstrap-sequence.ts';

export interface RunOptions {
  readonly plan: BootstrapPlan;
  readonly formats: readonly ValueFormat[];
  readonly endpoint: Pick<CoapEndpoint, 'request'>;
  readonly peer: string;
}

/** A bootstrap that is going on. */
interface Run {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** The bootstraps that are going on, one for each entry, and what their entries tell of them. */
export class BootstrapRuns {
  private readonly parts: {
    readonly bootstrap: Pick<BootstrapService, 'entries'>;
    readonly inventory: Pick<InventoryService, 'updateSession' | 'interfaces'>;
    readonly clock: Clock;
    readonly wireClock: Clock;
    readonly logger: Logger;
    readonly log: BootstrapLog;
    readonly settings: { readonly bootstrapTimeoutMs: number };
  };
  private readonly runs = new Map<string, Run>();

  constructor(parts: BootstrapRuns['parts']) {
    this.parts = parts;
  }

  /** A client has asked; one that was asked for before is given up. Resolves when that is noted durably. */
  async requested(entry: BootstrapEntry): Promise<void> {
    const before = this.runs.get(keyOf(entry));
    before?.abort.abort('the client has asked again');
    await before?.ended;
    const { bootstrap, clock } = this.parts;
    await bootstrap.entries.note(entry, (activity) => ({
      ...{ ...activity, status: 'IN_PROGRESS', requests: activity.requests + 1, lastRequestMs: clock.now() },
    }));
  }

  /** What was asked for cannot be done. Resolves when that is noted durably. */
  failed(entry: BootstrapEntry, sent?: SentConfig): Promise<void> {
    return this.parts.bootstrap.entries.note(entry, (activity) => ({
      ...{ ...activity, status: 'FAILED', ...(sent && { sent }) },
    }));
  }

  /** Begins to tell a client what the plan says, behind the answer to its request. */
  start(entry: BootstrapEntry, options: RunOptions): void {
    const abort = new AbortController();
    const { wireClock, settings, logger } = this.parts;
    const timer = wireClock.after('LwM2M bootstrap', settings.bootstrapTimeoutMs, () =>
      abort.abort(`it took longer than ${settings.bootstrapTimeoutMs} ms (setting bootstrapTimeoutMs)`),
    );
    const key = keyOf(entry);
    const ended = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.run(entry, options, abort.signal))
      .catch((error: unknown) => {
        logger.error({ err: error, endpointName: entry.endpointName }, 'a bootstrap could not be noted');
      })
      .finally(() => {
        timer.cancel();
        if (this.runs.get(key)?.abort === abort) this.runs.delete(key);
      });
    this.runs.set(key, { abort, ended });
  }

  /** Gives up all; resolves when that is noted. */
  async stop(): Promise<void> {
    const all = [...this.runs.values()];
    for (const { abort } of all) abort.abort('the bootstrap server was stopped');
    await Promise.all(all.map(({ ended }) => ended));
  }

  private async run(entry: BootstrapEntry, options: RunOptions, signal: AbortSignal): Promise<void> {
    const { plan, formats, endpoint, peer } = options;
    const { bootstrap, clock, log } = this.parts;
    const all: SentConfig = { runServers: plan.servers.map(({ sent }) => sent) };
    let sent: SentConfig | undefined;
    try {
      await runSequence(plan.servers, {
        ...{ endpoint, formats, control: { signal } },
        written: async () => {
          sent = all;
          if (signal.aborted) throw new BootstrapFailure(String(signal.reason));
          await this.provision(plan.provision);
        },
      });
    } catch (error) {
      if (!(error instanceof BootstrapFailure)) {
        this.parts.logger.error({ err: error, endpointName: entry.endpointName }, 'a bootstrap failed');
      }
      await this.failed(entry, sent);
      const why = error instanceof BootstrapFailure ? error.message : 'the platform failed; its log has more';
      log.failed(entry, peer, signal.aborted ? `${String(signal.reason)}; ${why}` : why);
      return;
    }
    await bootstrap.entries.note(entry, (activity) => ({
      ...{ ...activity, status: 'FINISHED', sent: all, finishes: activity.finishes + 1 },
      lastFinishMs: clock.now(),
    }));
    log.finished(
      entry,
      peer,
      plan.servers.map(({ id }) => id),
    );
  }

  /** Tells the device's interface of the key, before the client may use it (manual 7.7.1.3.2). */
  private async provision(provision: BootstrapPlan['provision']): Promise<void> {
    if (!provision) return;
    const { target, pskInfo } = provision;
    const { inventory, clock } = this.parts;
    try {
      await inventory.interfaces.fillIn(target, { security: { mode: 'PSK', pskInfo } });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new BootstrapFailure(`interface lwm2m:${target.nodeId} could not be given its security: ${why}`);
    }
    await inventory.updateSession(target, {
      activity: { lastBootstrapProvisioningDate: isoTime(clock.now()) },
    });
  }
}

const keyOf = ({ tenantId, endpointName }: BootstrapEntry): string => `${tenantId} ${endpointName}`;
