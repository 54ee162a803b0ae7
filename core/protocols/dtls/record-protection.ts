import type { Aead } from './aead.ts';
import { noBytes, sameBytes, writeNumber } from './bytes.ts';
import { Ccm } from './ccm.ts';
import { Gcm } from './gcm.ts';
import type { WriteKeys } from './prf.ts';
import { contentTypes, type DtlsRecord, dtls12, recordHeaderBytes, writeRecordHeader } from './record.ts';
import type { CipherSuite } from './suites.ts';

/** The part of the nonce that is in the record: its epoch and sequence number. */
const explicitNonceBytes = 8;
const nonceBytes = 12;

export interface OpenedRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** Protects the records of one direction (RFC 6347, 4.1.2.1; RFC 6655, 3; RFC 5288, 3; RFC 9146, 4 and 5.3). */
export class RecordProtection {
  private readonly aead: Aead;
  private readonly nonce = new Uint8Array(nonceBytes);
  private readonly additional: Uint8Array;
  private readonly connectionId: Uint8Array;

  /** @param connectionId that the receiver of the records has chosen; without bytes, records are of the usual form */
  constructor(suite: CipherSuite, { key, salt }: WriteKeys, connectionId: Uint8Array = noBytes) {
    this.aead = suite.cipher === 'ccm' ? new Ccm(key, suite.tagBytes) : new Gcm(key);
    this.nonce.set(salt);
    this.connectionId = connectionId;
    this.additional = connectionId.length === 0 ? new Uint8Array(13) : additionalWithId(connectionId);
  }

  /** Bytes that a record has more than its content. */
  get overheadBytes(): number {
    const idBytes = this.connectionId.length;
    const typeByte = idBytes > 0 ? 1 : 0;
    return recordHeaderBytes + idBytes + explicitNonceBytes + typeByte + this.aead.tagBytes;
  }

  /** The record on the wire. */
  seal(epoch: number, sequence: number, type: number, content: Uint8Array): Uint8Array {
    const hasId = this.connectionId.length > 0;
    const inner = hasId ? withType(content, type) : content;
    const length = explicitNonceBytes + inner.length + this.aead.tagBytes;
    const record = new Uint8Array(recordHeaderBytes + this.connectionId.length + length);
    const header = {
      type: hasId ? contentTypes.connectionId : type,
      version: dtls12,
      epoch,
      sequence,
      connectionId: hasId ? this.connectionId : undefined,
    };
    const start = writeRecordHeader(record, header, length);
    const explicit = record.subarray(start, start + explicitNonceBytes);
    writeNumber(explicit, 0, epoch, 2);
    writeNumber(explicit, 2, sequence, 6);
    this.nonce.set(explicit, 4);
    this.fillAdditional(header, inner.length);
    this.aead.seal(this.nonce, this.additional, inner, record, start + explicitNonceBytes);
    return record;
  }

  /** What is in the record, or undefined when it was not made with these keys or was changed on the way. */
  open(record: DtlsRecord): OpenedRecord | undefined {
    const { fragment } = record;
    const length = fragment.length - explicitNonceBytes - this.aead.tagBytes;
    if (length < 0 || !this.isForm(record)) return undefined;
    this.nonce.set(fragment.subarray(0, explicitNonceBytes), 4);
    this.fillAdditional(record, length);
    const inner = this.aead.open(this.nonce, this.additional, fragment.subarray(explicitNonceBytes));
    if (!inner || this.connectionId.length === 0) return inner && { type: record.type, content: inner };
    // The kind of the record is behind its content, and zeros may follow (RFC 9146, 4).
    let at = inner.length - 1;
    while (at >= 0 && inner[at] === 0) at -= 1;
    return at < 0 ? undefined : { type: inner[at] ?? 0, content: inner.subarray(0, at) };
  }

  /** With an id agreed on, a record without it is none of this connection (RFC 9146, 3), and the other way round. */
  private isForm({ connectionId = noBytes }: DtlsRecord): boolean {
    return sameBytes(connectionId, this.connectionId);
  }

  private fillAdditional(record: Omit<DtlsRecord, 'fragment'>, length: number): void {
    const { additional, connectionId } = this;
    const idBytes = connectionId.length;
    const offset = idBytes > 0 ? 13 : 0;
    writeNumber(additional, offset, record.epoch, 2);
    writeNumber(additional, offset + 2, record.sequence, 6);
    if (idBytes === 0) additional[8] = record.type;
    const version = idBytes > 0 ? 11 : 9;
    writeNumber(additional, version, record.version, 2);
    writeNumber(additional, additional.length - 2, length, 2);
  }
}

/** What does not change of the additional data of records with a connection id (RFC 9146, 5.3). */
function additionalWithId(connectionId: Uint8Array): Uint8Array {
  const additional = new Uint8Array(23 + connectionId.length).fill(0xff, 0, 8);
  additional[8] = contentTypes.connectionId;
  additional[9] = connectionId.length;
  additional[10] = contentTypes.connectionId;
  additional.set(connectionId, 21);
  return additional;
}

function withType(content: Uint8Array, type: number): Uint8Array {
  const inner = new Uint8Array(content.length + 1);
  inner.set(content);
  inner[content.length] = type;
  return inner;
}
