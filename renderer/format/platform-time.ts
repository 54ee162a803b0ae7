import type { ClockView } from '../../core/contract/clock.ts';

interface Anchor {
  readonly platformMs: number;
  readonly speed: number;
  /** The moment here when the platform told its time. */
  readonly heardMs: number;
}

let anchor: Anchor | undefined;

/** Takes up what the platform says of its time; a real one is that of this machine. */
export function hearPlatformTime({ mode, time, speed }: ClockView): void {
  anchor = mode === 'real' ? undefined : { platformMs: new Date(time).getTime(), speed, heardMs: Date.now() };
}

/** The platform's time now, in milliseconds since the Unix epoch. */
export function platformNow(): number {
  if (!anchor) return Date.now();
  return anchor.platformMs + (Date.now() - anchor.heardMs) * anchor.speed;
}
