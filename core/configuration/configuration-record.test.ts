import { expect, it } from 'vitest';
import { afterReport, afterRequest, afterSend, newConfiguration, underWay } from './configuration-record.ts';

const wanted = { type: 'INT32', value: 60 } as const;
const other = { type: 'INT32', value: 1 } as const;
const delivery = (correlation: number) => ({
  ...{ correlation, giveUpMs: 1000 },
  ...({ connector: 'mqtt', nodeId: 'n' } as const),
});

it('counts attempts from the last answer of the device on', () => {
  let { record } = afterRequest(newConfiguration(1), { period: wanted }, 0);
  for (let round = 1; round <= 4; round++) {
    record = afterSend(record, delivery(round)).record;
    expect(underWay(record).map((each) => each.delivery.attempts)).toEqual([1]);
    record = afterReport(record, new Map([['period', wanted]]), round, 0).record;
    // By itself, so that it is asked for again.
    record = afterReport(record, new Map([['period', other]]), undefined, 0).record;
    expect(record.parameters.get('period')?.status).toBe('PENDING');
  }
});
