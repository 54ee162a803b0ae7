import { parseJsonBody } from '../../contract/json-body.ts';
import { JsonNesting } from './json-nesting.ts';
import { type BulkRecord, type RecordReader, tooLongRecord, UnreadableFile } from './record-reader.ts';

/** Finds the objects of a JSON list without reading what is in them. */
export class JsonListReader implements RecordReader {
  private readonly maxRecordChars: number;
  private readonly nesting = new JsonNesting();
  private state: 'before' | 'opened' | 'within' | 'behind' | 'comma' | 'closed' = 'before';
  private line: number;
  private startLine: number;
  private record = '';

  constructor(maxRecordChars: number, line: number) {
    this.maxRecordChars = maxRecordChars;
    this.line = line;
    this.startLine = line;
  }

  *read(text: string): Iterable<BulkRecord> {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at] as string;
      if (char === '\n') this.line++;
      if (this.state !== 'within') {
        if (/\s/.test(char)) continue;
        this.state = this.next(char);
        if (this.state !== 'within') continue;
        start = at;
        this.startLine = this.line;
        this.nesting.reset();
      }
      this.nesting.take(char);
      if (this.nesting.depth > 0) continue;
      this.record += text.slice(start, at + 1);
      this.checkLength();
      const { record, startLine: line } = this;
      this.record = '';
      this.state = 'behind';
      yield { line, parse: () => parseJsonBody(record, { line }) };
    }
    if (this.state !== 'within') return;
    this.record += text.slice(start);
    this.checkLength();
  }

  end(): Iterable<BulkRecord> {
    if (this.state === 'within') {
      throw new UnreadableFile(`line ${this.startLine}: the file ends within the device that begins here`);
    }
    if (this.state === 'closed') return [];
    throw new UnreadableFile(`line ${this.line}: the file ends before the ] that closes the list`);
  }

  /** What comes with a character outside of the objects. */
  private next(char: string): JsonListReader['state'] {
    const { wanted, next } = grammar[this.state];
    const state = next[char];
    if (state) return state;
    throw new UnreadableFile(
      `line ${this.line}: expected ${wanted}, got ${JSON.stringify(char)}; the file must be a list of objects, or ` +
        'have an object on each line',
    );
  }

  private checkLength(): void {
    if (this.record.length > this.maxRecordChars) throw tooLongRecord(this.startLine, this.maxRecordChars);
  }
}

const grammar: Readonly<
  Record<JsonListReader['state'], { wanted: string; next: Readonly<Record<string, JsonListReader['state']>> }>
> = {
  before: { wanted: '[', next: { '[': 'opened' } },
  opened: { wanted: 'a device as a JSON object, or ]', next: { '{': 'within', ']': 'closed' } },
  within: { wanted: 'the end of the device', next: {} },
  behind: { wanted: 'a comma or ]', next: { ',': 'comma', ']': 'closed' } },
  comma: { wanted: 'a device as a JSON object', next: { '{': 'within' } },
  closed: { wanted: 'the end of the file', next: {} },
};
