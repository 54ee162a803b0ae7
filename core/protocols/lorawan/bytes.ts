import { LorawanError, malformed } from './errors.ts';

export const noBytes = new Uint8Array(0);

/** A number of 1 to 6 bytes, the lowest byte first as everywhere in LoRaWAN (1.0.3, 1.1). */
export function readLittle(bytes: Uint8Array, offset: number, count: number): number {
  if (bytes.length < offset + count) {
    throw malformed(`${count} bytes expected at byte ${offset} of ${bytes.length}`);
  }
  let value = 0;
  for (let index = offset + count - 1; index >= offset; index--) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

export function writeLittle(target: Uint8Array, offset: number, value: number, count: number): void {
  let rest = value;
  for (let index = offset; index < offset + count; index++) {
    target[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** EUIs are written with the highest byte first, and sent with the lowest first: 16 upper-case digits. */
export function readEui(bytes: Uint8Array, offset: number): string {
  if (bytes.length < offset + 8)
    throw malformed(`an EUI of 8 bytes expected at byte ${offset} of ${bytes.length}`);
  return Buffer.from(bytes.subarray(offset, offset + 8))
    .reverse()
    .toString('hex')
    .toUpperCase();
}

/** @throws LorawanError `lorawan.range` when `eui` is not 16 hexadecimal digits */
export function writeEui(target: Uint8Array, offset: number, eui: string): void {
  if (!/^[0-9A-Fa-f]{16}$/.test(eui)) {
    throw new LorawanError('lorawan.range', `an EUI has 16 hexadecimal digits, got ${JSON.stringify(eui)}`);
  }
  target.set(Buffer.from(eui, 'hex').reverse(), offset);
}
