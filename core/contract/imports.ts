import { z } from 'zod';

/** The forms of a file of devices. */
export const bulkFormats = ['csv', 'json'] as const;
export type BulkFormat = (typeof bulkFormats)[number];

/** Name that the caller gives an import, to ask after it and to cancel it. */
export const importId = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, . _ or -')
  .describe('Name of the import, given by the caller');

/**
 * `running`: the file is being read. `done`: to its end, with or without lines that were refused. `canceled`: by a
 * caller. `failed`: `reason` says why reading ended early. `interrupted`: the program ended meanwhile. In all of these
 * what was created stays.
 */
export const importStates = ['running', 'done', 'canceled', 'failed', 'interrupted'] as const;

/** How far an import is, or how it ended. */
export const importReport = z.object({
  id: z.string(),
  state: z.enum(importStates),
  reason: z.string().optional(),
  dryRun: z.boolean().describe('Nothing is created; the figures say what would be'),
  format: z.enum(bulkFormats).optional().describe('Absent until the first characters of the file have come'),
  started: z.iso.datetime(),
  ended: z.iso.datetime().optional(),
  bytesRead: z.int(),
  totalBytes: z.int().optional().describe('Length of the file, where the request tells it'),
  records: z.int().describe('Devices read from the file; the sum of the three below when it has ended'),
  created: z.int(),
  skipped: z.int().describe('Devices that exist already, where these are to be skipped'),
  failed: z.int(),
  groupsCreated: z.int(),
});
export type ImportReport = z.output<typeof importReport>;

/** Why one device of the file was not created. */
export const importError = z.object({
  line: z.int().describe('Line of the file on which the device begins, from 1'),
  deviceId: z.string().optional(),
  code: z.string().describe('Error code of the compatible API'),
  message: z.string(),
  details: z.string().optional(),
});
export type ImportError = z.output<typeof importError>;
