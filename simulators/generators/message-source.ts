import type { FleetTemplate } from '../../core/contract/simulators.ts';
import { clientIdOf } from '../device-ids.ts';
import type { PayloadMaker } from './payload-maker.ts';
import { Sfc32 } from './sfc32.ts';

/** The payloads of one device, one after the other: the same in each run of the same template. */
export class MessageSource {
  private readonly maker: PayloadMaker;
  private readonly device: string;
  private readonly periodS: number;
  private readonly random: Sfc32;
  private readonly memory: Float64Array;
  private made = 0;

  constructor(
    template: Pick<FleetTemplate, 'idPattern' | 'seed' | 'periodMs'>,
    maker: PayloadMaker,
    number: number,
  ) {
    this.maker = maker;
    this.device = clientIdOf(template.idPattern, number);
    this.periodS = template.periodMs / 1000;
    this.random = new Sfc32(template.seed, number);
    this.memory = new Float64Array(maker.memorySlots).fill(Number.NaN);
  }

  next(timeMs: number): string {
    const payload = this.make(timeMs, this.random, this.memory);
    this.made += 1;
    return payload;
  }

  /** What {@link next} would give. */
  peek(timeMs: number): string {
    return this.make(timeMs, this.random.copy(), this.memory.slice());
  }

  private make(timeMs: number, random: Sfc32, memory: Float64Array): string {
    const { device, made } = this;
    return this.maker.make({ n: made + 1, elapsedS: made * this.periodS, device, timeMs, random, memory });
  }
}
