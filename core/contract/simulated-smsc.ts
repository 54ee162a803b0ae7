import { z } from 'zod';

/** A client of the simulated short message centre. */
export const smscClient = z.object({
  systemId: z.string().nullable().describe('Null until it has asked to bind'),
  boundAs: z
    .enum(['receiver', 'transmitter', 'transceiver'])
    .nullable()
    .describe('Null while it is not bound'),
  remoteAddress: z.string(),
  addressRange: z.string().describe('Which numbers it takes, as it said at its bind; empty: all'),
  connected: z.iso.datetime().describe('Real time'),
  submitted: z.int().describe('Messages that were taken from it'),
  delivered: z.int().describe('Messages that it took'),
  load: z.int().describe('Messages that it has to answer for, and those that wait for that'),
});

/** The simulated short message centre as it is now; counters are since the program started. */
export const smscStatus = z.object({
  clients: z.array(smscClient),
  handsets: z.int().describe('Numbers of all fleets that run'),
  waiting: z.int().describe('Messages that it keeps for whoever they are for'),
  waitingMax: z.int().describe('Messages that it has room for (setting smscMaxMessages)'),
  ended: z
    .record(z.string(), z.int())
    .describe('Messages that came to an end, by their last state, without receipts'),
  dropped: z.record(z.string(), z.int()).describe('What was not taken, by reason'),
});
export type SmscStatus = z.output<typeof smscStatus>;
