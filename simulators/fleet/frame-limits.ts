/** How much each device of a fleet may keep. */
export interface FrameLimits {
  readonly frames: number;
  readonly payloadCharacters: number;
}

const mostFrames = 50;
const fleetFrames = 100_000;
const fleetCharacters = 64 * 1024 * 1024;

/** The larger the fleet, the less of each device is kept, so that all of it has a bound. */
export function frameLimits(devices: number): FrameLimits {
  const frames = Math.min(mostFrames, Math.max(1, Math.floor(fleetFrames / devices)));
  const payloadCharacters = Math.min(65_536, Math.floor(fleetCharacters / (devices * frames)));
  return { frames, payloadCharacters };
}
