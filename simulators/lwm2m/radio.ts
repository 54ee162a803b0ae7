import type { SimulatedNetwork } from '../../core/contract/simulated-lwm2m.ts';
import type { ClientDatagrams, ClientSocket } from '../../core/protocols/coaps/coaps-client.ts';
import type { PeerAddress } from '../../core/protocols/dtls/seams.ts';
import type { Schedule } from '../fleet/schedule.ts';
import type { Sfc32 } from '../generators/sfc32.ts';

/** What went over the air since the counters were set back. */
export interface Traffic {
  sentBytes: number;
  receivedBytes: number;
  messages: number;
  largestBytes: number;
}

const noTraffic = (): Traffic => ({ sentBytes: 0, receivedBytes: 0, messages: 0, largestBytes: 0 });

/**
 * The way of a device to the network: it may be off, and it loses, doubles and delays datagrams. What happens to the n-th
 * datagram depends on the seed alone.
 */
export class Radio implements ClientDatagrams {
  isOn = true;
  lost = 0;
  traffic = noTraffic();
  private readonly datagrams: ClientDatagrams;
  private readonly network: SimulatedNetwork;
  private readonly chance: Sfc32;
  private readonly schedule: Schedule;

  constructor(datagrams: ClientDatagrams, network: SimulatedNetwork, chance: Sfc32, schedule: Schedule) {
    this.datagrams = datagrams;
    this.network = network;
    this.chance = chance;
    this.schedule = schedule;
  }

  async bind(
    address: { readonly host: string; readonly port: number },
    receive: (datagram: Uint8Array, from: PeerAddress) => void,
  ): Promise<ClientSocket> {
    const socket = await this.datagrams.bind(address, (datagram, from) =>
      this.pass(() => {
        this.count('receivedBytes', datagram.length);
        receive(datagram, from);
      }),
    );
    return {
      local: socket.local,
      send: (datagram, to) => {
        if (this.isOn) this.count('sentBytes', datagram.length);
        this.pass(() => socket.send(datagram, to));
      },
      close: () => socket.close(),
    };
  }

  /** Counts from nothing again. */
  clearTraffic(): void {
    this.traffic = noTraffic();
  }

  private count(direction: 'sentBytes' | 'receivedBytes', bytes: number): void {
    const { traffic } = this;
    traffic[direction] += bytes;
    traffic.messages += 1;
    traffic.largestBytes = Math.max(traffic.largestBytes, bytes);
  }

  private pass(arrive: () => void): void {
    if (!this.isOn) return;
    const { loss, duplication, delayMs, spreadMs } = this.network;
    if (loss + duplication + delayMs + spreadMs === 0) {
      arrive();
      return;
    }
    // Each is asked for whatever the others say, so that one fault more leaves the rest of the run as it was.
    const [isLost, isTwice] = [this.chance.fraction() < loss, this.chance.fraction() < duplication];
    const delays = [0, 1].map(() => delayMs + spreadMs * this.chance.fraction());
    if (isLost) {
      this.lost += 1;
      return;
    }
    for (const delay of isTwice ? delays : delays.slice(0, 1)) {
      if (delay === 0) arrive();
      else this.schedule.at(this.schedule.nowMs() + delay, () => this.isOn && arrive());
    }
  }
}
