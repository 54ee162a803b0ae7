import { type CayenneChannel, loraPayload } from '../../../core/contract/simulated-lora.ts';

type Type = CayenneChannel['type'];

/** Values that look as those of such a sensor do: from, to, and how many decimals they have. */
const ranges = {
  temperature: [15, 25, 1],
  humidity: [30, 60, 1],
  barometer: [990, 1030, 1],
  illuminance: [0, 1000, 0],
  presence: [0, 1, 0],
  digitalInput: [0, 1, 0],
  digitalOutput: [0, 1, 0],
  analogInput: [0, 10, 2],
  analogOutput: [0, 10, 2],
  accelerometer: [-1, 1, 3],
  gyrometer: [-90, 90, 2],
  gps: undefined,
} as const satisfies Record<Type, readonly [number, number, number] | undefined>;

export const lppTypes = Object.keys(ranges) as Type[];

/** A payload with one reading more; what is no Cayenne payload is replaced by one. */
export function addReading(payload: string, type: Type, channel: number): string {
  const before = channelsOf(payload);
  const channels = [...before, reading(type, channel)];
  return JSON.stringify({ kind: 'cayenne', channels }, null, 2);
}

function channelsOf(payload: string): readonly unknown[] {
  try {
    const { kind, channels } = JSON.parse(payload);
    return kind === 'cayenne' && loraPayload.safeParse({ kind, channels }).success ? channels : [];
  } catch {
    return [];
  }
}

function reading(type: Type, channel: number): object {
  const range = ranges[type];
  if (!range) return { type, channel };
  const [min, max, decimals] = range;
  const start = Number(((min + max) / 2).toFixed(decimals));
  const value = { kind: 'randomWalk', start, step: (max - min) / 10, min, max, decimals };
  return type === 'accelerometer' || type === 'gyrometer'
    ? { type, channel, x: value, y: value, z: value }
    : { type, channel, value };
}
