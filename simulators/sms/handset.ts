import { PlatformError } from '../../core/contract/errors.ts';
import {
  isSmsAction,
  type SmsAction,
  type SmsDetails,
  type SmsSend,
} from '../../core/contract/simulated-sms.ts';
import type {
  DeviceAction,
  SendOnce,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
  SimulatedFrame,
} from '../../core/contract/simulators.ts';
import { clientIdOf } from '../device-ids.ts';
import type { FleetMember } from '../fleet/fleet-member.ts';
import type { MessageSource } from '../generators/message-source.ts';
import { Sfc32 } from '../generators/sfc32.ts';
import { FrameLog, toFrame } from '../mqtt/frame-log.ts';
import type { AirDown, AirMessage, AirOutcome, Unreachable } from './air.ts';
import { AutoAnswers } from './auto-answers.ts';
import type { HandsetParts } from './handset-parts.ts';
import { msisdnOf } from './msisdns.ts';
import { Outbox } from './outbox.ts';
import { OwnMessages } from './own-messages.ts';
import { PartCollector } from './part-collector.ts';
import { composed, readMessage, segmentsOf, shown } from './short-messages.ts';
import { Thread } from './thread.ts';
import { Whereabouts } from './whereabouts.ts';

/** Characters of a message that a handset keeps. */
const keptCharacters = 1000;
const keptHexDigits = 320;
/** Parts of the seed: chance of the radio and of answers, apart from that of generated values. */
const radioPart = 0x4000_0000;

/** One phone: its messages, and what the mobile network and its owner do to it. */
export class Handset implements FleetMember {
  readonly number: number;
  readonly msisdn: string;
  private readonly parts: HandsetParts;
  private readonly source: MessageSource | undefined;
  private readonly random: Sfc32;
  private readonly frames: FrameLog;
  private readonly thread: Thread;
  private readonly outbox: Outbox;
  private readonly answers: AutoAnswers;
  private readonly collector = new PartCollector();
  private state: 'connecting' | 'connected' | 'off' | 'stopped' = 'connecting';
  private readonly place: Whereabouts;
  private readonly own: OwnMessages;
  private reference: number;
  private received = 0;

  constructor(number: number, source: MessageSource | undefined, parts: HandsetParts) {
    const { template } = parts;
    this.number = number;
    this.msisdn = msisdnOf(template.firstMsisdn, number);
    this.parts = parts;
    this.source = source;
    this.random = new Sfc32(template.seed, radioPart + number);
    this.place = new Whereabouts(this.random, template);
    this.reference = this.random.uint32() & 0xff;
    this.frames = new FrameLog(parts.frameLimits);
    this.thread = new Thread(template.inbox);
    this.outbox = new Outbox((message) => {
      if (message.state === 'sent') parts.counts.acknowledged += 1;
      if (message.state === 'failed') parts.counts.errors += 1;
    });
    this.own = new OwnMessages(parts, source, {
      number,
      silent: () => this.silent(),
      write: (message) => this.write(message, true),
    });
    this.answers = new AutoAnswers({
      ...{ settings: template.answers, random: this.random, clock: parts.clock, schedule: parts.schedule },
      device: clientIdOf(template.idPattern, number),
    });
  }

  start(): void {
    const { gate } = this.parts;
    gate.enter(() => {
      gate.leave();
      if (this.state === 'stopped') return;
      this.attach();
      this.own.start();
    });
  }

  async stop(): Promise<void> {
    this.own.stop();
    if (this.state === 'connected') this.parts.counts.connected -= 1;
    this.state = 'stopped';
  }

  abandon(): void {}

  comeBack(): void {}

  view(): SimulatedDeviceView {
    const { number, msisdn: clientId, state, received, outbox } = this;
    const { sent, acknowledged } = outbox;
    return { number, clientId, state, problem: null, sent, acknowledged, received };
  }

  details(): SimulatedDeviceDetails {
    const nextPayload = this.source?.peek(this.parts.clock.now());
    return {
      ...this.view(),
      frames: this.frames.list(),
      ...(nextPayload !== undefined && { nextPayload }),
      sms: this.sms(),
    };
  }

  async send(message: SendOnce): Promise<SimulatedFrame> {
    if (!('text' in message))
      throw wrongState('The handset cannot send that.', 'A handset sends a short message: give its text.');
    const reason = this.silent();
    if (reason !== undefined) throw wrongState('The handset cannot send.', reason);
    return this.write(message, false);
  }

  async act(action: DeviceAction): Promise<void> {
    if (!isSmsAction(action))
      throw wrongState(
        'The handset cannot do that.',
        `${action.action} is of another kind of device; a handset is switched on and off, travels, and has an inbox.`,
      );
    if (this.state === 'stopped') throw wrongState('The handset is not there.', 'Its fleet is stopping.');
    this.perform(action);
  }

  /** From the mobile network. */
  receive(down: AirDown): void {
    switch (down.kind) {
      case 'deliver':
        this.deliver(down);
        break;
      case 'accepted':
        this.outbox.accepted(down.ref);
        break;
      case 'refused':
        this.outbox.refused(down.ref, down.reason);
        break;
      case 'report':
        if (down.reason === undefined) this.outbox.delivered(down.ref);
        else this.outbox.failed(down.ref, down.reason);
    }
  }

  private perform(action: SmsAction): void {
    switch (action.action) {
      case 'switchOff':
        this.place.isOn = false;
        break;
      case 'switchOn':
        this.place.isOn = true;
        break;
      case 'roam':
        this.place.isAbroad = true;
        break;
      case 'comeHome':
        this.place.isAbroad = false;
        break;
      case 'fillInbox':
        this.thread.fill();
        break;
      case 'emptyInbox':
        this.thread.empty();
        this.outbox.clear();
        this.collector.clear();
        break;
      case 'setAnswers':
        this.answers.set(action.answers);
        return;
    }
    this.attach();
  }

  /** Tells the network whether it can be reached, and shows it. */
  private attach(): void {
    const { counts, air } = this.parts;
    const before = this.state;
    this.state = this.place.isOn ? 'connected' : 'off';
    if (before !== 'connected' && this.state === 'connected') counts.connected += 1;
    if (before === 'connected' && this.state !== 'connected') counts.connected -= 1;
    air({ kind: 'reach', msisdn: this.msisdn, unreachable: this.unreachable() });
  }

  private unreachable(): Unreachable | undefined {
    if (!this.place.isOn || this.state === 'stopped') return 'absent';
    if (this.place.network === 'barred') return 'barred';
    return this.thread.full ? 'full' : undefined;
  }

  /** Why it cannot send; undefined when it can. */
  private silent(): string | undefined {
    const who = `Handset ${this.number} (${this.msisdn})`;
    if (this.state === 'stopped' || this.state === 'connecting') return `${who} is ${this.state}.`;
    return this.place.silent(who);
  }

  private write(what: SmsSend, automatic: boolean): SimulatedFrame {
    const { template, clock, counts, waits } = this.parts;
    const to = what.to ?? template.serverNumber;
    this.reference = (this.reference + 1) & 0xff;
    const parts = composed(what, { from: this.msisdn, to, reference: this.reference });
    const [first] = parts;
    const timeMs = clock.now();
    const { alphabet } = readMessage(first as AirMessage);
    const { encoding } = shown(new Uint8Array(0), alphabet);
    const kept = this.thread.add({
      ...{ direction: 'sent', peer: to, text: what.text.slice(0, keptCharacters), encoding },
      hex: hexOf(parts.map(({ data }) => data)),
      ...{ segments: parts.length, time: new Date(timeMs).toISOString(), state: 'sending', automatic },
    });
    if (kept.gone) this.outbox.forget(kept.gone);
    counts.sent += 1;
    const frames = parts.map((part) => this.frame('sent', part));
    const refs = this.outbox.begin(kept.message, frames);
    for (const [index, part] of parts.entries()) {
      const ref = refs[index] as number;
      const lost = this.random.fraction() < template.radio.loss;
      waits.after(this.underWayMs(), () => {
        const reason = this.silent() ?? (lost ? 'The network did not answer.' : undefined);
        if (reason === undefined) this.parts.air({ kind: 'submit', msisdn: this.msisdn, ref, message: part });
        else this.outbox.refused(ref, reason);
      });
    }
    return toFrame(frames.at(-1) as (typeof frames)[number]);
  }

  private deliver({ delivery, message }: Extract<AirDown, { kind: 'deliver' }>): void {
    const end = (outcome: AirOutcome): void => this.parts.air({ kind: 'outcome', delivery, outcome });
    const unreachable = this.unreachable();
    if (unreachable) {
      end(unreachable);
      return;
    }
    const { loss } = this.parts.template.radio;
    // A message that the network sends in several gets through when all of them do.
    const lost = loss > 0 && this.random.fraction() >= (1 - loss) ** segmentsOf(message);
    this.parts.waits.after(this.underWayMs(), () => {
      const now = this.unreachable();
      if (!now && !lost) this.take(message);
      end(now ?? (lost ? 'lost' : 'delivered'));
    });
  }

  private take(message: AirMessage): void {
    const { counts, clock } = this.parts;
    this.frame('received', message);
    const read = readMessage(message);
    const whole = this.collector.take(message.from, read);
    if (!whole) return;
    counts.received += 1;
    this.received += 1;
    const { text, encoding } = shown(whole.content, read.alphabet);
    const kept = this.thread.add({
      ...{ direction: 'received', peer: message.from, text: text.slice(0, keptCharacters), encoding },
      ...{ hex: hexOf([whole.content]), segments: Math.max(whole.parts, segmentsOf(message)) },
      ...{ time: new Date(clock.now()).toISOString(), state: 'received', automatic: false },
    });
    if (kept.gone) this.outbox.forget(kept.gone);
    if (this.thread.full) this.attach();
    const answer = this.answers.to(message.from, text);
    if (answer)
      this.parts.waits.after(answer.delayMs, () => this.own.write({ to: message.from, text: answer.text }));
  }

  private underWayMs(): number {
    const { radio } = this.parts.template;
    const spreadMs = radio.spreadMs === 0 ? 0 : this.random.fraction() * radio.spreadMs;
    return radio.delayMs + spreadMs + this.place.delayMs;
  }

  private frame(direction: 'sent' | 'received', { from, to, data }: AirMessage) {
    const state = direction === 'sent' ? 'waiting' : 'received';
    const timeMs = this.parts.clock.now();
    return this.frames.binary({ timeMs, direction, topic: `SMS ${from} to ${to}`, state }, data);
  }

  private sms(): SmsDetails {
    const { template } = this.parts;
    const { size, whenFull } = template.inbox;
    return {
      ...{ msisdn: this.msisdn, serverNumber: template.serverNumber, power: this.place.isOn ? 'on' : 'off' },
      network: this.place.network,
      inbox: { used: this.thread.used, size, whenFull },
      ...{ answers: [...this.answers.settings], messages: this.thread.list() },
    };
  }
}

const hexOf = (data: readonly Uint8Array[]): string =>
  data
    .map((one) => Buffer.from(one.subarray(0, keptHexDigits / 2)).toString('hex'))
    .join(' ')
    .slice(0, keptHexDigits);

const wrongState = (message: string, details: string): PlatformError =>
  new PlatformError('simulators.wrongState', message, { details });
