import { DtlsError } from './errors.ts';
import {
  contentTypes,
  type DtlsRecord,
  dtls12,
  maxSequence,
  plainRecord,
  recordHeaderBytes,
} from './record.ts';
import type { OpenedRecord, RecordProtection } from './record-protection.ts';
import { ReplayWindow } from './replay-window.ts';

/** Before the keys are agreed on, and after. There are no others, for nothing is negotiated a second time. */
export type Epoch = 0 | 1;

/** What became of a record that came: its content, or why it has none. */
export type Opening = OpenedRecord | 'replayed' | 'undecryptable' | 'no-keys';

/** Numbers, protects and checks the records of one connection. */
export class RecordLayer {
  /** Version in records that are not protected. */
  plainVersion: number = dtls12;
  private readonly windows = [new ReplayWindow(), new ReplayWindow()] as const;
  private readonly sequences: [number, number];
  /** Epoch of the last flight that was sent. */
  writeEpoch: Epoch = 0;
  private sealing: RecordProtection | undefined;
  private opening: RecordProtection | undefined;

  /** @param firstSequence number of the first record that is sent */
  constructor(firstSequence = 0) {
    this.sequences = [firstSequence, 0];
  }

  setKeys(sealing: RecordProtection, opening: RecordProtection): void {
    this.sealing = sealing;
    this.opening = opening;
  }

  get hasKeys(): boolean {
    return this.opening !== undefined;
  }

  /** Bytes that a record of the epoch has more than its content. */
  overheadBytes(epoch: Epoch): number {
    return epoch === 1 && this.sealing ? this.sealing.overheadBytes : recordHeaderBytes;
  }

  /** The record on the wire, with a number of its own. */
  seal(epoch: Epoch, type: number, content: Uint8Array): Uint8Array {
    const sequence = this.sequences[epoch]++;
    if (sequence > maxSequence)
      throw new DtlsError('dtls.closed', 'The connection has no record numbers left.');
    if (epoch > this.writeEpoch) this.writeEpoch = epoch;
    if (epoch === 0) return plainRecord(type, this.plainVersion, sequence, content);
    if (!this.sealing) throw new DtlsError('dtls.internal', 'There are no keys to protect the record with.');
    return this.sealing.seal(epoch, sequence, type, content);
  }

  open(record: DtlsRecord): Opening {
    const { epoch, sequence } = record;
    if (epoch > 1) return this.opening ? 'undecryptable' : 'no-keys';
    const window = this.windows[epoch === 0 ? 0 : 1];
    if (window.hasSeen(sequence)) return 'replayed';
    if (epoch === 0) {
      if (record.type === contentTypes.connectionId) return 'undecryptable';
      window.note(sequence);
      return { type: record.type, content: record.fragment };
    }
    if (!this.opening) return 'no-keys';
    const opened = this.opening.open(record);
    if (!opened) return 'undecryptable';
    window.note(sequence);
    return opened;
  }

  /** True when no authentic record is newer, as a change of the peer's address asks for (RFC 9146, 6). */
  isNewest({ epoch, sequence }: DtlsRecord): boolean {
    return epoch === 1 && this.windows[1].newest === sequence;
  }
}
