import type { SimulatedDeviceView } from '../../core/contract/simulators.ts';
import type { RequestHandler } from '../../core/protocols/coap/request-server.ts';
import type { CoapsClient } from '../../core/protocols/coaps/coaps-client.ts';
import { DtlsError } from '../../core/protocols/dtls/errors.ts';
import { backOffMs, type MemberParts } from '../fleet/fleet-member.ts';
import type { Scheduled } from '../fleet/schedule.ts';
import { bootstrap } from './bootstrap-session.ts';
import { connectProblem, ServerUnknown } from './connect-problem.ts';
import { type LinkParts, openSession } from './device-link.ts';
import type { DeviceObjects } from './device-objects.ts';
import {
  bootstrapServerOf,
  noteAlert,
  noteBootstrap,
  runServerOf,
  type ServerAccount,
} from './objects/server-account.ts';
import { isTrue, numberOf } from './resource-value.ts';
import { plannedRetryMs } from './retry-plan.ts';
import { type RegistrationFacts, ServerSession } from './server-session.ts';

export interface ConnectionParts extends Pick<MemberParts, 'schedule' | 'gate' | 'counts' | 'timing'> {
  readonly link: LinkParts;
  /** In queue mode: how long it listens after a message; undefined: always. */
  awakeS(): number | undefined;
  readonly updateEveryS: number | undefined;
  objects(): DeviceObjects;
  /** The platform's time in milliseconds. */
  now(): number;
  facts(account: ServerAccount): RegistrationFacts;
  readonly handler: RequestHandler;
  /** There is another session, or none: what was observed over the one before is over. */
  sessionChanged(): void;
  /** It listens, or does not. */
  awake(isAwake: boolean): void;
  /** The server has ended the session. */
  cutOff(): void;
}

type State = SimulatedDeviceView['state'];

/** Resources of the Server object: Initial Registration Delay Timer, Bootstrap on Registration Failure. */
const [initialDelay, bootstrapOnFailure] = [14, 16];

/** How long a device is away that restarts. */
const restartMs = 1000;
const goodbyeMs = 2000;

/**
 * Keeps a device registered: bootstrap, session, registration, its updates, and sleep between them. What fails is tried
 * again after a while.
 */
export class DeviceConnection {
  problem: string | null = null;
  private readonly parts: ConnectionParts;
  private stateNow: State = 'connecting';
  private client: CoapsClient | undefined;
  private registration: ServerSession | undefined;
  private account: ServerAccount | undefined;
  private attempt = new AbortController();
  private wantsBootstrap = false;
  /** A bootstrap has just written the account: its delay counts before the registration. */
  private isFresh = false;
  private isCounted = false;
  private atGate = false;
  private failures = 0;
  private updating = false;
  private updateAgain = false;
  private heardMs = 0;
  private next: Scheduled | undefined;
  private sleep: Scheduled | undefined;

  constructor(parts: ConnectionParts) {
    this.parts = parts;
  }

  get state(): State {
    return this.stateNow;
  }

  /** The session with the server that it is registered at; undefined while it is not, or sleeps. */
  get session(): ServerSession | undefined {
    return this.stateNow === 'connected' ? this.registration : undefined;
  }

  /** Also while it sleeps. */
  get registered(): ServerSession | undefined {
    return this.isCounted ? this.registration : undefined;
  }

  get serverAccount(): ServerAccount | undefined {
    return this.account;
  }

  start(): void {
    this.parts.gate.enter(() => void this.connect());
  }

  async stop(): Promise<void> {
    const { client, registration } = this;
    const isAwake = this.stateNow === 'connected';
    this.leave('stopped');
    if (registration && isAwake) {
      const late = new AbortController();
      const timer = this.parts.link.wireClock.after('goodbye of a simulated device', goodbyeMs, () =>
        late.abort(),
      );
      await registration.deregister(late.signal).catch(() => {});
      timer.cancel();
    }
    this.client = undefined;
    await client?.close();
    this.registration = undefined;
  }

  abandon(): void {
    void this.client?.vanish();
  }

  comeBack(): void {
    if (this.stateNow === 'stopped') return;
    this.failures += 1;
    const server = this.account?.server;
    const planned = server && plannedRetryMs(server, this.failures);
    if (planned === 'exhausted') this.exhausted();
    else this.later(planned ?? backOffMs(this.failures - 1, this.parts.timing), () => this.start());
  }

  /** There is no further attempt (/1/x/17 to 20): another bootstrap, or nothing until it is restarted. */
  private exhausted(): void {
    const { failures } = this;
    this.failures = 0;
    this.wantsBootstrap = this.mayBootstrap();
    if (this.wantsBootstrap) this.later(backOffMs(0, this.parts.timing), () => this.start());
    else this.problem = `${this.problem ?? ''}; given up after ${failures} attempts (/1/x/17 to /1/x/20)`;
  }

  /** Something came or went. */
  heard(): void {
    this.heardMs = this.parts.schedule.nowMs();
  }

  /** Tells the server that it is there, and what is different; a device that sleeps wakes up for it. */
  update(): void {
    if (this.stateNow === 'sleeping') this.wake();
    else if (this.stateNow === 'connected') void this.sendUpdate();
  }

  /** Gone without a word, and back with a new session and registration. @param awayMs until it is back */
  async restart(awayMs = restartMs): Promise<void> {
    if (this.stateNow === 'stopped') return;
    await this.vanish('restarting');
    this.registration = undefined;
    this.failures = 0;
    this.later(awayMs, () => this.start());
  }

  /** Leaves the server for so long (/1/x/4). */
  async disable(seconds: number): Promise<void> {
    const { registration } = this;
    await registration?.deregister(this.attempt.signal).catch(() => {});
    await this.restart(seconds * 1000);
    this.problem = `the server has disabled it for ${seconds} s`;
  }

  /** Asks the bootstrap server anew, and registers with what that says. */
  async bootstrapAnew(): Promise<void> {
    this.wantsBootstrap = true;
    await this.restart(0);
  }

  /** From another UDP port: with a connection id the session goes on, else there is a new one for the registration. */
  async changeAddress(): Promise<void> {
    const { client } = this;
    if (!client || !this.session) return;
    if (client.session.hasConnectionId) {
      await client.rebind();
      this.update();
      return;
    }
    await this.vanish('connecting');
    this.start();
  }

  goToSleep(): void {
    if (this.stateNow !== 'connected') return;
    this.stateNow = 'sleeping';
    this.sleep?.cancel();
    this.parts.awake(false);
  }

  wake(): void {
    if (this.stateNow !== 'sleeping') return;
    this.parts.awake(true);
    this.stateNow = 'connected';
    this.heard();
    this.armSleep();
    void this.sendUpdate();
  }

  /** The server cannot be reached over this session: a new one goes on with the registration. */
  async recover(reason: string): Promise<void> {
    if (this.stateNow !== 'connected') return;
    this.parts.counts.errors += 1;
    this.problem = reason;
    await this.vanish('lost');
    this.comeBack();
  }

  private async connect(): Promise<void> {
    if (this.stateNow === 'stopped') {
      this.parts.gate.leave();
      return;
    }
    this.atGate = true;
    const attempt = new AbortController();
    this.attempt = attempt;
    const { signal } = attempt;
    try {
      this.parts.awake(true);
      const account = await this.accountFor(signal);
      this.account = account;
      this.stateNow = 'connecting';
      const delayS = this.isFresh ? (numberOf(account.server?.resources.get(initialDelay)) ?? 0) : 0;
      this.isFresh = false;
      if (delayS > 0) this.delay(delayS);
      else await this.registerOver(await this.open(account, signal), account, signal);
    } catch (error) {
      if (!signal.aborted) await this.failed(error);
    }
    // Who gave it up has left the gate, and may be at it again.
    if (!signal.aborted) this.leaveGate();
  }

  /** What a bootstrap wants to be waited for before the first registration. */
  private delay(seconds: number): void {
    this.problem = `it registers ${seconds} s after the bootstrap (/1/x/14)`;
    this.later(seconds * 1000, () => this.start());
  }

  /** @throws ServerUnknown, BootstrapFailed, DtlsError, CoapError */
  private async accountFor(signal: AbortSignal): Promise<ServerAccount> {
    const objects = this.parts.objects();
    const known = this.wantsBootstrap ? undefined : runServerOf(objects);
    if (known) return known;
    const server = bootstrapServerOf(objects);
    if (!server) throw new ServerUnknown('it knows no server, and no bootstrap server');
    this.stateNow = 'bootstrapping';
    const { version, endpointName } = this.parts.facts(server);
    await bootstrap(server, { ...this.parts.link, objects, version, endpointName }, signal);
    this.wantsBootstrap = false;
    this.isFresh = true;
    noteBootstrap(objects, this.parts.now());
    this.registration = undefined;
    const written = runServerOf(objects);
    if (written) return written;
    throw new ServerUnknown('the bootstrap server has named no server with a pre-shared key');
  }

  private async open(account: ServerAccount, signal: AbortSignal): Promise<CoapsClient> {
    const client = await openSession(account, this.parts.link, {
      handler: this.parts.handler,
      closed: (reason) => this.closedBy(client, reason),
      signal,
    });
    if (signal.aborted) await client.vanish();
    signal.throwIfAborted();
    this.client = client;
    this.parts.sessionChanged();
    return client;
  }

  private async registerOver(
    client: CoapsClient,
    account: ServerAccount,
    signal: AbortSignal,
  ): Promise<void> {
    const facts = this.parts.facts(account);
    const objects = this.parts.objects();
    const kept = this.registration?.over(client);
    const isKept = kept !== undefined && (await kept.update(facts, objects, signal));
    this.registration = isKept ? kept : await ServerSession.register(client, facts, objects, signal);
    signal.throwIfAborted();
    this.stateNow = 'connected';
    this.problem = null;
    this.failures = 0;
    this.count(true);
    this.heard();
    this.armUpdate();
    this.armSleep();
  }

  private async failed(error: unknown): Promise<void> {
    const { kind, text } = connectProblem(error);
    const server = this.stateNow === 'bootstrapping' ? undefined : this.account?.server;
    this.parts.counts.errors += 1;
    await this.vanish(kind);
    this.problem = text;
    if (server && error instanceof DtlsError && error.received !== undefined)
      noteAlert(this.parts.objects(), server, error.received);
    // A device that is refused asks who it is now (LwM2M Core 1.1.1, 6.2.1.3), unless it is told not to.
    if (kind === 'refused') {
      this.registration = undefined;
      this.wantsBootstrap = this.mayBootstrap();
    }
    this.comeBack();
  }

  private mayBootstrap(): boolean {
    const said = this.account?.server?.resources.get(bootstrapOnFailure);
    return (said === undefined || isTrue(said)) && bootstrapServerOf(this.parts.objects()) !== undefined;
  }

  /** The session is over, and this side did not end it. */
  private closedBy(client: CoapsClient, reason: string): void {
    if (this.client !== client || this.stateNow === 'stopped') return;
    this.parts.counts.errors += 1;
    this.problem = `the platform ended the session: ${reason}`;
    void this.vanish('lost').then(() => {
      if (this.stateNow === 'lost') this.parts.cutOff();
    });
  }

  private async sendUpdate(): Promise<void> {
    if (this.updating) {
      this.updateAgain = true;
      return;
    }
    const { registration, client, account } = this;
    if (!registration || !client || !account) return;
    const { signal } = this.attempt;
    this.updating = true;
    this.armUpdate();
    try {
      const facts = this.parts.facts(account);
      const objects = this.parts.objects();
      const isKnown = await registration.update(facts, objects, signal);
      if (!isKnown && !signal.aborted) {
        this.parts.sessionChanged();
        this.registration = await ServerSession.register(client, facts, objects, signal);
      }
      // What was just told may be that it sleeps from now on.
      this.armSleep();
    } catch (error) {
      if (!signal.aborted) await this.recover(connectProblem(error).text);
    }
    this.updating = false;
    if (!this.updateAgain) return;
    this.updateAgain = false;
    this.update();
  }

  private armUpdate(): void {
    const { account } = this;
    const facts = account && this.parts.facts(account);
    const everyS = this.parts.updateEveryS ?? Math.max(1, (facts?.lifetimeS ?? 0) / 2);
    this.later(everyS * 1000, () => this.update());
  }

  private armSleep(): void {
    const { schedule } = this.parts;
    const awakeS = this.parts.awakeS();
    this.sleep?.cancel();
    if (awakeS === undefined) return;
    this.sleep = schedule.at(this.heardMs + awakeS * 1000, (nowMs) => {
      if (nowMs >= this.heardMs + awakeS * 1000) this.goToSleep();
      else this.armSleep();
    });
  }

  private later(delayMs: number, run: () => void): void {
    const { schedule } = this.parts;
    this.next?.cancel();
    this.next = schedule.at(schedule.nowMs() + delayMs, run);
  }

  /** Drops the session without a word. */
  private async vanish(state: State): Promise<void> {
    const { client } = this;
    this.leave(state);
    this.client = undefined;
    this.parts.sessionChanged();
    await client?.vanish();
  }

  /** Is in another state, in which nothing of the one before goes on. */
  private leave(state: State): void {
    this.attempt.abort();
    this.attempt = new AbortController();
    this.next?.cancel();
    this.sleep?.cancel();
    this.leaveGate();
    this.count(false);
    this.stateNow = state;
  }

  private count(isConnected: boolean): void {
    if (this.isCounted === isConnected) return;
    this.isCounted = isConnected;
    this.parts.counts.connected += isConnected ? 1 : -1;
  }

  private leaveGate(): void {
    if (!this.atGate) return;
    this.atGate = false;
    this.parts.gate.leave();
  }
}
