import { JsonLinesReader } from './json-lines-reader.ts';
import { JsonListReader } from './json-list-reader.ts';
import { type BulkRecord, type RecordReader, UnreadableFile } from './record-reader.ts';

/** Devices of a file that is a JSON list, or has an object on each line: its first character decides. */
export class JsonReader implements RecordReader {
  private readonly maxRecordChars: number;
  private line = 1;
  private form: RecordReader | undefined;

  constructor(maxRecordChars: number) {
    this.maxRecordChars = maxRecordChars;
  }

  read(text: string): Iterable<BulkRecord> {
    if (this.form) return this.form.read(text);
    const at = text.search(/\S/);
    this.line += (at < 0 ? text : text.slice(0, at)).split('\n').length - 1;
    if (at < 0) return [];
    this.form = this.open(text[at] as string);
    return this.form.read(text.slice(at));
  }

  end(): Iterable<BulkRecord> {
    return this.form?.end() ?? [];
  }

  private open(first: string): RecordReader {
    if (first === '[') return new JsonListReader(this.maxRecordChars, this.line);
    if (first === '{') return new JsonLinesReader(this.maxRecordChars, this.line);
    throw new UnreadableFile(
      `line ${this.line}: expected a device as a JSON object, got ${JSON.stringify(first)}; the file must be a list ` +
        'of objects, or have an object on each line',
    );
  }
}
