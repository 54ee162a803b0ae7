import type { FieldReader } from './fields.ts';

/** How a frame is modulated. */
export type Modulation =
  | {
      readonly kind: 'LORA';
      readonly spreadingFactor: number;
      readonly bandwidthKhz: number;
      /** `4/5` to `4/8`; undefined where the gateway says `OFF` or nothing. */
      readonly codingRate: string | undefined;
    }
  | { readonly kind: 'FSK'; readonly bitsPerSecond: number };

const datr = /^SF(5|6|7|8|9|10|11|12)BW(\d{1,3})$/;

/** Reads `modu`, `datr` and `codr` (protocol v2, 4 and 6). @throws SemtechUdpError */
export function readModulation(fields: FieldReader): Modulation {
  const kind = fields.text('modu', /^(LORA|FSK)$/, '"LORA" or "FSK"');
  if (kind === 'FSK') return { kind, bitsPerSecond: fields.integer('datr', 1, 1_000_000) };
  const parts = datr.exec(
    fields.text('datr', datr, 'a LoRa data rate, such as "SF9BW125"'),
  ) as RegExpExecArray;
  const codingRate = fields.optional('codr', (name) =>
    fields.text(name, /^(4\/[5-8]|OFF)$/, '"4/5", "4/6", "4/7", "4/8" or "OFF"'),
  );
  return {
    kind: 'LORA',
    spreadingFactor: Number(parts[1]),
    bandwidthKhz: Number(parts[2]),
    codingRate: codingRate === 'OFF' ? undefined : codingRate,
  };
}

export function writeModulation(modulation: Modulation): Record<string, unknown> {
  if (modulation.kind === 'FSK') return { modu: 'FSK', datr: modulation.bitsPerSecond };
  const { spreadingFactor, bandwidthKhz, codingRate } = modulation;
  return {
    modu: 'LORA',
    datr: `SF${spreadingFactor}BW${bandwidthKhz}`,
    ...(codingRate && { codr: codingRate }),
  };
}

/** `freq` is in MHz with the precision of a Hz. */
export const readFrequency = (fields: FieldReader): number =>
  Math.round(fields.number('freq', 1, 3000) * 1_000_000);
