import type { SimulatedPayload } from '../../core/contract/simulators.ts';
import { csvReplay } from './csv-replay.ts';
import { journeyAlong } from './gps-path.ts';
import { textTemplate } from './text-template.ts';
import type { Turn } from './turn.ts';
import { valueMaker } from './value-maker.ts';

/** Makes the payloads of a fleet. It holds nothing of a device: one serves them all. */
export interface PayloadMaker {
  /** How many numbers each device keeps for it from one message to the next. */
  readonly memorySlots: number;
  make(turn: Turn): string;
}

/** @throws PlatformError `api.invalidParameter` that says what is wrong and where */
export function payloadMaker(payload: SimulatedPayload): PayloadMaker {
  switch (payload.kind) {
    case 'fields':
      return fieldsMaker(payload);
    case 'csv': {
      const row = csvReplay(payload.text);
      const { model } = payload;
      return { memorySlots: 0, make: ({ n }) => JSON.stringify({ model, value: row(n) }) };
    }
    case 'template':
      return { memorySlots: 0, make: textTemplate(payload.text) };
  }
}

function fieldsMaker({
  model,
  fields,
  location,
}: Extract<SimulatedPayload, { kind: 'fields' }>): PayloadMaker {
  const makers = Object.entries(fields).map(
    ([name, generator], slot) => [name, valueMaker(generator, slot)] as const,
  );
  const journey = location && journeyAlong(location);
  return {
    memorySlots: makers.length,
    make: (turn) =>
      JSON.stringify({
        model,
        value: Object.fromEntries(makers.map(([name, make]) => [name, make(turn)])),
        location: journey?.(turn.elapsedS),
      }),
  };
}
