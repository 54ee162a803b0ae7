import type { Duplex } from 'node:stream';

/**
 * Collects what is written in one turn of the event loop and hands it to the socket as one piece: a group of
 * acknowledgements then costs one system call and not one each.
 */
export class OutgoingBytes {
  private readonly stream: Duplex;
  private readonly maxUnsentBytes: number;
  private readonly onDrained: () => void;
  private pieces: Uint8Array[] = [];
  private pieceBytes = 0;
  private scheduled = false;

  /** @param onDrained called when {@link clogged} has become false again. */
  constructor(stream: Duplex, maxUnsentBytes: number, onDrained: () => void) {
    this.stream = stream;
    this.maxUnsentBytes = maxUnsentBytes;
    this.onDrained = onDrained;
    stream.on('drain', () => this.onDrained());
  }

  /** True while more waits in the socket than its owner allows. */
  get clogged(): boolean {
    return this.stream.writableLength + this.pieceBytes > this.maxUnsentBytes;
  }

  write(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.pieceBytes += bytes.byteLength;
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => this.flush());
  }

  flush(): void {
    this.scheduled = false;
    const { pieces } = this;
    if (pieces.length === 0) return;
    this.pieces = [];
    this.pieceBytes = 0;
    if (!this.stream.writable) return;
    const [first] = pieces;
    this.stream.write(pieces.length === 1 && first ? first : Buffer.concat(pieces));
  }
}
