import type { LoraRate } from '../../../core/protocols/lorawan/airtime.ts';
import type { ChannelMask, Region } from '../../../core/protocols/lorawan/regions/region.ts';

const blockSize = 16;
/** Of regions whose channels are all fixed: the narrow ones, before the wide ones. */
const narrowChannels = 64;
const wideKhz = 500;

/** The channels of a device: those of its region, those that the network adds, and which of them it may use. */
export class ChannelPlan {
  private readonly region: Region;
  private frequencies: (number | undefined)[];
  private enabled: Set<number>;

  constructor(region: Region) {
    this.region = region;
    this.frequencies = [...region.joinChannelsHz];
    this.enabled = this.all();
  }

  /** Of a join-accept: further channels, 100 Hz each, lowest byte first (Regional Parameters, 2.2.4). */
  addList(cfList: Uint8Array): void {
    for (let index = 0; index < 5 && cfList.length > 0; index++) {
      const [low = 0, middle = 0, high = 0] = cfList.subarray(index * 3, index * 3 + 3);
      const frequencyHz = (low + middle * 256 + high * 65_536) * 100;
      if (frequencyHz > 0) this.set(this.region.joinChannelsHz.length + index, frequencyHz);
    }
  }

  /** @returns whether the network may change this channel (LoRaWAN 1.0.3, 5.6) */
  set(channel: number, frequencyHz: number): boolean {
    if (this.isFixed || channel < this.region.joinChannelsHz.length || channel >= blockSize) return false;
    this.frequencies[channel] = frequencyHz === 0 ? undefined : frequencyHz;
    if (frequencyHz === 0) this.enabled.delete(channel);
    else this.enabled.add(channel);
    return true;
  }

  has(channel: number): boolean {
    return this.frequencies[channel] !== undefined;
  }

  /** Frequencies on which it may send at this rate, in Hz. */
  usable(rate: LoraRate): number[] {
    return [...this.enabled].sort((a, b) => a - b).flatMap((channel) => this.frequency(channel, rate));
  }

  get count(): number {
    return this.enabled.size;
  }

  /**
   * What a block of LinkADRReqs asks for (LoRaWAN 1.0.3, 5.2; Regional Parameters, 2.2.5 and 2.3.5).
   * @returns what puts it in force; undefined when the device does not take it
   */
  masked(masks: readonly ChannelMask[], rate: LoraRate): (() => void) | undefined {
    let wanted: Set<number> | undefined = this.enabled;
    for (const each of masks) wanted = wanted && this.wanted(each, wanted);
    if (!wanted || [...wanted].some((channel) => !this.has(channel))) return undefined;
    if (![...wanted].some((channel) => this.frequency(channel, rate).length > 0)) return undefined;
    const enabled = wanted;
    return () => {
      this.enabled = enabled;
    };
  }

  /** Channels and bandwidths that do not change: all of US915. */
  private get isFixed(): boolean {
    return this.region.joinChannelsHz.length > blockSize;
  }

  private wanted(
    { channelMask: mask, maskControl: control }: ChannelMask,
    enabled: ReadonlySet<number>,
  ): Set<number> | undefined {
    const ofMask = (from: number): number[] =>
      Array.from({ length: blockSize }, (_, bit) => bit)
        .filter((bit) => (mask >>> bit) & 1)
        .map((bit) => from + bit);
    if (!this.isFixed) {
      if (control === 6) return this.all();
      return control === 0 ? new Set(ofMask(0)) : undefined;
    }
    if (control === 6 || control === 7) {
      const narrow = control === 6 ? Array.from({ length: narrowChannels }, (_, index) => index) : [];
      return new Set([...narrow, ...ofMask(narrowChannels)]);
    }
    if (control > 4) return undefined;
    const others = [...enabled].filter((channel) => Math.floor(channel / blockSize) !== control);
    return new Set([...others, ...ofMask(control * blockSize)]);
  }

  private frequency(channel: number, { bandwidthKhz }: LoraRate): number[] {
    const isWide = this.isFixed && channel >= narrowChannels;
    const frequencyHz = this.frequencies[channel];
    const fits = !this.isFixed || isWide === (bandwidthKhz === wideKhz);
    return fits && frequencyHz !== undefined ? [frequencyHz] : [];
  }

  private all(): Set<number> {
    return new Set(
      this.frequencies.flatMap((frequencyHz, channel) => (frequencyHz === undefined ? [] : [channel])),
    );
  }
}
