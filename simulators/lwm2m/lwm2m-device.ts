import type { PlatformError } from '../../core/contract/errors.ts';
import { isLwm2mAction } from '../../core/contract/simulated-lwm2m.ts';
import type {
  DeviceAction,
  Lwm2mFleetTemplate,
  SendOnce,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
  SimulatedFrame,
} from '../../core/contract/simulators.ts';
import { isRequest } from '../../core/protocols/coap/codes.ts';
import type { CoapContext, LoggedMessage } from '../../core/protocols/coap/context.ts';
import { messageTypes } from '../../core/protocols/coap/message.ts';
import type { ObjectModels } from '../../core/protocols/lwm2m/models/object-models.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import { clientIdOf } from '../device-ids.ts';
import type { FleetMember, MemberParts } from '../fleet/fleet-member.ts';
import type { FleetRun } from '../fleet/fleet-run.ts';
import type { Scheduled } from '../fleet/schedule.ts';
import { Sfc32 } from '../generators/sfc32.ts';
import { AttributeStore } from './attribute-store.ts';
import { type BuiltObjects, buildObjects } from './build-objects.ts';
import { CoapFrames } from './coap-frames.ts';
import { credentialsOf } from './credentials.ts';
import { DeviceConnection } from './device-connection.ts';
import { deviceDetails, setValue } from './device-view.ts';
import { pathBegun } from './incoming-package.ts';
import { Notifier } from './notifier.ts';
import { ObjectOperations } from './object-operations.ts';
import type { DeviceEffect, DeviceHost } from './objects/device-host.ts';
import { setFirmwareVersion } from './objects/device-object.ts';
import { bootstrapServerOf } from './objects/server-account.ts';
import { downloadPackage } from './package-download.ts';
import { Radio } from './radio.ts';
import { isTrue, numberOf, textOf } from './resource-value.ts';
import { sendValues, wrongState } from './send-values.ts';
import { ServerRequests } from './server-requests.ts';
import type { RegistrationFacts } from './server-session.ts';
import { ValueTurns } from './value-turns.ts';

export interface Lwm2mDeviceParts extends MemberParts {
  readonly run: FleetRun<Lwm2mFleetTemplate>;
  readonly models: ObjectModels;
  readonly context: CoapContext;
}

const { CON, NON, ACK } = messageTypes;
/** The whole numbers that go into the chance of a device's network. */
const networkPart = 0x2000_0000;
/** For an answer to go out before what it has brought about. */
const soonMs = 20;

/** A client of LwM2M: a socket, a session and objects of its own. */
export class Lwm2mDevice implements FleetMember {
  readonly number: number;
  readonly clientId: string;
  private readonly parts: Lwm2mDeviceParts;
  private readonly radio: Radio;
  private readonly connection: DeviceConnection;
  private readonly notifier: Notifier;
  private readonly attributes = new AttributeStore();
  private readonly frames: CoapFrames;
  private readonly host: DeviceHost;
  private built: BuiltObjects;
  private requests: ServerRequests;
  private firmwareVersion: string;
  private readonly turns: ValueTurns;
  private restructuring: Scheduled | undefined;
  private readonly tallies = { sent: 0, acknowledged: 0, received: 0 };

  constructor(number: number, parts: Lwm2mDeviceParts) {
    const { template } = parts.run;
    this.number = number;
    this.clientId = clientIdOf(template.idPattern, number);
    this.parts = parts;
    this.firmwareVersion = template.firmware.version;
    this.frames = new CoapFrames(parts.frameLimits);
    this.radio = new Radio(
      parts.datagrams,
      template.network,
      new Sfc32(template.seed, networkPart + number),
      parts.schedule,
    );
    this.host = this.makeHost();
    this.notifier = new Notifier({
      schedule: parts.schedule,
      attributesOf: (path) => this.attributesOf(path),
      numberAt: (path) => this.numberAt(path),
      measure: (path) => this.built.generated.measure(path),
      keepsNotifications: () => this.server(6) === undefined || isTrue(this.server(6)),
      confirmable: template.confirmable,
      isAwake: () => this.connection.session !== undefined,
      unreachable: () => void this.connection.recover('the server acknowledges no notification'),
    });
    this.connection = new DeviceConnection({
      ...{ schedule: parts.schedule, gate: parts.gate, counts: parts.counts, timing: parts.timing },
      link: { ...this.linkSeams(), radio: this.radio },
      awakeS: () => (this.queueMode() ? template.awakeS : undefined),
      updateEveryS: template.updateEveryS,
      objects: () => this.built.objects,
      now: () => parts.clock.now(),
      facts: () => this.facts(),
      handler: (request) => this.requests.handle(request),
      sessionChanged: () => this.notifier.clear(),
      awake: (isAwake) => this.awake(isAwake),
      cutOff: () => parts.cutOff(this),
    });
    this.turns = new ValueTurns({
      ...{ schedule: parts.schedule, timing: parts.timing, counts: parts.counts, template },
      next: () => this.built.generated.next(),
    });
    this.built = this.build();
    this.requests = this.makeRequests();
  }

  start(): void {
    this.turns.start(this.number);
    this.connection.start();
  }

  stop(): Promise<void> {
    this.turns.stop();
    this.restructuring?.cancel();
    this.notifier.clear();
    return this.connection.stop();
  }

  abandon(): void {
    this.connection.abandon();
  }

  comeBack(): void {
    this.connection.comeBack();
  }

  view(): SimulatedDeviceView {
    const { number, clientId, tallies } = this;
    const { state, problem } = this.connection;
    return { number, clientId, state, problem, ...tallies };
  }

  details(): SimulatedDeviceDetails {
    const { objects, generated } = this.built;
    return {
      ...this.view(),
      frames: this.frames.list(objects.findResource),
      lwm2m: deviceDetails(objects, generated, {
        session: this.connection.registered,
        observations: this.notifier.count,
        lost: this.radio.lost,
      }),
    };
  }

  async send(message: SendOnce): Promise<SimulatedFrame> {
    const { objects } = this.built;
    await sendValues(message, {
      ...{ objects, version: this.parts.run.template.version, asker: this.asker(), muted: this.server(23) },
      session: () => {
        if (this.connection.state === 'sleeping') this.connection.wake();
        const { session } = this.connection;
        if (session) return session;
        throw this.notConnected();
      },
    });
    const frames = this.frames.list(objects.findResource);
    const frame = frames.find(({ topic }) => topic.startsWith('CON POST /dp'));
    if (frame) return frame;
    throw wrongState('The Send was taken, and is not shown.', 'Its frame is not among those that are kept.');
  }

  async act(action: DeviceAction): Promise<void> {
    if (this.connection.state === 'stopped') throw this.notConnected();
    if (!isLwm2mAction(action))
      throw wrongState('The device cannot do that.', `${action.action} is nothing that LwM2M devices do.`);
    switch (action.action) {
      case 'set':
        setValue(this.built.objects, action.path, action.value);
        this.built.generated.hold(`/${Lwm2mPath.parse(action.path).ids.slice(0, 3).join('/')}`);
        return;
      case 'reboot':
        return this.reboot();
      case 'factoryReset':
        return this.factoryReset();
      case 'bootstrap':
        if (!bootstrapServerOf(this.built.objects))
          throw wrongState(
            'The device cannot bootstrap.',
            'It knows no bootstrap server: make its fleet with bootstrap.',
          );
        return this.connection.bootstrapAnew();
      default:
        return this.connect(action.action);
    }
  }

  /** For the log of the fleet: a message of this device. */
  logged(entry: LoggedMessage): void {
    this.frames.keep({ ...entry, timeMs: this.parts.clock.now() });
    this.connection.heard();
    const { message, direction, note } = entry;
    if (!message || note !== undefined) return;
    if (direction === 'in') this.begun(pathBegun(message));
    const isOwn = message.type === CON || message.type === NON;
    if (direction === 'out' && isOwn && message.code !== 0) this.tally('sent');
    else if (direction === 'in' && message.type === ACK) this.tally('acknowledged');
    else if (direction === 'in' && isRequest(message.code)) this.tally('received');
  }

  /** The first of several blocks of a value. */
  private begun(path: Lwm2mPath | undefined): void {
    const [objectId = 0, instanceId = 0, resourceId = 0] = path?.ids ?? [];
    const instance = path && this.built.objects.findInstance(objectId, instanceId);
    instance?.object.behaviour.begins?.(instance, resourceId);
  }

  private async connect(action: 'update' | 'changeAddress' | 'sleep' | 'wake'): Promise<void> {
    if (!this.connection.registered) throw this.notConnected();
    if (action === 'update') this.connection.update();
    else if (action === 'sleep') this.connection.goToSleep();
    else if (action === 'wake') this.connection.wake();
    else {
      if (this.connection.state === 'sleeping') this.connection.wake();
      await this.connection.changeAddress();
    }
  }

  private tally(what: 'sent' | 'acknowledged' | 'received'): void {
    this.tallies[what] += 1;
    this.parts.counts[what] += 1;
  }

  private notConnected(): PlatformError {
    const { number, clientId } = this;
    const { state, problem } = this.connection;
    const details = `Device ${number} (${clientId}) is ${state}${problem ? `: ${problem}` : ''}.`;
    return wrongState('The simulated device is not connected.', details);
  }

  private build(): BuiltObjects {
    const { run, models } = this.parts;
    const { template } = run;
    const purpose = template.bootstrap ? 'bootstrap' : 'register';
    const built = buildObjects(
      template,
      models,
      this.host,
      {
        ...credentialsOf(run.key, this.clientId, purpose),
        ...{ uri: run.url, isBootstrap: template.bootstrap, lifetimeS: template.lifetimeS },
        binding: template.queueMode && template.version === '1.0' ? 'UQ' : 'U',
      },
      ({ version }) => {
        this.firmwareVersion = version;
        setFirmwareVersion(this.built.objects, version);
        void this.reboot();
      },
    );
    const { objects } = built;
    objects.listener = {
      changed: (path) => this.notifier.changed(path),
      restructured: () => this.restructured(),
    };
    return built;
  }

  private makeRequests(): ServerRequests {
    return new ServerRequests({
      operations: new ObjectOperations(this.built.objects),
      attributes: this.attributes,
      notifier: this.notifier,
      version: this.parts.run.template.version,
      asker: () => this.asker(),
      now: () => this.parts.clock.now(),
    });
  }

  private makeHost(): DeviceHost {
    const { parts } = this;
    const { clock, run } = parts;
    return {
      ...{ endpointName: this.clientId, number: this.number },
      ...{ version: run.template.version, firmware: run.template.firmware },
      now: () => clock.now(),
      after: (name, delayMs, act) => clock.after(name, delayMs, act),
      bringAbout: (effect) =>
        void parts.schedule.at(parts.schedule.nowMs() + soonMs, () => this.bringAbout(effect)),
      download: (uri, mostBytes, signal) =>
        downloadPackage(uri, mostBytes, signal, {
          ...this.linkSeams(),
          ...{ radio: this.radio, fetchPart: parts.fetchPart, caCertificatePem: run.caCertificatePem },
          account: this.connection.serverAccount,
          session: this.connection.session?.client,
        }),
      traffic: () => this.radio.traffic,
      clearTraffic: () => this.radio.clearTraffic(),
      address: () => this.connection.registered?.client.local.address,
    };
  }

  private linkSeams() {
    const { wireClock, random, resolve, context } = this.parts;
    return { wireClock, random, resolve, context };
  }

  private bringAbout(effect: DeviceEffect): void {
    switch (effect.kind) {
      case 'update':
        this.connection.update();
        break;
      case 'periodsChanged':
        this.notifier.attributesChanged(Lwm2mPath.root);
        break;
      case 'disable':
        void this.connection.disable(effect.seconds);
        break;
      case 'bootstrap':
        void this.connection.bootstrapAnew();
        break;
      case 'reboot':
        void this.reboot();
        break;
      case 'factoryReset':
        void this.factoryReset();
        break;
    }
  }

  /** What is only in memory is gone: the session, who observes what, and with which attributes. */
  private reboot(): Promise<void> {
    this.attributes.clear();
    this.radio.clearTraffic();
    return this.connection.restart();
  }

  /** As it left the factory, but for the firmware that was installed since. */
  private factoryReset(): Promise<void> {
    this.built.objects.discard();
    this.built = this.build();
    this.requests = this.makeRequests();
    setFirmwareVersion(this.built.objects, this.firmwareVersion);
    return this.reboot();
  }

  /** Several changes at once are one Update. */
  private restructured(): void {
    this.notifier.restructured();
    const { schedule } = this.parts;
    this.restructuring ??= schedule.at(schedule.nowMs() + soonMs, () => {
      this.restructuring = undefined;
      this.connection.update();
    });
  }

  private awake(isAwake: boolean): void {
    this.radio.isOn = isAwake;
    // What was kept is said when the server knows that the device is there.
    if (isAwake)
      this.parts.schedule.at(this.parts.schedule.nowMs() + soonMs, () => this.notifier.awake(true));
    else this.notifier.awake(false);
  }

  /** With the default periods of the server (/1/x/2, /1/x/3). */
  private attributesOf(path: Lwm2mPath) {
    const [pmin, pmax] = [numberOf(this.server(2)), numberOf(this.server(3))];
    return {
      ...(pmin !== undefined && { pmin }),
      ...(pmax !== undefined && { pmax }),
      ...this.attributes.effective(path),
    };
  }

  private numberAt(path: Lwm2mPath): number | undefined {
    const { objectId, instanceId, resourceId, resourceInstanceId } = path;
    if (objectId === undefined || instanceId === undefined || resourceId === undefined) return undefined;
    const value = this.built.objects.valueAt(objectId, instanceId, resourceId);
    if (resourceInstanceId === undefined) return numberOf(value);
    return value instanceof Map ? numberOf(value.get(resourceInstanceId)) : undefined;
  }

  private asker(): { shortServerId: number } {
    return { shortServerId: this.connection.serverAccount?.shortServerId ?? 1 };
  }

  /** A value of the account that it registers with. */
  private server(resourceId: number) {
    return this.connection.serverAccount?.server?.resources.get(resourceId);
  }

  /** LwM2M 1.0 has it in the binding, which a server can write. */
  private queueMode(): boolean {
    const { version, queueMode } = this.parts.run.template;
    return version === '1.0' ? (textOf(this.server(7)) ?? '').includes('Q') : queueMode;
  }

  private facts(): RegistrationFacts {
    const { version, lifetimeS } = this.parts.run.template;
    return {
      ...{ endpointName: this.clientId, version, queueMode: this.queueMode() },
      lifetimeS: numberOf(this.server(1)) ?? lifetimeS,
      binding: textOf(this.server(7)) ?? 'U',
    };
  }
}
