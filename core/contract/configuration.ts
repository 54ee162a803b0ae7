import { z } from 'zod';
import { text } from './text.ts';

/** Types of configuration parameters (manual 8.2.3.1). */
export const configTypes = ['INT32', 'UINT32', 'BINARY', 'STRING', 'FLOAT'] as const;
export type ConfigType = (typeof configTypes)[number];

/** Their short names on the wire of MQTT devices (manual 6.5.6.1). */
export const shortConfigTypes = {
  INT32: 'i32',
  UINT32: 'u32',
  STRING: 'str',
  BINARY: 'bin',
  FLOAT: 'f64',
} as const satisfies Record<ConfigType, string>;

/** How far a device's parameter agrees with what was asked for (manual 8.2.2.2). */
export const syncStatuses = ['NONE', 'PENDING', 'SENT', 'CANCELED', 'OK', 'FAILED'] as const;
export type SyncStatus = (typeof syncStatuses)[number];

/** Bounds of the compatible API (facts 3). */
export const configLimits = { parameters: 100, keyCharacters: 128, valueCharacters: 2000 } as const;

/**
 * The value of a parameter. A `BINARY` is Base64; devices may also report a number or a boolean as one (example of
 * manual 8.2.2.2, facts 21), which is kept as it came.
 */
export interface ConfigValue {
  readonly type: ConfigType;
  readonly value: string | number | boolean;
}

const integerRanges = {
  INT32: { min: -(2 ** 31), max: 2 ** 31 - 1 },
  UINT32: { min: 0, max: 2 ** 32 - 1 },
} as const;

/** Characters of Base64, with or without its padding. */
const base64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}(?:==)?|[A-Za-z\d+/]{3}=?)?$/;

/** What is wrong with a value of this type (manual 8.2.3.1); undefined: nothing. */
export function problemOfValue(type: ConfigType, value: unknown): string | undefined {
  switch (type) {
    case 'INT32':
    case 'UINT32': {
      const { min, max } = integerRanges[type];
      const fits = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
      return fits ? undefined : `must be a whole number from ${min} to ${max}, as ${type} is`;
    }
    case 'FLOAT':
      return Number.isFinite(value) ? undefined : 'must be a number of 64 bits, as FLOAT is';
    case 'STRING':
      return problemOfText(value) ?? undefined;
    case 'BINARY':
      return (
        problemOfText(value) ?? (base64.test(value as string) ? undefined : 'must be Base64, as BINARY is')
      );
  }
}

function problemOfText(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a text';
  const result = text(configLimits.valueCharacters).safeParse(value);
  return result.success ? undefined : result.error.issues[0]?.message;
}

/** What is wrong with the key of a parameter; undefined: nothing. */
export function problemOfKey(key: string): string | undefined {
  if (key === '') return 'must not be empty';
  if (key.startsWith('$')) return 'must not start with $';
  const result = text(configLimits.keyCharacters).safeParse(key);
  return result.success ? undefined : result.error.issues[0]?.message;
}

export const configValueInput = z
  .object({
    type: z.enum(configTypes, `must be one of ${configTypes.join(', ')}`),
    value: z.union([z.string(), z.number()], 'must be a text or a number'),
  })
  .superRefine(({ type, value }, context) => {
    const problem = problemOfValue(type, value);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: problem });
  });

export const configKey = z.string().superRefine((key, context) => {
  const problem = problemOfKey(key);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const notifyTopic = /^fifo\/([A-Za-z\d\-_~]{1,255})$/;

/** The FIFO that a topic of `notifyTo` names; undefined when it names none. */
export function fifoOfTopic(topic: string): string | undefined {
  return notifyTopic.exec(topic)?.[1];
}

/** Body of the call that asks for values (manual 8.2.3.1). */
export const configurationRequest = z
  .object({
    parameters: z
      .record(z.string(), configValueInput)
      .superRefine((parameters, context) => {
        const keys = Object.keys(parameters);
        if (keys.length > configLimits.parameters) {
          const message = `has ${keys.length} parameters; a device has at most ${configLimits.parameters}`;
          context.addIssue({ code: 'custom', message });
        }
        for (const key of keys) {
          const problem = problemOfKey(key);
          if (problem !== undefined) {
            context.addIssue({ code: 'custom', path: [key], message: `the key ${problem}` });
          }
        }
      })
      .optional()
      .describe('The values asked for, by key; parameters that are not named stay as they are'),
    notifyTo: z
      .string()
      .refine(
        (topic) => topic === '' || fifoOfTopic(topic) !== undefined,
        'must be fifo/ and the name of a FIFO',
      )
      .nullish()
      .describe('Topic of the FIFO that is told of changes; empty or null: none any more'),
  })
  .refine(({ parameters, notifyTo }) => parameters !== undefined || notifyTo !== undefined, {
    path: ['parameters'],
    message: 'must be given: {"key": {"type": "INT32", "value": 1}, …}',
  });
export type ConfigurationRequest = z.output<typeof configurationRequest>;

const stampedValue = z.object({
  type: z.enum(configTypes),
  value: z.union([z.string(), z.number(), z.boolean()]),
  timestamp: z.iso.datetime(),
});

/** A parameter as the API shows it (manual 8.2.2.2). */
export const parameterJson = z.object({
  reported: stampedValue.optional().describe('What the device said last'),
  requested: stampedValue.optional().describe('What was asked for last'),
  syncStatus: z.enum(syncStatuses),
});
export type ParameterJson = z.infer<typeof parameterJson>;

export const parametersJson = z.record(z.string(), parameterJson);
export type ParametersJson = z.infer<typeof parametersJson>;

/** The configuration of a device (manual 8.2.4.2). */
export const configurationJson = z.object({
  parameters: parametersJson,
  notifyTo: z.string().optional(),
});
export type ConfigurationJson = z.infer<typeof configurationJson>;
