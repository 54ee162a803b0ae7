import type { Clock } from '../../platform/clock.ts';
import type { RadioSlot, Region } from '../../protocols/lorawan/regions/region.ts';
import { bandOf } from '../../protocols/lorawan/regions/region.ts';
import type { PacketToSend } from '../../protocols/semtech-udp/pull-resp.ts';
import type { HeardFrame } from './deduplication.ts';
import { DutyCycle } from './duty-cycle.ts';
import type { Gateways } from './gateways.ts';
import type { PacketForwarders } from './packet-forwarders.ts';

/** A way to a device: by a gateway, in a receive window. */
export interface Way {
  readonly gatewayId: string;
  readonly slot: RadioSlot;
  /** The gateway's counter at which it sends; undefined: at once. */
  readonly counterUs: number | undefined;
  readonly window: 'RX1' | 'RX2' | 'RX2_ANY_TIME';
}

/** Why a frame does not go one way. */
export interface WayProblem {
  readonly cause: 'unreachable' | 'dutyCycle' | 'refused';
  readonly text: string;
}

/** What became of a frame. */
export interface Transmission {
  /** The way it goes; undefined: none. */
  readonly way: Way | undefined;
  /** Ways that were tried in vain, each with its reason. */
  readonly problems: readonly WayProblem[];
}

/** Why a frame does not go anywhere. */
export const problemsOf = ({ problems }: Transmission): string =>
  problems.length === 0
    ? 'no gateway is in reach of the device'
    : problems.map(({ text }) => text).join('; ');

/** Gateways that are tried for one window: further ones heard the device worse and worse. */
const mostGateways = 3;

/** The ways to a device after its frame: RX1 by the gateways that heard it best, then RX2 a second later. */
export function waysAfter({ copies }: HeardFrame, delayS: number, rx1: RadioSlot, rx2: RadioSlot): Way[] {
  const by = (window: 'RX1' | 'RX2', slot: RadioSlot, seconds: number): Way[] =>
    copies.slice(0, mostGateways).map(({ gateway, packet }) => ({
      ...{ gatewayId: gateway.id, slot, window },
      counterUs: (packet.counterUs + seconds * 1_000_000) % 2 ** 32,
    }));
  return [...by('RX1', rx1, delayS), ...by('RX2', rx2, delayS + 1)];
}

/** Has gateways send frames, each only as much as its share of time allows. */
export class Transmitter {
  private readonly forwarders: PacketForwarders;
  private readonly gateways: Gateways;
  private readonly dutyCycle: DutyCycle;

  constructor(parts: { wireClock: Clock; forwarders: PacketForwarders; gateways: Gateways }) {
    this.forwarders = parts.forwarders;
    this.gateways = parts.gateways;
    this.dutyCycle = new DutyCycle(parts.wireClock);
  }

  clear(): void {
    this.dutyCycle.clear();
  }

  reaches(gatewayId: string): boolean {
    return this.forwarders.reaches(gatewayId);
  }

  /** How much of its share of time a gateway has used, by band. Frequencies are in MHz. */
  dutyCycleOf(gatewayId: string, { bands }: Region) {
    return bands.map((band) => ({
      ...{ from: band.fromHz / 1e6, to: band.toHz / 1e6, share: band.dutyCycle },
      ...this.dutyCycle.usage(gatewayId, band),
    }));
  }

  /**
   * Tries one way after the other.
   * @param done told what became of it, once
   */
  send(
    bytes: Uint8Array,
    region: Region,
    ways: readonly Way[],
    done: (transmission: Transmission) => void,
    problems: readonly WayProblem[] = [],
  ): void {
    const [way, ...others] = ways;
    if (!way) {
      done({ way, problems });
      return;
    }
    const { gatewayId, slot } = way;
    const next = (cause: WayProblem['cause'], problem: string): void => {
      const text = `${gatewayId} at ${slot.frequencyHz / 1e6} MHz: ${problem}`;
      this.send(bytes, region, others, done, [...problems, { cause, text }]);
    };
    if (!this.forwarders.reaches(gatewayId)) {
      next('unreachable', 'fetches no downlinks (PULL_DATA)');
      return;
    }
    const giveBack = this.dutyCycle.take(gatewayId, region, slot, bytes.length);
    if (!giveBack) {
      next('dutyCycle', 'its duty cycle is used up');
      return;
    }
    this.forwarders.send(gatewayId, packetFor(bytes, region, way), (error) => {
      if (error !== undefined) {
        giveBack();
        next('refused', error);
        return;
      }
      const gateway = this.gateways.find(gatewayId);
      if (gateway) gateway.downlinks++;
      done({ way, problems });
    });
  }
}

function packetFor(data: Uint8Array, region: Region, { slot, counterUs }: Way): PacketToSend {
  const rate = region.dataRates[slot.dataRate] ?? { spreadingFactor: 12, bandwidthKhz: 125 };
  return {
    ...{ counterUs, frequencyHz: slot.frequencyHz, rfChain: 0 },
    powerDbm: bandOf(region, slot.frequencyHz)?.gatewayPowerDbm ?? 14,
    modulation: { kind: 'LORA', ...rate, codingRate: '4/5' },
    ...{ invertedPolarity: true, noCrc: true, data },
  };
}
