import { PlatformError } from '../../core/contract/errors.ts';
import type {
  MqttFleetTemplate,
  SendOnce,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
  SimulatedFrame,
} from '../../core/contract/simulators.ts';
import { clientIdOf } from '../device-ids.ts';
import { backOffMs, type FleetMember, type MemberParts } from '../fleet/fleet-member.ts';
import type { FleetRun } from '../fleet/fleet-run.ts';
import type { Scheduled } from '../fleet/schedule.ts';
import type { MessageSource } from '../generators/message-source.ts';
import { DeviceResponses } from '../responders/device-responses.ts';
import type { Behaviour } from '../responders/make-behaviour.ts';
import { connectProblem } from './connect-problem.ts';
import type { DeviceClient, DeviceWire } from './device-wire.ts';
import { FrameLog, type KeptFrame, toFrame } from './frame-log.ts';

/** What a device shares with the others of its fleet. */
export interface DeviceParts extends MemberParts {
  readonly run: FleetRun<MqttFleetTemplate>;
  readonly wire: DeviceWire;
  readonly behaviour: Behaviour;
}

/** A device announces what it can take by what it subscribes to (manual 6.5.4). */
const subscriptions = ['dev/cmd', 'dev/cfg/upd', 'dev/rsc/upd'];
/** A device that waits for so many acknowledgements sends nothing more until one comes. */
const mostUnacknowledged = 20;
const sendOnceTimeoutMs = 10_000;

/** One client of the platform, which publishes by itself as long as it is connected. */
export class SimulatedDevice implements FleetMember {
  readonly number: number;
  readonly clientId: string;
  private readonly parts: DeviceParts;
  private readonly source: MessageSource;
  private readonly frames: FrameLog;
  private readonly responses: DeviceResponses;
  private client: DeviceClient | undefined;
  private state: SimulatedDeviceView['state'] = 'connecting';
  private problem: string | null = null;
  private atGate = false;
  private attempts = 0;
  private next: Scheduled | undefined;
  private unacknowledged = 0;
  private sent = 0;
  private acknowledged = 0;
  private received = 0;

  constructor(number: number, source: MessageSource, parts: DeviceParts) {
    this.number = number;
    this.clientId = clientIdOf(parts.run.template.idPattern, number);
    this.parts = parts;
    this.source = source;
    this.frames = new FrameLog(parts.frameLimits);
    this.responses = new DeviceResponses({
      ...{ number, clientId: this.clientId, seed: parts.run.template.seed },
      ...{ behaviour: parts.behaviour, clock: parts.clock },
      publish: (topic, body) => {
        if (this.state === 'connected') this.publish(topic, JSON.stringify(body), () => {});
      },
      fetchPart: (uri, range) => parts.fetchPart(uri, range, parts.run.caCertificatePem),
      failed: (error) => {
        parts.counts.errors += 1;
        this.problem = `it could not answer: ${String(error)}`;
      },
    });
  }

  start(): void {
    this.parts.gate.enter(() => this.connect());
  }

  stop(): Promise<void> {
    this.next?.cancel();
    this.responses.stop();
    this.leaveGate();
    const { client } = this;
    const connected = this.state === 'connected';
    if (connected) this.parts.counts.connected -= 1;
    this.state = 'stopped';
    if (!client) return Promise.resolve();
    return new Promise((resolve) => {
      client.end(!connected, () => resolve());
    });
  }

  abandon(): void {
    this.client?.abandon();
  }

  view(): SimulatedDeviceView {
    const { number, clientId, state, problem, sent, acknowledged, received } = this;
    return { number, clientId, state, problem, sent, acknowledged, received };
  }

  details(): SimulatedDeviceDetails {
    const nextPayload = this.source.peek(this.parts.clock.now());
    return { ...this.view(), frames: this.frames.list(), nextPayload };
  }

  send(message: SendOnce): Promise<SimulatedFrame> {
    if (!('topic' in message)) {
      const details = 'A device that speaks MQTT sends a payload on a topic; paths are of LwM2M devices.';
      return Promise.reject(
        new PlatformError('simulators.wrongState', 'The device cannot send that.', { details }),
      );
    }
    if (this.state !== 'connected') {
      const details = `Device ${this.number} (${this.clientId}) is ${this.state}${this.problem ? `: ${this.problem}` : ''}.`;
      const text = 'The simulated device is not connected.';
      return Promise.reject(new PlatformError('simulators.wrongState', text, { details }));
    }
    const { topic, payload } = message;
    return new Promise((resolve, reject) => {
      const failed = (details: string): void =>
        reject(
          new PlatformError('simulators.notAcknowledged', 'The platform did not acknowledge the message.', {
            details,
          }),
        );
      const { schedule } = this.parts;
      const timeout = schedule.at(schedule.nowMs() + sendOnceTimeoutMs, () =>
        failed(`No PUBACK within ${sendOnceTimeoutMs / 1000} s.`),
      );
      this.publish(topic, payload, (frame, error) => {
        timeout.cancel();
        if (error) failed(error.message);
        else resolve(toFrame(frame));
      });
    });
  }

  act(): Promise<void> {
    const details =
      'A device that speaks MQTT does what its responders say; actions are of LwM2M and LoRa devices, and of handsets.';
    return Promise.reject(
      new PlatformError('simulators.wrongState', 'The device cannot do that.', { details }),
    );
  }

  private connect(): void {
    this.atGate = true;
    this.state = this.state === 'stopped' ? 'stopped' : 'connecting';
    if (this.client) {
      // Not `reconnect()`, which forgets what was not acknowledged.
      this.client.connect();
      return;
    }
    const client = this.parts.wire.open(this.clientId);
    this.client = client;
    client.on('connect', () => this.connected());
    client.on('error', (error) => this.failed(error));
    client.on('close', () => this.closed());
    client.on('message', (topic, payload) => this.receive(topic, payload));
  }

  private connected(): void {
    if (this.state === 'stopped') return;
    this.leaveGate();
    this.state = 'connected';
    this.problem = null;
    this.attempts = 0;
    this.parts.counts.connected += 1;
    this.client?.subscribe(subscriptions, { qos: 1 });
    this.responses.connected();
    const { schedule, run } = this.parts;
    const { periodMs, count } = run.template;
    // Each device has its own part of the period, so that a fleet sends steadily and not all at once.
    this.publishAt(schedule.nowMs() + (periodMs * (this.number - 1)) / count);
  }

  private failed(error: Error): void {
    if (this.state === 'stopped') return;
    const { kind, text } = connectProblem(error);
    this.problem = text;
    if (kind === 'refused') this.state = 'refused';
  }

  private closed(): void {
    this.leaveGate();
    if (this.state === 'stopped') return;
    const { counts } = this.parts;
    const cutOff = this.state === 'connected';
    counts.errors += 1;
    if (cutOff) {
      counts.connected -= 1;
      this.problem ??= 'the platform closed the connection';
    }
    if (this.state !== 'refused') {
      this.problem ??= 'the connection was closed before the platform answered';
      this.state = 'lost';
    }
    this.next?.cancel();
    if (cutOff) this.parts.cutOff(this);
    else this.comeBack();
  }

  comeBack(): void {
    if (this.state === 'stopped') return;
    const { schedule, gate, timing } = this.parts;
    const delayMs = backOffMs(this.attempts, timing);
    this.attempts += 1;
    this.next = schedule.at(schedule.nowMs() + delayMs, () => gate.enter(() => this.connect()));
  }

  private leaveGate(): void {
    if (!this.atGate) return;
    this.atGate = false;
    this.parts.gate.leave();
  }

  /** @param baseMs when the message is due, before jitter */
  private publishAt(baseMs: number): void {
    const { schedule, run, timing } = this.parts;
    const { periodMs, jitter } = run.template;
    const shiftMs = jitter === 0 ? 0 : (2 * timing.fraction() - 1) * jitter * periodMs;
    this.next = schedule.at(baseMs + shiftMs, (nowMs) => this.publishDue(baseMs, nowMs));
  }

  private publishDue(baseMs: number, nowMs: number): void {
    const { run, counts, clock } = this.parts;
    const { periodMs, topic } = run.template;
    if (this.unacknowledged >= mostUnacknowledged) counts.skipped += 1;
    else this.publish(topic, this.source.next(clock.now()), () => {});
    // Whoever is late leaves messages out; a burst to make up for them would be another load than asked for.
    const missed = Math.max(0, Math.floor((nowMs - baseMs) / periodMs - 1));
    counts.skipped += missed;
    this.publishAt(baseMs + (missed + 1) * periodMs);
  }

  private publish(topic: string, payload: string, done: (frame: KeptFrame, error?: Error) => void): void {
    const { counts, clock, wire } = this.parts;
    const onWire = wire.outgoing(this.clientId, { topic, payload });
    if (!onWire) return;
    const frame = this.frames.sent(clock.now(), onWire.topic, onWire.payload);
    this.sent += 1;
    this.unacknowledged += 1;
    counts.sent += 1;
    this.client?.publish(onWire.topic, onWire.payload, { qos: 1 }, (error) => {
      this.unacknowledged -= 1;
      if (error) {
        counts.errors += 1;
        frame.state = 'failed';
        done(frame, error);
        return;
      }
      this.acknowledged += 1;
      counts.acknowledged += 1;
      frame.state = 'acknowledged';
      done(frame);
    });
  }

  private receive(topic: string, payload: Uint8Array): void {
    this.received += 1;
    this.parts.counts.received += 1;
    this.frames.received(this.parts.clock.now(), topic, payload);
    const asDevice = this.parts.wire.incoming(this.clientId, topic, payload);
    this.responses.receive(asDevice.topic, asDevice.payload);
  }
}
