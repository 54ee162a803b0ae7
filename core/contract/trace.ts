import { z } from 'zod';

/** Stages of a message's way, in the usual order. */
export const traceStages = [
  'wire',
  'validate',
  'enrich',
  'route',
  'store',
  'acknowledge',
  'fifo',
  'deliver',
] as const;

export const traceStep = z.object({
  stage: z.enum(traceStages),
  time: z.iso.datetime().describe('When the stage ended, on the platform clock'),
  afterMs: z.number().describe('Milliseconds since the message was received'),
  outcome: z.enum(['ok', 'rejected', 'dropped', 'failed']),
  reason: z.string().describe('What happened and why, in words'),
});

export const traceView = z.object({
  traceId: z.string(),
  messageId: z.string().nullable().describe('null when the message was refused before it got an id'),
  streamId: z.string().nullable(),
  connector: z.string(),
  sender: z.string(),
  deviceId: z.string().nullable().describe('null when no device sent it, or none is known'),
  simulated: z.boolean().describe('Whether that device is a simulated one'),
  target: z.string().describe('Topic or path'),
  coapLogId: z.string().optional().describe('Its CoAP message, in the CoAP log of the device'),
  loraFrameId: z.string().optional().describe('Its frame, in the log of LoRa frames of the device'),
  received: z.iso.datetime(),
  outcome: z.enum(['ok', 'rejected']),
  payload: z.object({
    bytes: z.number().int(),
    truncated: z.boolean().describe('true when only the beginning is kept'),
    hex: z.string(),
    text: z.string(),
  }),
  steps: z.array(traceStep),
});

/** A publication that was refused, in short. */
export const refusal = z.object({
  traceId: z.string(),
  time: z.iso.datetime(),
  connector: z.string(),
  sender: z.string(),
  deviceId: z.string().optional().describe('Absent when no device is known to have sent it'),
  simulated: z.boolean().describe('Whether that device is a simulated one'),
  target: z.string().describe('Topic or path'),
  reason: z.string(),
});

export type Refusal = z.infer<typeof refusal>;
export type TraceStep = z.infer<typeof traceStep>;
export type TraceView = z.infer<typeof traceView>;
