import type { AuditLog } from '../../audit/audit-log.ts';
import type { EventBus } from '../../bus/event-bus.ts';
import type { TraceStore } from '../../bus/trace-store.ts';
import type { InterfaceUnusableReason, PlatformEvents } from '../../contract/events.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import { type Clock, isoTime, type Timer } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { type RandomSource, randomHex } from '../../platform/random.ts';
import { codes, methods } from '../../protocols/coap/codes.ts';
import type { CoapRequest } from '../../protocols/coap/request.ts';
import type { Answer } from '../../protocols/coap/request-server.ts';
import { Lwm2mCodecError } from '../../protocols/lwm2m/codec-error.ts';
import type { Store } from '../../store/types.ts';
import type { TwinRegistration, TwinReports } from '../twin-link.ts';
import { changed, diagnosis, durable } from './answers.ts';
import type { SessionHandlers } from './coaps-port.ts';
import { answerLink, type OpenDownload } from './content-link.ts';
import { DeviceAudit } from './device-audit.ts';
import { KeptRegistrations } from './kept-registrations.ts';
import type { PskIdentities } from './psk-identities.ts';
import { RegistrationRefused, readObjects, readRegisterQuery } from './register-query.ts';
import {
  activityOf,
  forgetObservations,
  type Lwm2mSession,
  mayUse,
  type Registration,
  renew,
  twinRegistrationOf,
} from './registration.ts';
import { Registrations } from './registrations.ts';
import { SendIntake } from './send-intake.ts';

export interface Lwm2mServerSettings {
  /** How long a registration lasts that names no lifetime (manual 5.5.4.3). */
  readonly lwm2mDefaultLifetimeMs: number;
  /** How long a device that queues is taken to listen after it was heard (LwM2M Core 1.1.1, 6.5: 93 s). */
  readonly lwm2mAwakeMs: number;
}

export interface Lwm2mServerParts {
  readonly registry: InterfaceRegistry;
  readonly identities: PskIdentities;
  readonly twin: TwinReports;
  /** The device can be asked something: it registered, updated its registration, or woke up. */
  readonly ready: (via: DeviceInterface) => void;
  readonly openDownload: OpenDownload;
  readonly traces: TraceStore;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly bus: EventBus<PlatformEvents>;
  /** The platform's time, for what is stored and shown. */
  readonly clock: Clock;
  /** Real time: lifetimes are promises of devices, who know no other. */
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  readonly settings: Lwm2mServerSettings;
  readonly store: Store;
}

/** Why a registration is over with its interface. */
const unusable: Readonly<Record<InterfaceUnusableReason, string>> = {
  disabled: 'The interface was disabled',
  deleted: 'The interface was deleted',
  renamed: 'The interface got another endpoint name',
};

const sweepPeriodMs = 1000;

/** Registrations, updates, and what devices send by themselves (manual 7.2 to 7.6). */
export class Lwm2mServer {
  readonly registrations = new Registrations();
  private readonly parts: Lwm2mServerParts;
  private readonly audit: DeviceAudit;
  private readonly sends: SendIntake;
  private readonly kept: KeptRegistrations;
  private sweep: Timer | undefined;

  constructor(parts: Lwm2mServerParts) {
    this.parts = parts;
    this.audit = new DeviceAudit(parts.audit);
    this.kept = new KeptRegistrations(parts);
    this.sends = new SendIntake({ ...parts, audit: this.audit });
  }

  /** Takes up the registrations of before, of devices that may still be there. */
  async start(): Promise<void> {
    const { bus, wireClock } = this.parts;
    for (const stored of await this.kept.load(this.wireMs())) this.registrations.add(stored);
    this.sweep = wireClock.every('LwM2M registrations', sweepPeriodMs, () => this.lookAtTimes());
    bus.on('interfaceUnusable', this, ({ connector, tenantId, nodeId, reason }) => {
      if (connector !== 'lwm2m') return;
      for (const registration of this.registrations) {
        const { via } = registration;
        if (via.nodeId === nodeId && via.device.tenantId === tenantId)
          this.drop(registration, unusable[reason]);
      }
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) => {
      for (const registration of this.registrations) {
        const { device } = registration.via;
        if (device.id === deviceId && device.tenantId === tenantId)
          this.drop(registration, 'The device was deleted');
      }
    });
    bus.on('deviceUpdated', this, ({ tenantId, deviceId }) => {
      for (const via of this.parts.registry.findDevice(tenantId, deviceId)?.interfaces ?? []) {
        const registration = this.registrations.of(via);
        if (!registration) continue;
        if (registration.device !== via.device)
          this.drop(registration, 'The interface went to another device');
        else if (registration.session && !mayUse(registration.session, via))
          this.drop(registration, undefined);
      }
    });
  }

  stop(): void {
    this.sweep?.cancel();
    this.parts.bus.release(this);
    // They stay in the store: a device that is there at the next start goes on with its registration.
    for (const registration of [...this.registrations]) this.leave(registration, {});
  }

  /** Takes what comes over one session. */
  handlersFor(session: Lwm2mSession): SessionHandlers {
    return {
      request: (request) => {
        const registration = this.registrations.over(session);
        if (registration) this.heard(registration);
        try {
          const answer = this.answer(session, request);
          return answer instanceof Promise
            ? answer.catch((error) => this.refusal(session, request, error))
            : answer;
        } catch (error) {
          return this.refusal(session, request, error);
        }
      },
      unexpected: () => this.unexpected(session),
    };
  }

  /** A notification of what was observed over an earlier session: it is rejected, and asked for anew over this one. */
  private unexpected(session: Lwm2mSession): void {
    const registration = this.registrationOf(session);
    if (!registration || registration.session === session) return;
    this.goOn(registration, session, {}).catch((error: unknown) => {
      this.parts.logger.warn({ err: error }, 'a registration that goes on over a new session was not stored');
    });
  }

  /** The device was heard: it listens for a while. */
  heard(registration: Registration): void {
    registration.heardMs = this.wireMs();
    this.parts.registry.touch(registration.via);
    if (registration.awake) return;
    registration.awake = true;
    void this.parts.registry.updateSession(registration.via, { status: 'ONLINE' });
    this.parts.twin.ready(registration.via);
    this.parts.ready(registration.via);
  }

  private answer(session: Lwm2mSession, request: CoapRequest): Answer | Promise<Answer> {
    const [first, id, ...more] = request.path;
    if (first === 'rd' && more.length === 0) {
      if (id === undefined) {
        return request.method === methods.POST ? this.register(session, request) : notAllowed;
      }
      if (request.method === methods.POST) return this.update(session, id, request);
      return request.method === methods.DELETE ? this.deregister(session, id) : notAllowed;
    }
    if (first === 'dp' && id === undefined) {
      return request.method === methods.POST ? this.take(session, request) : notAllowed;
    }
    if (first === 'dl' && id !== undefined && more.length === 0) {
      if (request.method !== methods.GET) return notAllowed;
      return answerLink(this.parts.openDownload, id, true);
    }
    return diagnosis(codes.notFound, 'this server has /rd, /dp and /dl');
  }

  private async register(session: Lwm2mSession, request: CoapRequest): Promise<Answer> {
    const query = readRegisterQuery(request.query);
    const links = readObjects(request);
    const via = this.interfaceFor(session, query.endpointName);
    session.conversation.belongsTo({ tenantId: via.device.tenantId, nodeId: via.nodeId });
    const before = this.registrations.of(via);
    if (before) this.replace(before, session);
    const now = this.wireMs();
    const registration: Registration = {
      id: randomHex(this.parts.random, 8),
      via,
      device: via.device,
      session,
      stored: undefined,
      lwm2mVersion: query.version ?? '1.0',
      rootPath: links.rootPath,
      contentFormats: links.contentFormats,
      objects: links.objects,
      lifetimeMs: query.lifetimeMs ?? this.parts.settings.lwm2mDefaultLifetimeMs,
      bindings: query.bindings ?? ['U'],
      queueMode: query.queueMode ?? false,
      heardMs: now,
      renewedMs: now,
      awake: true,
      observations: new Map(),
    };
    this.registrations.add(registration);
    await this.parts.registry.updateSession(via, {
      status: 'ONLINE',
      capabilities: { twin: true },
      activity: {
        lwm2mVersion: registration.lwm2mVersion,
        ...activityOf(registration),
        lastRegistrationDate: isoTime(this.parts.clock.now()),
      },
    });
    await Promise.all([
      durable((done) => this.parts.twin.registered(via, twinRegistrationOf(registration), done)),
      this.kept.keep(registration),
    ]);
    this.parts.ready(via);
    return { code: codes.created, locationPath: ['rd', registration.id] };
  }

  private async update(session: Lwm2mSession, id: string, request: CoapRequest): Promise<Answer> {
    const query = readRegisterQuery(request.query);
    const links = request.payload.length === 0 ? undefined : readObjects(request);
    const registration = this.ownRegistration(session, id);
    registration.renewedMs = this.wireMs();
    renew(registration, query, links);
    await this.goOn(registration, session, {
      told: links && twinRegistrationOf(registration),
      activity: { lastUpdateDate: isoTime(this.parts.clock.now()) },
    });
    return changed;
  }

  /**
   * Goes on with a registration over a session, which may be another one than before: a device that has made a new
   * handshake is the same device. Resolves when that is durable.
   */
  private async goOn(
    registration: Registration,
    session: Lwm2mSession,
    news: { readonly told?: TwinRegistration | undefined; readonly activity?: Record<string, unknown> },
  ): Promise<void> {
    const { via } = registration;
    const { registry, twin, ready } = this.parts;
    // What was observed was observed over the old session; the device has to be asked again over this one.
    const hasMoved = registration.session !== session;
    if (hasMoved) {
      session.conversation.belongsTo({ tenantId: via.device.tenantId, nodeId: via.nodeId });
      forgetObservations(registration);
      registration.session?.close();
      this.registrations.move(registration, session);
    }
    this.heard(registration);
    await registry.updateSession(via, {
      ...(hasMoved && { status: 'ONLINE' as const, capabilities: { twin: true } }),
      activity: { ...activityOf(registration), ...news.activity },
    });
    await this.kept.keep(registration);
    await durable((done) => {
      if (hasMoved) twin.registered(via, twinRegistrationOf(registration), done);
      else twin.updated(via, news.told, done);
    });
    ready(via);
  }

  /**
   * The registration that a session speaks for: also one that was heard over another session, where the credentials are
   * those of one interface alone. With several nobody can tell which one this is before it names its registration.
   */
  private registrationOf(session: Lwm2mSession): Registration | undefined {
    const known = this.registrations.over(session);
    if (known) return known;
    const [via, ...others] = this.interfacesOf(session);
    return via && others.length === 0 ? this.registrations.of(via) : undefined;
  }

  private deregister(session: Lwm2mSession, id: string): Answer {
    const registration = this.ownRegistration(session, id);
    this.end(registration, { lastDeregistrationDate: isoTime(this.parts.clock.now()) });
    return { code: codes.deleted };
  }

  /** Send (LwM2M Core 1.1.1, 6.4.6). */
  private async take(session: Lwm2mSession, request: CoapRequest): Promise<Answer> {
    const logged = session.conversation.lastReceived;
    const registration = this.registrationOf(session);
    if (!registration) return diagnosis(codes.notFound, 'register first');
    if (registration.session !== session) await this.goOn(registration, session, {});
    return this.sends.take({ via: registration.via, session, logged }, request);
  }

  /** @throws RegistrationRefused */
  private interfaceFor(session: Lwm2mSession, endpointName: string | undefined): DeviceInterface {
    const found = this.interfacesOf(session);
    // A client whose credentials name it need not do so again (LwM2M Core 1.1.1, 6.2.1).
    const name = endpointName ?? (found.length === 1 ? found[0]?.nodeId : session.pskIdentity);
    const via = found.find(({ nodeId }) => nodeId === name);
    if (via) return via;
    throw new RegistrationRefused(
      codes.forbidden,
      `the PSK identity ${session.pskIdentity} is not that of endpoint ${name}`,
    );
  }

  /** Those that have the credentials with which a session was begun. */
  private interfacesOf(session: Lwm2mSession): DeviceInterface[] {
    return this.parts.identities.find(session.pskIdentity).filter((via) => mayUse(session, via));
  }

  /** @throws RegistrationRefused */
  private ownRegistration(session: Lwm2mSession, id: string): Registration {
    const registration = this.registrations.find(id);
    if (registration && mayUse(session, registration.via)) return registration;
    throw new RegistrationRefused(codes.notFound, 'there is no such registration; register again');
  }

  /** A device that registers anew is a new beginning: it may have restarted. */
  private replace(before: Registration, session: Lwm2mSession): void {
    forgetObservations(before);
    this.registrations.remove(before);
    if (before.session !== session) before.session?.close();
  }

  private end(registration: Registration, activity: Readonly<Record<string, unknown>>): void {
    this.kept.erase(registration);
    this.leave(registration, activity);
  }

  private leave(registration: Registration, activity: Readonly<Record<string, unknown>>): void {
    this.registrations.remove(registration);
    forgetObservations(registration);
    const { via } = registration;
    void this.parts.registry.updateSession(via, {
      status: 'OFFLINE',
      capabilities: { twin: false },
      activity,
    });
    this.parts.twin.gone(via, registration.device);
  }

  /**
   * The interface is gone, disabled or has other credentials: the device has to prove itself again.
   * @param why it is no way to the device any more; undefined: its credentials have changed
   */
  private drop(registration: Registration, why: string | undefined): void {
    const reason = why ?? 'Its credentials changed';
    this.parts.logger.info({ endpoint: registration.via.nodeId, reason }, 'LwM2M registration ended');
    const { via, session } = registration;
    this.registrations.remove(registration);
    this.kept.erase(registration);
    forgetObservations(registration);
    const { tenantId } = via.device;
    const isThere = this.parts.registry.findInterface(tenantId, 'lwm2m', via.nodeId) === via;
    if (isThere && via.enabled) {
      void this.parts.registry.updateSession(via, { status: 'OFFLINE', capabilities: { twin: false } });
    }
    this.parts.twin.gone(via, registration.device, why);
    session?.close();
  }

  private lookAtTimes(): void {
    const now = this.wireMs();
    for (const registration of [...this.registrations]) {
      if (now - registration.renewedMs > registration.lifetimeMs) {
        this.end(registration, {});
        registration.session?.close();
      } else if (
        registration.queueMode &&
        registration.awake &&
        now - registration.heardMs > this.parts.settings.lwm2mAwakeMs
      ) {
        registration.awake = false;
        void this.parts.registry.updateSession(registration.via, { status: 'SLEEPING' });
      }
    }
  }

  private refusal(session: Lwm2mSession, request: CoapRequest, error: unknown): Answer {
    const tell = (description: string, reason: string): void => {
      for (const via of this.parts.identities.find(session.pskIdentity))
        this.audit.refused(via, description, reason);
    };
    if (error instanceof RegistrationRefused) {
      // A device that is not registered any more does what it is told, and nobody has to look at it.
      if (error.code !== codes.notFound) tell('Registration refused', `${error.message}.`);
      return diagnosis(error.code, error.message);
    }
    if (error instanceof Lwm2mCodecError) {
      tell(`${request} refused`, error.message);
      return diagnosis(codes.badRequest, error.message);
    }
    this.parts.logger.error({ err: error, request: `${request}` }, 'an LwM2M request could not be taken');
    return diagnosis(codes.serviceUnavailable, 'try again');
  }

  private wireMs(): number {
    return this.parts.wireClock.monotonicUs() / 1000;
  }
}

const notAllowed = diagnosis(codes.methodNotAllowed, 'not this method here');
