import type { RadioSlot, Region } from '../../core/protocols/lorawan/regions/region.ts';
import { ChannelPlan } from './radio/channel-plan.ts';

/** Most radiated power of devices, that of TXPower 0 (LoRaWAN 1.0.3 Regional Parameters, 2.2.3, 2.3.3, 2.7.3). */
const mostEirpDbm = { EU868: 16, US915: 30, AS923: 16 } as const;
const stepDb = 2;

/** How a device sends and listens, as its maker set it and the network has changed it. */
export class LoraSettings {
  region: Region;
  readonly channels: ChannelPlan;
  dataRate: number;
  /** Number of the TXPower: each is 2 dB below the one before. */
  txPower = 0;
  nbTrans = 1;
  rxDelayS = 1;
  rx1DrOffset = 0;
  rx2: RadioSlot;
  private readonly mostPowerDbm: number;
  private readonly home: Region;

  constructor(region: Region, dataRate: number, mostPowerDbm: number) {
    this.region = region;
    this.home = region;
    this.dataRate = dataRate;
    this.mostPowerDbm = mostPowerDbm;
    this.channels = new ChannelPlan(region);
    this.rx2 = region.rx2;
  }

  get powerDbm(): number {
    return Math.min(this.mostPowerDbm, mostEirpDbm[this.region.name] - stepDb * this.txPower);
  }

  /** Whether it keeps to the limit of time on the air of its region (1.0.3, 5.8). */
  keepDwellTime(keeps: boolean): void {
    this.region = keeps ? this.home : (this.home.withoutDwellTime ?? this.home);
  }

  /** One step towards being heard: full power first, then slower. @returns false when there is none left */
  reachFurther(): boolean {
    const { min } = this.region.adrDataRates;
    if (this.txPower > 0) this.txPower = 0;
    else if (this.dataRate > min) this.dataRate -= 1;
    else return false;
    return true;
  }
}
