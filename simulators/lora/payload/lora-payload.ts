import type { LoraPayload } from '../../../core/contract/simulated-lora.ts';
import type { Turn, Value } from '../../generators/turn.ts';
import { valueMaker } from '../../generators/value-maker.ts';
import type { Place } from '../radio/link-loss.ts';
import { CayennePayload } from './cayenne-lpp.ts';
import { hexTemplate } from './hex-template.ts';

/** Makes the payloads of a fleet. It holds nothing of a device: one serves them all. */
export interface LoraPayloadMaker {
  /** How many numbers each device keeps for it from one message to the next. */
  readonly memorySlots: number;
  make(turn: Turn, place: Place): Uint8Array;
}

/** @throws PlatformError `api.invalidParameter` that says what is wrong and where */
export function loraPayloadMaker(payload: LoraPayload): LoraPayloadMaker {
  return payload.kind === 'hex' ? hexMaker(payload) : cayenneMaker(payload);
}

function hexMaker({ text, fields }: Extract<LoraPayload, { kind: 'hex' }>): LoraPayloadMaker {
  const makers = Object.entries(fields).map(
    ([name, generator], slot) => [name, valueMaker(generator, slot)] as const,
  );
  const fill = hexTemplate(text, ['n', ...Object.keys(fields)]);
  return {
    memorySlots: makers.length,
    make: (turn) => {
      const values = new Map(makers.map(([name, make]) => [name, numberOf(make(turn))]));
      return fill((name) => values.get(name) ?? turn.n);
    },
  };
}

function cayenneMaker({ channels }: Extract<LoraPayload, { kind: 'cayenne' }>): LoraPayloadMaker {
  let slots = 0;
  const readings = channels.map((each) => {
    const { channel, type } = each;
    if (each.type === 'gps') return { channel, type, makers: undefined };
    const generators = 'value' in each ? [each.value] : [each.x, each.y, each.z];
    return { channel, type, makers: generators.map((generator) => valueMaker(generator, slots++)) };
  });
  return {
    memorySlots: slots,
    make: (turn, { lat, lon }) => {
      const payload = new CayennePayload();
      for (const { channel, type, makers } of readings)
        payload.add(channel, type, ...(makers?.map((make) => numberOf(make(turn))) ?? [lat, lon, 0]));
      return payload.build();
    },
  };
}

/** Truth is 1, as on the wire; a text that is no number is 0. */
function numberOf(value: Value): number {
  const number = Number(value);
  return Number.isFinite(number) ? number : 0;
}
