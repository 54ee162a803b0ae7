/** One device, or one of what else a file may hold, as text or already taken apart. */
export interface BulkRecord {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  /** @throws PlatformError `api.invalidParameter` when the record alone is damaged */
  parse(): unknown;
}

/** Takes a file apart as it comes. Keeps no more of it than the record that is not complete yet. */
export interface RecordReader {
  /** @throws UnreadableFile */
  read(text: string): Iterable<BulkRecord>;
  /** The file has ended. @throws UnreadableFile */
  end(): Iterable<BulkRecord>;
}

/** The rest of the file cannot be read. The message names the line, what is wrong and what to do. */
export class UnreadableFile extends Error {}

export const tooLongRecord = (line: number, limit: number): UnreadableFile =>
  new UnreadableFile(
    `line ${line}: the record that begins here has more than ${limit} characters (setting importMaxRecordChars); ` +
      'look for a quotation mark or bracket that is not closed',
  );
