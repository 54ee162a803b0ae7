import { PlatformError } from '../../core/contract/errors.ts';
import type { LoraFleetTemplate } from '../../core/contract/simulators.ts';
import type { FleetCounts } from '../fleet/fleet-run.ts';
import type { Schedule, Scheduled } from '../fleet/schedule.ts';
import { Sfc32 } from '../generators/sfc32.ts';
import type { KeptLoraFrame } from './lora-frames.ts';
import type { LoraLink } from './lora-link.ts';
import type { HeardDownlink, UplinkDraft, UplinkFrame } from './lora-session.ts';

/** How an uplink ended. */
export interface UplinkOutcome {
  readonly frame: KeptLoraFrame;
  /** Of a confirmed one: the network has acknowledged it; of others: a gateway has heard it. */
  readonly success: boolean;
}

interface Exchange {
  readonly frame: UplinkFrame;
  readonly done: (outcome: UplinkOutcome) => void;
  transmissions: number;
  kept: KeptLoraFrame | undefined;
  heard: boolean;
  taken: boolean;
  answered: boolean;
  acknowledged: boolean;
}

/** Most transmissions of a confirmed uplink (LoRaWAN 1.0.3, 18.4), and when it is sent again after RX2 (ACK_TIMEOUT). */
const mostTransmissions = 8;
const ackTimeoutMs = 2000;
const ackSpreadMs = 1000;
/** The whole numbers that go into the chance of a device's faults. */
const faultPart = 0x6000_0000;

/** What a device sends in its session, one frame after the other, with repetitions and faults. */
export class LoraUplinks {
  private readonly link: LoraLink;
  private readonly parts: {
    readonly template: LoraFleetTemplate;
    readonly schedule: Schedule;
    readonly counts: FleetCounts;
    /** There is nothing on the way any more. */
    idle(): void;
  };
  private readonly faults: Sfc32;
  private exchange: Exchange | undefined;
  private next: Scheduled | undefined;
  private last: Uint8Array | undefined;
  private older: Uint8Array | undefined;

  constructor(link: LoraLink, parts: LoraUplinks['parts']) {
    this.link = link;
    this.parts = parts;
    this.faults = new Sfc32(parts.template.seed, faultPart + link.number);
  }

  get busy(): boolean {
    return this.exchange !== undefined || this.link.radio.busy;
  }

  /** Whether there is a frame to replay. */
  get hasOlder(): boolean {
    return this.older !== undefined;
  }

  /** Most bytes of a payload that fit now beside what the device has to tell the network. */
  get room(): number {
    return this.mostBytes - this.commandBytes;
  }

  /** Bytes that the device has to tell the network with its next frame. */
  get commandBytes(): number {
    return this.link.session?.commandBytes(this.mostBytes) ?? 0;
  }

  /** Sends, when nothing is on the way. @throws PlatformError `simulators.wrongState` when it does not fit */
  send(draft: UplinkDraft, done: (outcome: UplinkOutcome) => void): void {
    const { session } = this.link;
    if (!session) return;
    if (draft.payload.length > this.room) {
      throw new PlatformError('simulators.wrongState', 'The payload does not fit into a frame.', {
        details: `${draft.payload.length} bytes; at its present data rate, beside what it has to tell the network, the device can send ${this.room}.`,
      });
    }
    const frame = session.uplink(draft, this.mostBytes);
    this.exchange = {
      ...{ frame, done, transmissions: 0, kept: undefined },
      ...{ heard: false, taken: false, answered: false, acknowledged: false },
    };
    this.older = this.last;
    this.last = frame.bytes;
    this.transmit(this.exchange);
  }

  /** Something came down. */
  heard({ ack }: HeardDownlink): void {
    if (!this.exchange) return;
    this.exchange.answered = true;
    if (ack) this.exchange.acknowledged = true;
  }

  /** Sends a frame whose MIC is not right. Not while it is busy. */
  sendBadMic(): void {
    const { session } = this.link;
    if (!session) return;
    const draft = { port: undefined, payload: new Uint8Array(0), confirmed: false };
    const { bytes, fCnt } = session.uplink(draft, this.mostBytes);
    this.inject(broken(bytes), fCnt, 'with a wrong MIC');
  }

  /** Sends an older frame once more. Not while it is busy. @returns false when there is none */
  replay(): boolean {
    if (!this.older) return false;
    this.inject(this.older, undefined, 'replayed');
    return true;
  }

  /** Forgets what is on the way, and what was before. */
  clear(): void {
    this.next?.cancel();
    const { exchange } = this;
    this.exchange = undefined;
    this.last = undefined;
    this.older = undefined;
    if (exchange?.kept) exchange.done({ frame: { ...exchange.kept, state: 'failed' }, success: false });
  }

  private get mostBytes(): number {
    const { region, dataRate } = this.link.settings;
    return region.maxPayloadBytes[dataRate] ?? 0;
  }

  private transmit(exchange: Exchange): void {
    const { link, parts } = this;
    const { frame, transmissions } = exchange;
    const { badMic } = parts.template.faults;
    // Asked for whatever it is, so that one fault more leaves the rest of the run as it was.
    const isBad = this.faults.fraction() < badMic;
    exchange.transmissions += 1;
    const { confirmed, bytes, fCnt, port, payload, commands } = frame;
    const note = [...(transmissions === 0 ? [] : ['again']), ...(isBad ? ['with a wrong MIC'] : [])].join(
      ' ',
    );
    const kept = link.transmit(
      {
        bytes: isBad ? broken(bytes) : bytes,
        dataRate: confirmed ? this.slower(transmissions, payload.length) : link.settings.dataRate,
        frame: {
          type: confirmed ? 'CONFIRMED_DATA_UP' : 'UNCONFIRMED_DATA_UP',
          ...{ fCnt, port, payload, commands, ...(note !== '' && { note }) },
        },
      },
      {
        began: () => this.tally('sent'),
        ended: (_onAir, signals) => {
          if (signals.some((signal) => signal !== undefined)) exchange.heard = true;
          else if (!confirmed) kept.state = 'failed';
        },
        taken: () => {
          if (confirmed || exchange.taken) return;
          exchange.taken = true;
          kept.state = 'acknowledged';
          this.tally('acknowledged');
        },
        over: () => this.listened(exchange, kept),
      },
    );
    exchange.kept = kept;
  }

  /** The data rate of a repetition: one step down after each two (LoRaWAN 1.0.3, 18.4), as long as the frame fits. */
  private slower(transmissions: number, bytes: number): number {
    const { dataRate, region } = this.link.settings;
    let slower = Math.max(region.adrDataRates.min, dataRate - Math.floor(transmissions / 2));
    while (slower < dataRate && (region.maxPayloadBytes[slower] ?? 0) < bytes) slower += 1;
    return Math.min(slower, dataRate);
  }

  private listened(exchange: Exchange, kept: KeptLoraFrame): void {
    const { link, parts } = this;
    const { confirmed } = exchange.frame;
    if (confirmed) kept.state = exchange.acknowledged ? 'acknowledged' : 'failed';
    const most = confirmed ? mostTransmissions : link.settings.nbTrans;
    const done = confirmed ? exchange.acknowledged : exchange.answered;
    if (done || exchange.transmissions >= most) {
      this.finish(exchange, kept);
      return;
    }
    const waitMs = confirmed ? ackTimeoutMs - ackSpreadMs + 2 * ackSpreadMs * link.chance.fraction() : 0;
    const { schedule } = parts;
    this.next = schedule.at(schedule.nowMs() + waitMs, () => this.transmit(exchange));
  }

  private finish(exchange: Exchange, frame: KeptLoraFrame): void {
    const { link, parts } = this;
    const { confirmed } = exchange.frame;
    this.exchange = undefined;
    if (link.session?.isUnheard) link.settings.reachFurther();
    if (confirmed && exchange.acknowledged) this.tally('acknowledged');
    const success = confirmed ? exchange.acknowledged : exchange.heard;
    if (!success) parts.counts.errors += 1;
    exchange.done({ frame, success });
    const isReplayed = this.faults.fraction() < parts.template.faults.replay;
    if (this.busy || !(isReplayed && this.replay())) parts.idle();
  }

  private inject(bytes: Uint8Array, fCnt: number | undefined, note: string): void {
    const { link, parts } = this;
    const frame = { type: 'UNCONFIRMED_DATA_UP', fCnt, payload: new Uint8Array(0), note };
    const kept = link.transmit(
      { bytes, dataRate: link.settings.dataRate, frame },
      {
        began: () => this.tally('sent'),
        taken: () => {
          kept.state = 'acknowledged';
        },
        over: () => {
          if (kept.state === 'waiting') kept.state = 'failed';
          parts.idle();
        },
      },
    );
  }

  private tally(what: 'sent' | 'acknowledged'): void {
    this.link.tallies[what] += 1;
    this.parts.counts[what] += 1;
  }
}

/** The frame with its last byte, which is of the MIC, wrong. */
function broken(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 0xff;
  return copy;
}
