import { parseJsonBody } from '../../contract/json-body.ts';
import { type BulkRecord, type RecordReader, tooLongRecord, UnreadableFile } from './record-reader.ts';

/**
 * Finds the objects of a JSON list, or of a file with an object on each line (JSON Lines), without reading what
 * is in them: it counts brackets and minds strings.
 */
export class JsonReader implements RecordReader {
  private readonly maxRecordChars: number;
  /** `before`: nothing came yet; `between`: at the top; `after`: the list has been closed. */
  private state: 'before' | 'between' | 'within' | 'after' = 'before';
  private isList = false;
  private line = 1;
  private startLine = 1;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private record = '';

  constructor(maxRecordChars: number) {
    this.maxRecordChars = maxRecordChars;
  }

  *read(text: string): Iterable<BulkRecord> {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at] as string;
      if (char === '\n') this.line++;
      if (this.state === 'within') {
        if (!this.closes(char)) continue;
        this.record += text.slice(start, at + 1);
        this.checkLength();
        yield recordOf(this.startLine, this.record);
        this.record = '';
        this.state = 'between';
      } else if (this.opens(char)) {
        start = at;
      }
    }
    if (this.state !== 'within') return;
    this.record += text.slice(start);
    this.checkLength();
  }

  end(): Iterable<BulkRecord> {
    if (this.state === 'within') {
      throw new UnreadableFile(`line ${this.startLine}: the file ends within the device that begins here`);
    }
    if (this.isList && this.state !== 'after') {
      throw new UnreadableFile(`line ${this.line}: the file ends before the ] that closes the list`);
    }
    return [];
  }

  /** Outside of the objects; true when one begins. */
  private opens(char: string): boolean {
    if (/\s/.test(char)) return false;
    if (char === '{' && this.state !== 'after') {
      this.state = 'within';
      this.depth = 1;
      this.startLine = this.line;
      return true;
    }
    if (char === '[' && this.state === 'before') this.isList = true;
    else if (char === ']' && this.isList && this.state !== 'after') {
      this.state = 'after';
      return false;
    } else if (char !== ',' || this.state !== 'between') {
      throw new UnreadableFile(
        `line ${this.line}: expected a device as a JSON object, got ${JSON.stringify(char)}; the file must be a list ` +
          'of objects, or have an object on each line',
      );
    }
    this.state = 'between';
    return false;
  }

  /** Within an object; true when it ends. */
  private closes(char: string): boolean {
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (char === '\\') this.escaped = true;
      else if (char === '"') this.inString = false;
      return false;
    }
    if (char === '"') this.inString = true;
    else if (char === '{' || char === '[') this.depth++;
    else if (char === '}' || char === ']') this.depth--;
    return this.depth === 0;
  }

  private checkLength(): void {
    if (this.record.length > this.maxRecordChars) throw tooLongRecord(this.startLine, this.maxRecordChars);
  }
}

const recordOf = (line: number, text: string): BulkRecord => ({ line, parse: () => parseJsonBody(text) });
