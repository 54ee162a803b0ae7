import { malformed } from './errors.ts';
import { headerBytes } from './pdu.ts';
import { commandStatus } from './status.ts';

/** Finds the PDUs in a stream of bytes. */
export class PduFramer {
  private readonly maxPduBytes: number;
  private readonly chunks: Uint8Array[] = [];
  private held = 0;

  /** @param maxPduBytes longest PDU that is taken */
  constructor(maxPduBytes: number) {
    this.maxPduBytes = maxPduBytes;
  }

  /**
   * The whole PDUs that this chunk ends; a part of one is kept.
   * @throws SmppError `smpp.malformed` for a length that cannot be: nobody knows where the next PDU begins, so the
   *   session has to end. What was whole before it has been handed out.
   */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    this.chunks.push(chunk);
    this.held += chunk.length;
    for (;;) {
      if (this.held < headerBytes) return;
      const length = this.nextLength();
      if (this.held < length) return;
      const all = this.joined();
      this.chunks.length = 0;
      this.held = all.length - length;
      if (this.held > 0) this.chunks.push(all.subarray(length));
      yield all.subarray(0, length);
    }
  }

  private nextLength(): number {
    const [first] = this.chunks;
    const head = first && first.length >= 4 ? first : this.compact();
    const length = new DataView(head.buffer, head.byteOffset, 4).getUint32(0);
    if (length >= headerBytes && length <= this.maxPduBytes) return length;
    throw malformed(
      `a PDU has from ${headerBytes} to ${this.maxPduBytes} bytes, its command_length says ${length}`,
      commandStatus.ESME_RINVCMDLEN,
    );
  }

  private compact(): Uint8Array {
    const all = this.joined();
    this.chunks.splice(0, this.chunks.length, all);
    return all;
  }

  private joined(): Uint8Array {
    const [first] = this.chunks;
    if (this.chunks.length === 1 && first) return first;
    return new Uint8Array(Buffer.concat(this.chunks));
  }
}
