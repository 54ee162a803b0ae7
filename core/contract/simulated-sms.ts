import { z } from 'zod';

/** A subscriber's number as interfaces of SMS have it (manual 5.5.2.1). */
const msisdn = z
  .string()
  .regex(/^[1-9]\d{5,14}$/, 'must be 6 to 15 digits that begin with a country code, as in 33600000001');
/** Where a handset can write to: another one, or an application behind a short code. */
const number = z.string().regex(/^\+?\d{3,15}$/, 'must be 3 to 15 digits, with or without + before them');
const longestMs = 2_592_000_000;
const wait = z.int().min(0).max(longestMs).default(0);
const share = z.number().min(0).max(1);

/** Text goes in the GSM alphabet when that has all its letters, else as UCS-2; hexadecimal digits go as 8-bit data. */
const form = z.enum(['text', 'binary']).default('text');

/** Characters that one message may have, as one types it; hexadecimal digits when it is binary. */
export const longestSmsText = 2000;
const text = z.string().min(1).max(longestSmsText);

const answerTiming = {
  delayMs: wait.describe('From the message to the answer, on the platform’s clock'),
  spreadMs: wait.describe('Up to so much later, by chance'),
  share: share.default(1).describe('Part of the messages that it answers, by chance; others go to the next'),
};

/** How a handset answers by itself: of its answers, the first that takes a message. */
export const smsAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('echo').describe('What came, back'),
    prefix: z.string().max(160).default('').describe('Written before it'),
    ...answerTiming,
  }),
  z.object({
    kind: z.literal('keyword').describe('A message that begins with the keyword, whatever its case'),
    keyword: z.string().trim().min(1).max(160),
    text: text.describe('With {{n}}, {{device}}, {{time}}, {{random min max}}'),
    ...answerTiming,
  }),
  z.object({
    kind: z.literal('text').describe('Any message'),
    text: text.describe('With {{n}}, {{device}}, {{time}}, {{random min max}}'),
    ...answerTiming,
  }),
]);
export type SmsAnswer = z.infer<typeof smsAnswer>;

const answers = z.array(smsAnswer).max(50);

/** What only fleets of handsets have. */
export const smsFields = {
  firstMsisdn: msisdn
    .default('33600000001')
    .describe('Number of the first handset; each further one has the next'),
  serverNumber: number
    .default('20259')
    .describe('Where they write to; the server number of their interfaces'),
  form: form.describe('Of what a handset writes by itself'),
  answers: answers.default([]).describe('What they answer by themselves; none: nothing'),
  radio: z
    .object({
      delayMs: wait.default(300).describe('How long a message is under way between network and handset'),
      spreadMs: wait.default(300).describe('Up to how much longer, by chance'),
      loss: share
        .default(0)
        .describe(
          'Part of the messages that do not get through; the network tries again, a handset does not',
        ),
    })
    .prefault({}),
  roaming: z
    .object({
      share: share.default(0).describe('Part of the handsets that are abroad at first'),
      delayMs: wait.default(3000).describe('How much longer a message is under way then'),
      barred: z.boolean().default(false).describe('Abroad they are let into no network'),
    })
    .prefault({}),
  offShare: share.default(0).describe('Part of the handsets that are switched off at first'),
  inbox: z
    .object({
      size: z.int().min(1).max(1000).default(20).describe('Messages that a handset has room for'),
      whenFull: z
        .enum(['deleteOldest', 'refuse'])
        .default('deleteOldest')
        .describe('refuse: takes nothing more until it is emptied; the network keeps what it has for it'),
    })
    .prefault({}),
};
export type SmsRadioSettings = z.output<(typeof smsFields)['radio']>;

/** A handset writes a message. */
export const smsSend = z.object({
  to: number.optional().describe('The server number of its fleet when absent'),
  text: text.describe('Hexadecimal digits when the form is binary'),
  form,
});
export type SmsSend = z.infer<typeof smsSend>;

/** What a person does with a handset. */
export const smsAction = z.discriminatedUnion('action', [
  z.object({ action: z.literal('switchOff').describe('The network keeps what comes for it') }),
  z.object({ action: z.literal('switchOn').describe('It gets what the network has kept') }),
  z.object({ action: z.literal('roam').describe('It goes abroad') }),
  z.object({ action: z.literal('comeHome') }),
  z.object({ action: z.literal('fillInbox').describe('There is no room for further messages') }),
  z.object({ action: z.literal('emptyInbox').describe('Deletes its messages') }),
  z.object({ action: z.literal('setAnswers').describe('It answers in another way from now on'), answers }),
]);
export type SmsAction = z.infer<typeof smsAction>;

export const isSmsAction = (given: { readonly action: string }): given is SmsAction =>
  smsAction.options.some(({ shape }) => shape.action.value === given.action);

/** A message as a handset shows it. */
export const smsMessage = z.object({
  id: z.int().describe('Of this handset'),
  direction: z.enum(['sent', 'received']),
  peer: z.string().describe('To whom, or from whom'),
  text: z.string().describe('Hexadecimal digits when it is binary'),
  hex: z.string().describe('User data as they were under way, with their header'),
  encoding: z.enum(['GSM 7-bit', 'UCS-2', '8-bit', 'Latin 1', 'ASCII']),
  segments: z.int().describe('Short messages that it took'),
  time: z.iso.datetime(),
  state: z
    .enum(['sending', 'sent', 'delivered', 'failed', 'received'])
    .describe('sent: the network has it; delivered: who it was for has it'),
  reason: z.string().optional().describe('Why it failed'),
  automatic: z.boolean().describe('Nobody typed it'),
});
export type SmsMessage = z.infer<typeof smsMessage>;

/** A handset as it is now. */
export const smsDetails = z.object({
  msisdn: z.string(),
  serverNumber: z.string(),
  power: z.enum(['on', 'off']),
  network: z.enum(['home', 'roaming', 'barred']),
  inbox: z.object({ used: z.int(), size: z.int(), whenFull: z.enum(['deleteOldest', 'refuse']) }),
  answers,
  messages: z.array(smsMessage).describe('Oldest first'),
});
export type SmsDetails = z.infer<typeof smsDetails>;
