import { z } from 'zod';

/** A value in a payload, with the names that the models have for it. */
const coapLogValue = z.object({
  path: z.string(),
  name: z
    .string()
    .optional()
    .describe('Object and resource, as in Device / Manufacturer; absent without a model'),
  type: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  units: z.string().optional(),
  timestamp: z.iso.datetime().optional().describe('Absent when the payload says none'),
});
export type CoapLogValue = z.output<typeof coapLogValue>;

const coapLogPath = z.object({ path: z.string(), name: z.string().optional() });

const coapLogPayload = z.object({
  bytes: z.int(),
  format: z
    .string()
    .optional()
    .describe('The content format by its name; absent for one that is not known here'),
  text: z.string().optional(),
  values: z.array(coapLogValue).optional(),
  paths: z.array(coapLogPath).optional().describe('What is registered, discovered or asked for'),
  error: z.string().optional().describe('Why it was not decoded'),
});
export type CoapLogPayload = z.output<typeof coapLogPayload>;

const coapLogMessage = z.object({
  type: z.enum(['CON', 'NON', 'ACK', 'RST']),
  code: z.string().describe('A method, as POST; a response, as 2.05 Content; or 0.00 Empty'),
  messageId: z.int(),
  token: z.string().describe('Hexadecimal'),
  request: z.string().optional().describe('The request that it is, or answers: GET /3/0'),
  options: z.array(z.object({ number: z.int(), name: z.string(), value: z.string() })),
  payload: coapLogPayload.optional(),
});
export type CoapLogMessage = z.output<typeof coapLogMessage>;

const coapLogSession = z.object({
  id: z.string(),
  suite: z.string(),
  resumed: z.boolean(),
  connectionId: z.boolean().describe('Whether the client may change its address'),
  extendedMasterSecret: z.boolean(),
  serverName: z.string().optional(),
});

/** A CoAP message or DTLS event of an LwM2M interface. */
export const coapLogEntry = z.object({
  id: z.string().describe('Rises with time, until the program ends'),
  time: z.iso.datetime(),
  server: z
    .enum(['lwm2m', 'bootstrap', 'content'])
    .describe('content: the port without DTLS, which serves contents of updates'),
  protocol: z.enum(['coap', 'dtls']),
  direction: z.enum(['in', 'out']).optional().describe('Absent for what happened to the session itself'),
  peer: z.string(),
  summary: z.string(),
  note: z.enum(['duplicate', 'retransmission']).optional(),
  nodeId: z.string().optional().describe('Endpoint name; absent while nobody knows whose message it is'),
  pskIdentity: z.string().optional(),
  bytes: z.int(),
  raw: z.string().describe('Hexadecimal; the datagram below DTLS, or the body of a handshake message'),
  masked: z.literal(true).optional().describe('Keys in it are shown as zeros'),
  coap: coapLogMessage.optional(),
  facts: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .optional()
    .describe('What a DTLS event says'),
  session: coapLogSession.optional(),
  error: z
    .string()
    .optional()
    .describe('What went wrong: bytes that are no message, a handshake that failed'),
  traceId: z.string().optional().describe('The trace of the data message, or refusal, that came of it'),
});
export type CoapLogEntry = z.output<typeof coapLogEntry>;

/** Newest first. */
export const coapLogPage = z.object({
  entries: z.array(coapLogEntry),
  limits: z
    .object({ coapLogMaxMessages: z.int(), coapLogMaxBytes: z.int() })
    .describe('Settings: what is kept'),
});
export type CoapLogPage = z.output<typeof coapLogPage>;
