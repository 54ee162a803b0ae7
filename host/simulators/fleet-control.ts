import { PlatformError } from '../../core/contract/errors.ts';
import type { FleetTemplate, FleetView } from '../../core/contract/simulators.ts';
import type { Logger } from '../../core/platform/logger.ts';
import { Serial } from '../../core/platform/serial.ts';
import type { FleetReport } from '../../simulators/fleet/fleet.ts';
import { kindOf } from '../../simulators/fleet/fleet-kinds.ts';
import { type FleetCounts, type FleetRun, noCounts } from '../../simulators/fleet/fleet-run.ts';
import type { FleetRegistration } from '../../simulators/fleet-registration.ts';
import type { FleetDefinition } from './fleet-file.ts';
import type { FleetThread } from './fleet-thread.ts';
import type { SmsNetwork } from './sms-network.ts';

/** What the control of a fleet works with. */
export interface FleetParts {
  readonly thread: FleetThread;
  readonly logger: Logger;
  registration(): Promise<FleetRegistration>;
  /** Where its devices connect to, and how they know that it is the right place. */
  target(template: FleetTemplate): Omit<FleetRun, 'template' | 'key'>;
  /** Before anything is made for it; throws when it must not start. */
  admit(): void;
  /** A text that nobody can guess. */
  secret(): string;
  /** The mobile network, for handsets. */
  readonly network: Pick<SmsNetwork, 'join' | 'leave'>;
}

/** One fleet from the user's point of view: what it is, what it does, and what went wrong. */
export class FleetControl implements FleetDefinition {
  readonly id: string;
  readonly tenantId: string;
  readonly template: FleetTemplate;
  private readonly parts: FleetParts;
  /** Starts and stops, one after the other. */
  private readonly changes = new Serial();
  private state: FleetView['state'] = 'stopped';
  private problem: string | null = null;
  private counts: FleetCounts = noCounts();
  private keyId: string | undefined;
  /** Of a fleet that runs, and whose devices have keys of their own. */
  private secret: string | undefined;
  private isThere = false;
  private abort = new AbortController();

  constructor(definition: FleetDefinition, parts: FleetParts) {
    this.id = definition.id;
    this.tenantId = definition.tenantId;
    this.template = definition.template;
    this.parts = parts;
  }

  /** True when its devices are, or are about to be, there. */
  get active(): boolean {
    return this.state === 'starting' || this.state === 'running' || this.state === 'stopping';
  }

  get running(): boolean {
    return this.state === 'running';
  }

  /** @param report what the thread says of it, when it is there */
  view(report?: FleetReport): FleetView {
    const { id, template, state } = this;
    const { problem, ...counts } = { problem: null, ...this.counts, ...report };
    return { id, template, state, problem: this.problem ?? problem, devices: template.count, ...counts };
  }

  /**
   * Starts it; how that goes is told by its state. Resolves when it is running, stopped or failed.
   * @throws PlatformError `simulators.wrongState` while it stops
   */
  start(): Promise<void> {
    if (this.state === 'stopping') {
      throw new PlatformError('simulators.wrongState', 'The fleet is stopping.', {
        details: 'Start it when it is stopped.',
      });
    }
    if (this.state === 'starting' || this.state === 'running') return Promise.resolve();
    this.state = 'starting';
    this.problem = null;
    this.counts = noCounts();
    this.abort = new AbortController();
    const { signal } = this.abort;
    return this.changes.run(() => this.open(signal));
  }

  /** Disconnects its devices and takes their key away. A start that is under way is given up. */
  stop(): Promise<void> {
    this.abort.abort();
    if (this.state === 'running' || this.state === 'starting') this.state = 'stopping';
    return this.changes.run(() => this.close());
  }

  /** The thread in which its devices lived is gone. */
  crashed(reason: string): void {
    // One that is just starting or stopping learns it by its call to the thread.
    if (this.state !== 'running') return;
    this.state = 'failed';
    this.problem = `${reason}. Start the fleet again.`;
    this.counts = { ...this.counts, connected: 0 };
    this.isThere = false;
    this.parts.network.leave(this.id);
    void this.changes.run(() => this.deleteKey());
  }

  /**
   * Devices lost their connection, perhaps because they were deleted: they are registered again before they come
   * back, or the platform would take them for new ones, without the mark of simulated devices.
   */
  cutOff(): void {
    const { signal } = this.abort;
    void this.changes.run(async () => {
      if (this.state !== 'running') return;
      const { parts, template, id } = this;
      try {
        await (await parts.registration()).register(template, this.secret, signal);
      } catch (error) {
        if (!signal.aborted)
          parts.logger.warn({ fleet: template.name, error }, 'devices were not registered again');
      }
      // A thread that has ended says so itself.
      if (!signal.aborted) await parts.thread.call('readmit', { fleetId: id }).catch(() => {});
    });
  }

  private async open(signal: AbortSignal): Promise<void> {
    const { parts, template } = this;
    try {
      signal.throwIfAborted();
      parts.admit();
      const target = parts.target(template);
      const registration = await parts.registration();
      const key = await this.prepare(registration, signal);
      signal.throwIfAborted();
      const models = await registration.modelsOf(template);
      signal.throwIfAborted();
      parts.network.join(this.id, template);
      const run = { template, key, models, ...target };
      await parts.thread.call('start', { fleetId: this.id, run });
      this.isThere = true;
      if (this.state === 'starting') this.state = 'running';
    } catch (error) {
      parts.network.leave(this.id);
      await this.deleteKey();
      if (signal.aborted) return;
      this.state = 'failed';
      this.problem = textOf(error);
    }
  }

  /** What the platform must know before its devices connect. @returns what they connect with */
  private async prepare(registration: FleetRegistration, signal: AbortSignal): Promise<string> {
    const { template } = this;
    const { keyRole } = kindOf(template);
    if (keyRole === undefined) {
      const secret = this.parts.secret();
      this.secret = secret;
      const before = await registration.register(template, secret, signal);
      await registration.renewCredentials(template, before, secret, signal);
      return secret;
    }
    await registration.register(template, undefined, signal);
    const key = await registration.createKey(keyRole);
    this.keyId = key.id;
    return key.value;
  }

  private async close(): Promise<void> {
    if (this.state !== 'stopping') return;
    try {
      if (this.isThere) {
        this.isThere = false;
        const { problem: _problem, ...counts } = await this.parts.thread.call('stop', { fleetId: this.id });
        this.counts = counts;
      }
      this.state = 'stopped';
    } catch (error) {
      this.state = 'failed';
      this.problem = textOf(error);
    }
    this.parts.network.leave(this.id);
    await this.deleteKey();
  }

  /** A key that cannot be deleted now is deleted when the first fleet of the next run starts. */
  private async deleteKey(): Promise<void> {
    const { keyId } = this;
    this.keyId = undefined;
    if (keyId === undefined) return;
    try {
      await (await this.parts.registration()).deleteKey(keyId);
    } catch (error) {
      this.parts.logger.warn({ keyId, error }, 'the key of a simulated fleet could not be deleted');
    }
  }
}

function textOf(error: unknown): string {
  if (error instanceof PlatformError) return [error.message, error.details].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : String(error);
}
