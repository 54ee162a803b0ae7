import { PlatformError } from '../../core/contract/errors.ts';
import { isLoraAction, type LoraAction } from '../../core/contract/simulated-lora.ts';
import type {
  DeviceAction,
  SendOnce,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
  SimulatedFrame,
} from '../../core/contract/simulators.ts';
import type { FleetMember } from '../fleet/fleet-member.ts';
import type { Scheduled } from '../fleet/schedule.ts';
import { loraView } from './device-view.ts';
import { shown } from './lora-frames.ts';
import { LoraInbox } from './lora-inbox.ts';
import { LoraLink, type LoraLinkParts } from './lora-link.ts';
import type { UplinkDraft } from './lora-session.ts';
import { LoraUplinks, type UplinkOutcome } from './uplinks.ts';

export type LoraDeviceParts = Omit<LoraLinkParts, 'changed' | 'downlink' | 'idle'>;

/** Uplinks that a person may ask for while others are on the way. */
const mostWaiting = 20;
interface Waiting {
  run(): void;
  /** It will not be its turn. */
  drop?(): void;
}

const noBytes = new Uint8Array(0);

/** A LoRaWAN device: it joins, sends at its times, and takes what comes down. */
export class LoraDevice implements FleetMember {
  readonly number: number;
  private readonly parts: LoraDeviceParts;
  private readonly link: LoraLink;
  private readonly uplinks: LoraUplinks;
  private readonly inbox: LoraInbox;
  private state: SimulatedDeviceView['state'] = 'stopped';
  private problem: string | null = null;
  private next: Scheduled | undefined;
  /** The network has said that more waits for it. */
  private fetchesMore = false;
  /** What people have asked for, until nothing else is on the way. */
  private waiting: Waiting[] = [];

  constructor(number: number, parts: LoraDeviceParts) {
    const { template, schedule, counts } = parts;
    this.number = number;
    this.parts = parts;
    this.inbox = new LoraInbox(parts.frameLimits);
    this.link = new LoraLink(number, {
      ...parts,
      changed: (state, problem) => {
        this.state = state;
        this.problem = problem;
        if (state === 'connected') this.joined();
      },
      downlink: (downlink, signal, window) => {
        this.uplinks.heard(downlink);
        this.fetchesMore = downlink.fPending;
        this.inbox.take(parts.clock.now(), downlink, signal, window);
        // Out of a window nothing else calls it; then it answers at once.
        if (!this.uplinks.busy) this.idle();
      },
      idle: () => this.idle(),
    });
    this.uplinks = new LoraUplinks(this.link, { template, schedule, counts, idle: () => this.idle() });
  }

  start(): void {
    this.link.start();
  }

  async stop(): Promise<void> {
    this.state = 'stopped';
    this.forget();
  }

  abandon(): void {
    // There is nothing that would have to be closed.
  }

  comeBack(): void {
    // Nobody cuts a LoRa device off.
  }

  view(): SimulatedDeviceView {
    const { number, state, problem, parts, link } = this;
    return { number, clientId: parts.devEui, state, problem, ...link.tallies };
  }

  details(): SimulatedDeviceDetails {
    const { source, clock, world } = this.parts;
    return {
      ...this.view(),
      frames: this.link.frames.list(),
      nextPayload: Buffer.from(source.peek(clock.now())).toString('hex'),
      lora: loraView(this.link, world, this.inbox.list()),
    };
  }

  async send(message: SendOnce): Promise<SimulatedFrame> {
    if (!('data' in message))
      throw wrongState('The device cannot send that.', 'A LoRa device sends data on a port.');
    const { port, data, confirmed = this.parts.template.confirmed } = message;
    const draft = { port, confirmed, payload: new Uint8Array(Buffer.from(data, 'hex')) };
    const { frame, success } = await this.uplinkSoon(draft);
    if (success) return shown(frame);
    const details = confirmed ? 'No acknowledgement reached the device.' : 'No gateway heard the frame.';
    throw new PlatformError('simulators.notAcknowledged', 'The platform did not get the uplink.', {
      details,
    });
  }

  async act(action: DeviceAction): Promise<void> {
    if (!isLoraAction(action))
      throw wrongState('The device cannot do that.', `${action.action} is nothing that LoRa devices do.`);
    if (this.state === 'stopped') throw this.notJoined();
    this.perform(action);
  }

  /** Ends the session, with all that is on the way or waits. */
  private forget(): void {
    this.next?.cancel();
    this.fetchesMore = false;
    for (const { drop } of this.waiting.splice(0)) drop?.();
    this.uplinks.clear();
    this.link.stop();
  }

  private perform(action: LoraAction): void {
    const { link, uplinks } = this;
    switch (action.action) {
      case 'rejoin':
        this.forget();
        link.start();
        return;
      case 'move':
        this.parts.source.moveTo(action);
        return;
      case 'setBattery':
        link.battery = action.battery;
        return;
      case 'setClockDrift':
        link.driftPpm = action.ppm;
        return;
      case 'gatewayOutage':
        this.cutPower(action);
        return;
      case 'linkCheck':
        this.ask('LinkCheckReq');
        return;
      case 'deviceTime':
        this.ask('DeviceTimeReq');
        return;
      case 'badMic':
        this.whenIdle({ run: () => uplinks.sendBadMic() });
        return;
      case 'replay':
        if (link.session && !uplinks.hasOlder)
          throw wrongState('The device cannot do that.', 'It has not sent two frames in this session yet.');
        this.whenIdle({ run: () => void uplinks.replay() });
    }
  }

  private cutPower({ gateway: number, seconds }: Extract<LoraAction, { action: 'gatewayOutage' }>): void {
    const { world, schedule } = this.parts;
    const gateway = world.gateways[number - 1];
    if (!gateway) {
      const details = `The fleet has ${world.gateways.length} gateways, and no gateway ${number}.`;
      throw wrongState('There is no such gateway.', details);
    }
    gateway.addOutage(schedule.nowMs(), schedule.nowMs() + seconds * 1000);
  }

  /** Asks with a frame of its own, so that the answer comes now. */
  private ask(name: 'LinkCheckReq' | 'DeviceTimeReq'): void {
    const run = (): void => {
      this.link.session?.tell({ name });
      this.sendEmpty();
    };
    this.whenIdle({ run });
  }

  private uplinkSoon(draft: UplinkDraft): Promise<UplinkOutcome> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          this.uplinks.send(draft, resolve);
        } catch (error) {
          reject(error as Error);
          this.idle();
        }
      };
      this.whenIdle({ run, drop: () => reject(this.notJoined()) });
    });
  }

  /** Now, or when what is on the way is over. @throws PlatformError `simulators.wrongState` */
  private whenIdle(asked: Waiting): void {
    if (!this.link.session) throw this.notJoined();
    if (this.waiting.length >= mostWaiting)
      throw wrongState('The device has too much to send.', `${mostWaiting} frames wait already.`);
    this.waiting.push(asked);
    this.idle();
  }

  private idle(): void {
    const { link, uplinks } = this;
    if (!link.session || uplinks.busy || this.state !== 'connected') return;
    const asked = this.waiting.shift();
    if (asked) asked.run();
    else if (this.fetchesMore || (link.session.owes && this.parts.template.deviceClass === 'C')) {
      // Class C is to answer at once; class A has its next uplink for that (LoRaWAN 1.0.3, 4.3.1.2), unless it fetches more.
      this.fetchesMore = false;
      this.sendEmpty();
    }
  }

  /** A frame without payload: what the device has to tell the network goes along. */
  private sendEmpty(): void {
    this.uplinks.send({ port: undefined, payload: noBytes, confirmed: false }, () => {});
  }

  private joined(): void {
    const { schedule, template } = this.parts;
    const { periodMs, count } = template;
    // Each device has its own part of the period, so that a fleet sends steadily and not all at once.
    this.uplinkAt(schedule.nowMs() + (periodMs * (this.number - 1)) / count);
  }

  /** @param baseMs when the uplink is due, before jitter */
  private uplinkAt(baseMs: number): void {
    const { schedule, template, timing } = this.parts;
    const { periodMs, jitter } = template;
    const shiftMs = jitter === 0 ? 0 : (2 * timing.fraction() - 1) * jitter * periodMs;
    this.next?.cancel();
    this.next = schedule.at(baseMs + shiftMs, (nowMs) => this.uplinkDue(baseMs, nowMs));
  }

  private uplinkDue(baseMs: number, nowMs: number): void {
    const { template, counts, clock, source } = this.parts;
    const periodMs = template.periodMs * (1 + this.link.driftPpm / 1_000_000);
    const { port, confirmed } = template;
    const payload = source.next(clock.now());
    const { uplinks, link } = this;
    // Another frame on the way, no channel free, or too long for the data rate: a device has no room to keep it.
    const maySend = !uplinks.busy && link.freeInMs === 0;
    const isSent = maySend && payload.length <= uplinks.room;
    if (isSent) uplinks.send({ port, payload, confirmed }, () => {});
    else counts.skipped += 1;
    // What it owes the network would take the room of its payloads for ever.
    if (maySend && !isSent && uplinks.commandBytes > 0) this.sendEmpty();
    const missed = Math.max(0, Math.floor((nowMs - baseMs) / periodMs - 1));
    counts.skipped += missed;
    this.uplinkAt(baseMs + (missed + 1) * periodMs);
  }

  private notJoined(): PlatformError {
    const { number, parts, state, problem } = this;
    const details = `Device ${number} (${parts.devEui}) is ${state}${problem ? `: ${problem}` : ''}.`;
    return wrongState('The simulated device has not joined.', details);
  }
}

const wrongState = (message: string, details: string): PlatformError =>
  new PlatformError('simulators.wrongState', message, { details });
