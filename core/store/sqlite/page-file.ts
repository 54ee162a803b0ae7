/** Bytes of a chunk: a multiple of any page size, and little to copy when a frozen one is written to. */
export const chunkBytes = 256 * 1024;

/**
 * The bytes of a database file, in memory. It grows by a chunk, so nothing is ever copied to make room, and it can
 * be frozen: what it held at that moment is then read piece by piece while it is written to.
 */
export class PageFile {
  private readonly chunks: Uint8Array[] = [];
  private frozen: FrozenFile | undefined;
  private bytes = 0;

  /** @param content is copied: parts of one large buffer could never be freed one by one. */
  constructor(content: Uint8Array = new Uint8Array()) {
    for (let start = 0; start < content.byteLength; start += chunkBytes) {
      const chunk = new Uint8Array(chunkBytes);
      chunk.set(content.subarray(start, start + chunkBytes));
      this.chunks.push(chunk);
    }
    this.bytes = content.byteLength;
  }

  get size(): number {
    return this.bytes;
  }

  /** Fills `target` with the bytes from `offset` on, and with zeros beyond the end; false when there were such. */
  read(target: Uint8Array, offset: number): boolean {
    const known = Math.max(0, Math.min(target.byteLength, this.bytes - offset));
    for (let done = 0; done < known; ) {
      const start = (offset + done) % chunkBytes;
      const length = Math.min(known - done, chunkBytes - start);
      target.set(this.chunkAt(offset + done).subarray(start, start + length), done);
      done += length;
    }
    target.fill(0, known);
    return known === target.byteLength;
  }

  /** @throws RangeError when there is no memory for more. */
  write(source: Uint8Array, offset: number): void {
    for (let done = 0; done < source.byteLength; ) {
      const start = (offset + done) % chunkBytes;
      const length = Math.min(source.byteLength - done, chunkBytes - start);
      this.writableChunk(Math.floor((offset + done) / chunkBytes)).set(
        source.subarray(done, done + length),
        start,
      );
      done += length;
    }
    this.bytes = Math.max(this.bytes, offset + source.byteLength);
  }

  truncate(size: number): void {
    if (size >= this.bytes) return;
    this.bytes = size;
    this.chunks.length = Math.ceil(size / chunkBytes);
    const start = size % chunkBytes;
    // Whoever writes behind the end later must find zeros in between.
    if (start > 0) this.writableChunk(this.chunks.length - 1).fill(0, start);
  }

  /** What the file holds now, for reading; replaces an earlier one. */
  freeze(): FrozenFile {
    this.frozen = new FrozenFile([...this.chunks], this.bytes);
    return this.frozen;
  }

  /** Chunks are written in place again. */
  thaw(): void {
    this.frozen = undefined;
  }

  private chunkAt(offset: number): Uint8Array {
    return this.chunks[Math.floor(offset / chunkBytes)] as Uint8Array;
  }

  private writableChunk(index: number): Uint8Array {
    while (this.chunks.length <= index) this.chunks.push(new Uint8Array(chunkBytes));
    const chunk = this.chunks[index] as Uint8Array;
    if (!this.frozen?.needs(index, chunk)) return chunk;
    const copy = chunk.slice();
    this.chunks[index] = copy;
    return copy;
  }
}

/** The content of a {@link PageFile} at one moment, read once from beginning to end. */
export class FrozenFile {
  private readonly chunks: (Uint8Array | undefined)[];
  readonly size: number;
  private position = 0;

  constructor(chunks: (Uint8Array | undefined)[], size: number) {
    this.chunks = chunks;
    this.size = size;
  }

  /** True while this chunk still has to be read from here, so that it must not change. */
  needs(index: number, chunk: Uint8Array): boolean {
    return this.chunks[index] === chunk;
  }

  /** Fills `target` with what comes next and returns how many bytes that were; 0 at the end. */
  readNext(target: Uint8Array): number {
    const length = Math.min(target.byteLength, this.size - this.position);
    for (let done = 0; done < length; ) {
      const index = Math.floor(this.position / chunkBytes);
      const start = this.position % chunkBytes;
      const part = Math.min(length - done, chunkBytes - start);
      target.set((this.chunks[index] as Uint8Array).subarray(start, start + part), done);
      done += part;
      this.position += part;
      if (start + part === chunkBytes) this.chunks[index] = undefined;
    }
    return length;
  }
}
