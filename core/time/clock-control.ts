import type { EventBus } from '../bus/event-bus.ts';
import type { ClockRequest, ClockView } from '../contract/clock.ts';
import { addDuration, isDuration } from '../contract/duration.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import { Serial } from '../platform/serial.ts';
import type { SteeredClock } from '../platform/steered-clock.ts';

export interface ClockControlSettings {
  /** Seconds of the platform's time that may pass in a real one. */
  readonly clockMaxSpeed: number;
}

/** Ids of messages and commands hold their second in 32 bits, which end in 2106. */
const latestMs = Date.UTC(2106, 0, 1);
/** The first moment that the machine's clock can show, too. */
const earliestMs = 0;

/** Sets the platform's time for its users: one change after the other, each told when it is done. */
export class ClockControl {
  private readonly clock: SteeredClock;
  private readonly settle: () => Promise<void>;
  private readonly settings: ClockControlSettings;
  private readonly changes = new Serial();

  /** @param parts `settle` resolves when what was begun at a moment is durable */
  constructor(
    parts: { clock: SteeredClock; bus: EventBus<PlatformEvents>; settle(): Promise<void> },
    settings: ClockControlSettings,
  ) {
    this.clock = parts.clock;
    this.settle = parts.settle;
    this.settings = settings;
    this.onChange((view) => parts.bus.emit('clockChanged', { view }));
  }

  /** The time itself, for what is beside the platform and waits for moments of it. */
  get time(): Clock {
    return this.clock;
  }

  /** Calls `told` after each change, for as long as the platform is there. */
  onChange(told: (view: ClockView) => void): void {
    this.clock.observe({ changed: () => told(this.view()) });
  }

  /** Calls `told` at each moment of a jump, before anything falls due there; the jump goes on when that resolves. */
  onMoment(told: (atMs: number) => Promise<void>): void {
    this.clock.observe({ reaching: told });
  }

  view(): ClockView {
    const { clock } = this;
    const realMs = clock.realNow();
    const nowMs = clock.mode === 'real' ? realMs : clock.now();
    return { mode: clock.mode, time: isoTime(nowMs), realTime: isoTime(realMs), speed: clock.speed };
  }

  /**
   * Sets how time goes on; resolves when what is due by it has run and is durable.
   * @throws PlatformError `api.invalidParameter` for a moment or a speed that cannot be
   */
  set(request: ClockRequest): Promise<ClockView> {
    return this.changes.run(async () => {
      if (request.mode === 'real') return this.move('real', undefined, 1);
      const toMs = request.time == null ? this.clock.now() : Date.parse(request.time);
      if (request.mode === 'frozen') return this.move('frozen', toMs, 0);
      return this.move('running', toMs, this.requireSpeed(request.speed ?? 1));
    });
  }

  /**
   * Jumps forward; frozen time stays so, other time goes on from there.
   * @param duration ISO 8601
   * @throws PlatformError `api.invalidParameter` when that is no duration, or too far
   */
  advance(duration: string): Promise<ClockView> {
    return this.changes.run(async () => {
      if (!isDuration(duration)) {
        throw invalidParameter(`duration: must be one of ISO 8601, as PT90S or P7D, got ${duration}.`);
      }
      const { clock } = this;
      const toMs = addDuration(clock.now(), duration);
      return this.move(clock.mode === 'frozen' ? 'frozen' : 'running', toMs, clock.speed);
    });
  }

  private async move(mode: ClockView['mode'], toMs: number | undefined, speed: number): Promise<ClockView> {
    if (toMs !== undefined && !(toMs >= earliestMs && toMs < latestMs)) {
      throw invalidParameter(
        `The platform's time lies between ${isoTime(earliestMs)} and ${isoTime(latestMs)}; this would be ${describe(toMs)}.`,
      );
    }
    await this.clock.set(mode, { toMs, speed, settle: this.settle });
    return this.view();
  }

  private requireSpeed(speed: number): number {
    const { clockMaxSpeed } = this.settings;
    if (speed <= clockMaxSpeed) return speed;
    throw invalidParameter(`speed: at most ${clockMaxSpeed}, got ${speed} (setting clockMaxSpeed).`);
  }
}

const describe = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? isoTime(ms) : 'beyond all dates');
