import type { DeliveredContent } from '../connectors/connector.ts';
import type { Content, ContentFiles } from './content-files.ts';

/** How much is read at a time: blocks of CoAP are small. */
const windowBytes = 64 * 1024;

/** A content that is read in many small parts, about in order. */
export class ContentWindow implements DeliveredContent {
  readonly length: number;
  private readonly files: ContentFiles;
  private readonly file: string;
  private start = 0;
  private bytes = Buffer.alloc(0);

  constructor(files: ContentFiles, { file, size }: Content) {
    this.files = files;
    this.file = file;
    this.length = size;
  }

  /** @throws PlatformError `resources.contentMissing`, as a rejection */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array> {
    const end = Math.min(offset + length, this.length);
    if (offset >= this.start && end <= this.start + this.bytes.length) return this.part(offset, end);
    return this.load(offset, Math.max(end, Math.min(offset + windowBytes, this.length))).then(() =>
      this.part(offset, end),
    );
  }

  private part(offset: number, end: number): Uint8Array {
    return this.bytes.subarray(offset - this.start, end - this.start);
  }

  private async load(start: number, end: number): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const part of this.files.read(this.file, start, end)) parts.push(part);
    this.bytes = Buffer.concat(parts);
    this.start = start;
  }
}
