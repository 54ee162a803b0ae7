import { parseJsonBody } from '../../contract/json-body.ts';
import { JsonNesting } from './json-nesting.ts';
import { type BulkRecord, type RecordReader, tooLongRecord } from './record-reader.ts';

/**
 * JSON Lines: an object on each line. One may go on over several lines while its brackets are open; a line that
 * begins with { is the next one all the same, so that a line that is cut off does not take the others with it.
 */
export class JsonLinesReader implements RecordReader {
  private readonly maxRecordChars: number;
  private readonly nesting = new JsonNesting();
  private line: number;
  private startLine: number;
  private record = '';
  private atLineStart = true;

  constructor(maxRecordChars: number, line: number) {
    this.maxRecordChars = maxRecordChars;
    this.line = line;
    this.startLine = line;
  }

  *read(text: string): Iterable<BulkRecord> {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at] as string;
      const goesOn = this.atLineStart && char !== '{';
      if (this.atLineStart && !(goesOn && this.isOpen)) {
        this.record += text.slice(start, at);
        start = at;
        yield* this.take();
      }
      this.atLineStart = char === '\n';
      if (char === '\n') this.line++;
      // A string cannot hold the end of a line: what follows is another record.
      if (char !== '\n' || !this.nesting.inString) this.nesting.take(char);
    }
    this.record += text.slice(start);
    this.checkLength();
  }

  *end(): Iterable<BulkRecord> {
    yield* this.take();
  }

  private get isOpen(): boolean {
    return this.nesting.depth > 0 && !this.nesting.inString;
  }

  private *take(): Iterable<BulkRecord> {
    this.checkLength();
    const { record, startLine: line } = this;
    this.record = '';
    this.startLine = this.line;
    this.nesting.reset();
    if (record.trim() !== '') yield { line, parse: () => parseJsonBody(record, { line }) };
  }

  private checkLength(): void {
    if (this.record.length > this.maxRecordChars) throw tooLongRecord(this.startLine, this.maxRecordChars);
  }
}
