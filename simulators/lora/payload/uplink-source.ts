import type { GpsPath } from '../../../core/contract/generators.ts';
import type { LoraFleetTemplate } from '../../../core/contract/simulators.ts';
import { journeyAlong } from '../../generators/gps-path.ts';
import { Sfc32 } from '../../generators/sfc32.ts';
import type { Place } from '../radio/link-loss.ts';
import type { LoraPayloadMaker } from './lora-payload.ts';

/** The whole numbers that go into the chance of where a device is. */
const placePart = 0x4000_0000;
const metresPerDegree = 111_195;
/** Devices that go the same way set out at any time of a day. */
const dayS = 86_400;

/** Where a device is after so many seconds, by the seed. */
export function wayOf(
  { area, seed, location }: { area: LoraFleetTemplate['area']; seed: number; location?: GpsPath | undefined },
  number: number,
): (elapsedS: number) => Place {
  const chance = new Sfc32(seed, placePart + number);
  const [first, second] = [chance.fraction(), chance.fraction()];
  if (location) {
    const journey = journeyAlong(location);
    return (elapsedS) => journey(elapsedS + first * dayS);
  }
  // The root makes all parts of the circle equally likely.
  const [radiusM, angle] = [area.radiusM * Math.sqrt(first), 2 * Math.PI * second];
  const lat = Math.max(-90, Math.min(90, area.lat + (radiusM * Math.cos(angle)) / metresPerDegree));
  const perDegreeM = Math.max(1, metresPerDegree * Math.cos((area.lat * Math.PI) / 180));
  const east = area.lon + (radiusM * Math.sin(angle)) / perDegreeM;
  const place = { lat, lon: ((((east + 180) % 360) + 360) % 360) - 180 };
  return () => place;
}

/** The payloads of one device, one after the other, and where it is: the same in each run of the same template. */
export class UplinkSource {
  private readonly maker: LoraPayloadMaker;
  private readonly way: (elapsedS: number) => Place;
  private readonly device: string;
  private readonly periodS: number;
  private readonly random: Sfc32;
  private readonly memory: Float64Array;
  private fixed: Place | undefined;
  private made = 0;

  constructor(template: LoraFleetTemplate, maker: LoraPayloadMaker, number: number, device: string) {
    this.maker = maker;
    this.way = wayOf(template, number);
    this.device = device;
    this.periodS = template.periodMs / 1000;
    this.random = new Sfc32(template.seed, number);
    this.memory = new Float64Array(maker.memorySlots).fill(Number.NaN);
  }

  get place(): Place {
    return this.fixed ?? this.way(this.made * this.periodS);
  }

  /** It stays there from now on. */
  moveTo(place: Place): void {
    this.fixed = place;
  }

  next(timeMs: number): Uint8Array {
    const payload = this.make(timeMs, this.random, this.memory);
    this.made += 1;
    return payload;
  }

  /** What {@link next} would give. */
  peek(timeMs: number): Uint8Array {
    return this.make(timeMs, this.random.copy(), this.memory.slice());
  }

  private make(timeMs: number, random: Sfc32, memory: Float64Array): Uint8Array {
    const { device, made, periodS } = this;
    const turn = { n: made + 1, elapsedS: made * periodS, device, timeMs, random, memory };
    return this.maker.make(turn, this.place);
  }
}
