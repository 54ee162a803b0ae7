import { z } from 'zod';
import { flag } from '../flag.ts';
import { text } from '../text.ts';

/** Security modes of the Security object, by their number (manual 7.7.1.1). */
export const securityModes = { PSK: 0, RPK: 1, CERTIFICATE: 2, NO_SEC: 3, CERTIFICATE_WITH_EST: 4 } as const;

const wholeNumber = (least: number, most: number) => {
  const allowed = `must be a whole number from ${least} to ${most}`;
  return z.int(allowed).min(least, allowed).max(most, allowed);
};

/** 65535 names no instance (LwM2M Core 1.1.1, 7.2). */
export const lastInstanceId = 65_534;
/** Ids 0 and 65535 are reserved (LwM2M Core 1.1.1, E.1). */
const shortServerId = wholeNumber(1, 65_534).describe('The same in both objects');
const seconds = wholeNumber(0, 2_147_483_647);
const unsigned = wholeNumber(0, 4_294_967_295);

const settings = z.strictObject({
  objectInstanceId: wholeNumber(0, lastInstanceId)
    .optional()
    .describe('Instance to write; when absent the lowest that nothing else has'),
});

const cipherSuite = wholeNumber(0, 0xff_ff);

/** Texts of the binding that have a queue mode, which LwM2M 1.1 no longer has (7.7.1.1). */
const queueBindings = ['UQ', 'SQ', 'UQS'];
const transports = ['U', 'T', 'S', 'N'] as const;

const isBinding = (given: string): boolean =>
  queueBindings.includes(given) || (/^[UTSN]{1,4}$/.test(given) && new Set(given).size === given.length);

/** The Security object (id 0) of a run server (7.7.1.1). */
export const securityDefinition = z.strictObject({
  settings: settings.optional(),
  lwm2mServerUri: text(255)
    .regex(
      /^(?:coaps?(?:[+](?:tcp|sms|ws))?):[/][/][^\s/?#]+(?:[/?][^\s#]*)?$/,
      'must be as coaps://host:port',
    )
    .optional()
    .describe('Needed where useLiveObjects is false, and allowed only there'),
  securityMode: wholeNumber(0, 4)
    .optional()
    .describe(
      `${Object.entries(securityModes)
        .map(([name, number]) => `${number}: ${name}`)
        .join(', ')}. Needed where useLiveObjects is false, and allowed only there`,
    ),
  serverPublicKey: z
    .base64('must be Base64')
    .max(8192, 'must have at most 8192 characters')
    .optional()
    .describe('Base64. Allowed only where useLiveObjects is false'),
  smsSecurityMode: wholeNumber(0, 255).optional(),
  lwm2mServerSmsNumber: text(32).optional(),
  shortServerId,
  clientHoldOffTime: seconds.optional(),
  bootstrapServerAccountTimeout: seconds.optional(),
  matchingType: wholeNumber(0, 3).optional(),
  sni: text(255).min(1, 'must not be empty').optional(),
  certificateUsage: wholeNumber(0, 3).optional().describe('Allowed only where useLiveObjects is false'),
  dtlsTlsCiphersuite: z
    .union([cipherSuite, z.array(cipherSuite).min(1, 'must not be empty').max(32, 'must hold at most 32')])
    .optional()
    .describe('IANA number, as 49320 for TLS_PSK_WITH_AES_128_CCM_8; or a list of them'),
});
export type SecurityDefinition = z.output<typeof securityDefinition>;

/** The Server object (id 1) of a run server (7.7.1.1). */
export const serverDefinition = z.strictObject({
  settings: settings.optional(),
  shortServerId,
  lifetime: seconds.min(1, 'must be at least 1').optional().describe('Seconds; 300 is written when absent'),
  defaultMinimumPeriod: seconds.optional(),
  defaultMaximumPeriod: seconds.optional(),
  disableTimeout: seconds.optional(),
  notificationStoringWhenDisabledOrOffline: flag.optional().describe('true is written when absent'),
  binding: z
    .string()
    .refine(
      isBinding,
      `must be of ${transports.join(', ')}, each once, or one of ${queueBindings.join(', ')}`,
    )
    .optional()
    .describe('U is written when absent'),
  apnLink: wholeNumber(0, lastInstanceId).optional().describe('Instance of object 11'),
  registrationPriorityOrder: unsigned.optional(),
  initialRegistrationDelayTimer: unsigned.optional(),
  registrationFailureBlock: flag.optional(),
  bootstrapOnRegistrationFailure: flag.optional(),
  communicationRetryCount: unsigned.optional(),
  communicationRetryTimer: unsigned.optional(),
  communicationSequenceDelayTimer: unsigned.optional(),
  communicationSequenceRetryCount: unsigned.optional(),
  trigger: flag.optional(),
  preferredTransport: z.enum(transports).optional(),
  muteSend: flag.optional(),
});
export type ServerDefinition = z.output<typeof serverDefinition>;
