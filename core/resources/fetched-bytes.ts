const most = 100;

/**
 * Which bytes of a content a device has fetched, in whatever parts and order, each counted once. The content is cut into
 * at most a hundred pieces, of each of which it remembers how far it was fetched from its beginning: so what is kept is
 * small whatever is asked for, and a part that begins within a piece counts only from where that was fetched before.
 */
export class FetchedBytes {
  private readonly size: number;
  private readonly pieceSize: number;
  private readonly reached: number[];

  /** @param before how much of the beginning counts as fetched already */
  constructor(size: number, before: number) {
    this.size = size;
    this.pieceSize = Math.max(1, Math.ceil(size / most));
    const pieces = Math.ceil(size / this.pieceSize);
    this.reached = Array.from({ length: pieces }, (_, piece) => piece * this.pieceSize);
    this.add(0, before);
  }

  /** Bytes from `start` to before `end` have been fetched. */
  add(start: number, end: number): void {
    const first = Math.floor(start / this.pieceSize);
    for (let piece = first; piece < this.reached.length && piece * this.pieceSize < end; piece++) {
      const reached = this.reached[piece] as number;
      const pieceEnd = Math.min((piece + 1) * this.pieceSize, this.size);
      if (start <= reached) this.reached[piece] = Math.max(reached, Math.min(end, pieceEnd));
    }
  }

  /** How many bytes that are. */
  get bytes(): number {
    return this.reached.reduce((sum, reached, piece) => sum + reached - piece * this.pieceSize, 0);
  }
}
