import type { Clock, Timer } from '../core/platform/clock.ts';
import { RealClock } from '../core/platform/node/real-clock.ts';

export type { Timer };

/** The machine's time, for what is about this program and its surroundings and not about the platform's time. */
export const wireClock: Clock = new RealClock();
