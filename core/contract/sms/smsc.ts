import { z } from 'zod';

/** Where the platform stands with its short message centre. */
export const smscStates = ['OFF', 'CONNECTING', 'BOUND', 'WAITING'] as const;
export type SmscState = (typeof smscStates)[number];

export const smscView = z.object({
  state: z
    .enum(smscStates)
    .describe(
      'OFF: there is no centre to connect to; CONNECTING: connecting or binding; BOUND: messages go both ways; WAITING: the last attempt failed, and the next one comes',
    ),
  since: z.iso.datetime(),
  reason: z.string().optional().describe('Why it is OFF or WAITING, and what to do'),
  host: z.string().optional(),
  port: z.int().optional(),
  systemId: z.string().describe('Name by which the platform binds; its password is never shown'),
  tls: z.boolean(),
  serverPhoneNumbers: z.array(z.string()),
  defaultAlphabet: z
    .enum(['GSM7', 'GSM7_PACKED', 'LATIN1', 'ASCII'])
    .describe('What texts go in that have no other characters; others go in UCS-2'),
  longMessages: z
    .enum(['UDH8', 'UDH16', 'SAR', 'PAYLOAD'])
    .describe('How messages go that are too long for one'),
  maxParts: z.int().describe('Short messages that a command may take'),
  queued: z.int().describe('Messages to devices that wait for the centre to take them'),
  unanswered: z.int().describe('Messages that the centre has and did not answer yet'),
  awaitedReceipts: z.int().describe('Messages whose delivery receipts are waited for'),
});
export type SmscView = z.output<typeof smscView>;
