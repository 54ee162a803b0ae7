import { z } from 'zod';

/** The newest message of a device, by its timestamp. */
export const latestMessage = z.object({
  deviceId: z.string(),
  id: z.string(),
  timestamp: z.iso.datetime(),
  value: z.record(z.string(), z.unknown()).optional(),
});

export type LatestMessage = z.infer<typeof latestMessage>;

const messagePlace = z.object({ id: z.string(), created: z.iso.datetime() });

/** Messages that were sought, newest first, and how far back the search has led. */
export const messagePage = z.object({
  messages: z.array(z.record(z.string(), z.unknown())),
  newestId: z
    .string()
    .nullable()
    .describe('The newest message when the search began, whether it fits or not; null without any'),
  lookedBackTo: messagePlace
    .nullable()
    .describe('The oldest message that was looked at; its id as bookmarkId goes on from there'),
  more: z.boolean().describe('Whether older messages are stored that were not looked at'),
});

export type MessagePage = z.infer<typeof messagePage>;
