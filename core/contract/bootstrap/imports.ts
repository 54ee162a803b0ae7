import { z } from 'zod';

/** Why one line of a file of bootstrap entries made none. */
export const entryImportError = z.object({
  line: z.int().describe('Line of the file on which the entry begins, from 1'),
  endpointName: z.string().optional(),
  code: z.string().describe('Error code of the compatible API'),
  message: z.string(),
  details: z.string().optional(),
});
export type EntryImportError = z.output<typeof entryImportError>;

/** What an import of bootstrap entries has done. */
export const entryImportReport = z.object({
  dryRun: z.boolean().describe('Nothing was made; the figures say what would be'),
  records: z.int().describe('Entries of the file; the sum of the two below'),
  created: z.int(),
  failed: z.int(),
  errors: z
    .array(entryImportError)
    .describe('The first of them, as many as the setting importMaxErrors says'),
});
export type EntryImportReport = z.output<typeof entryImportReport>;
