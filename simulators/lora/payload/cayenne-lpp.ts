/** Readings of Cayenne LPP by name: their type on the wire, and how each number of them is written. */
interface Form {
  readonly type: number;
  /** Of each number, in their order: bytes, what one unit of the wire is worth, and whether it may be negative. */
  readonly numbers: readonly { readonly bytes: number; readonly unit: number; readonly signed: boolean }[];
}

const number = (bytes: number, unit: number, signed = false) => ({ bytes, unit, signed });
const threeOf = (unit: number) => [number(2, unit, true), number(2, unit, true), number(2, unit, true)];

/** Cayenne Low Power Payload, data types (IPSO object number less 3200). Most significant byte first. */
export const cayenneForms = {
  digitalInput: { type: 0, numbers: [number(1, 1)] },
  digitalOutput: { type: 1, numbers: [number(1, 1)] },
  analogInput: { type: 2, numbers: [number(2, 0.01, true)] },
  analogOutput: { type: 3, numbers: [number(2, 0.01, true)] },
  /** Lux. */
  illuminance: { type: 101, numbers: [number(2, 1)] },
  presence: { type: 102, numbers: [number(1, 1)] },
  /** Degrees Celsius. */
  temperature: { type: 103, numbers: [number(2, 0.1, true)] },
  /** Percent. */
  humidity: { type: 104, numbers: [number(1, 0.5)] },
  /** G: x, y, z. */
  accelerometer: { type: 113, numbers: threeOf(0.001) },
  /** Hectopascals. */
  barometer: { type: 115, numbers: [number(2, 0.1)] },
  /** Degrees a second: x, y, z. */
  gyrometer: { type: 134, numbers: threeOf(0.01) },
  /** Latitude and longitude in degrees, altitude in metres. */
  gps: { type: 136, numbers: [number(3, 0.0001, true), number(3, 0.0001, true), number(3, 0.01, true)] },
} as const satisfies Record<string, Form>;

export type CayenneType = keyof typeof cayenneForms;

/**
 * Puts a Cayenne LPP payload together, a reading at a time. What is out of the range of a type becomes the nearest value that
 * it has, as sensors do.
 */
export class CayennePayload {
  private readonly bytes: number[] = [];

  /** @param values in the order of {@link cayenneForms}; one that is no number counts as 0 */
  add(channel: number, type: CayenneType, ...values: readonly number[]): this {
    const { type: wireType, numbers } = cayenneForms[type] as Form;
    this.bytes.push(channel, wireType);
    for (const [index, form] of numbers.entries()) this.bytes.push(...written(values[index] ?? 0, form));
    return this;
  }

  build(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** Bytes of one reading, with channel and type. */
export const cayenneBytes = (type: CayenneType): number =>
  2 + (cayenneForms[type] as Form).numbers.reduce((sum, { bytes }) => sum + bytes, 0);

function written(value: number, { bytes, unit, signed }: Form['numbers'][number]): number[] {
  return wholeNumber(Math.round((Number.isFinite(value) ? value : 0) / unit), bytes, signed);
}

/** A whole number in so many bytes, most significant first; the nearest one that fits. */
export function wholeNumber(value: number, bytes: number, signed: boolean): number[] {
  const size = 256 ** bytes;
  const [least, most] = signed ? [-size / 2, size / 2 - 1] : [0, size - 1];
  const bounded = Math.min(most, Math.max(least, value));
  let rest = bounded < 0 ? bounded + size : bounded;
  const result: number[] = [];
  for (let index = 0; index < bytes; index++) {
    result.unshift(rest % 256);
    rest = Math.floor(rest / 256);
  }
  return result;
}
