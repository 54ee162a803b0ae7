import { malformed, requireRange, SmppError } from './errors.ts';
import { type Cursor, isLatin1 } from './field.ts';
import { commandStatus } from './status.ts';

/** Optional parameters of a PDU by their tag (SMPP 3.4, 5.3). Of a tag that comes twice the last one counts. */
export type Options = ReadonlyMap<number, Uint8Array>;

/** Tags of the optional parameters that are used here (SMPP 3.4, 5.3.2). */
export const tag = {
  additionalStatusInfoText: 0x001d,
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  sarMsgRefNum: 0x020c,
  sarTotalSegments: 0x020e,
  sarSegmentSeqnum: 0x020f,
  scInterfaceVersion: 0x0210,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  deliveryFailureReason: 0x0425,
  moreMessagesToSend: 0x0426,
  messageState: 0x0427,
} as const;

const headBytes = 4;

/** @throws SmppError `smpp.malformed` */
export function readOptions(from: Cursor, command: string): Options {
  const options = new Map<number, Uint8Array>();
  const { bytes } = from;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  while (from.at < bytes.length) {
    if (from.at + headBytes > bytes.length) {
      throw malformed(
        `${command} has ${bytes.length - from.at} bytes behind its parameters, which are no optional parameter`,
        commandStatus.ESME_RINVOPTPARSTREAM,
      );
    }
    const name = view.getUint16(from.at);
    const length = view.getUint16(from.at + 2);
    const start = from.at + headBytes;
    if (start + length > bytes.length) {
      throw malformed(
        `optional parameter 0x${name.toString(16).padStart(4, '0')} of ${command} ends behind the PDU`,
        commandStatus.ESME_RINVOPTPARSTREAM,
      );
    }
    options.set(name, new Uint8Array(bytes.subarray(start, start + length)));
    from.at = start + length;
  }
  return options;
}

/** @throws SmppError `smpp.range` */
export function writeOptions(to: number[], options: Options): void {
  for (const [name, value] of options) {
    requireRange('tag of an optional parameter', name, 0, 0xffff);
    requireRange('length of an optional parameter', value.length, 0, 0xffff);
    to.push(name >>> 8, name & 0xff, value.length >>> 8, value.length & 0xff);
    for (const byte of value) to.push(byte);
  }
}

/** An integer of one or two bytes; undefined when there is none, or of another length than it has to be. */
export function uintOption(options: Options, name: number, size: 1 | 2): number | undefined {
  const value = options.get(name);
  if (value?.length !== size) return undefined;
  return value.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** A C-Octet String, with or without its zero. */
export function textOption(options: Options, name: number): string | undefined {
  const value = options.get(name);
  if (!value) return undefined;
  const end = value.indexOf(0);
  return Buffer.from(value.subarray(0, end < 0 ? value.length : end)).toString('latin1');
}

/** @throws SmppError `smpp.range` */
export function toUint(value: number, size: 1 | 2): Uint8Array {
  requireRange('optional parameter', value, 0, size === 1 ? 0xff : 0xffff);
  return size === 1 ? Uint8Array.of(value) : Uint8Array.of(value >>> 8, value & 0xff);
}

/** @throws SmppError `smpp.range` for a zero, or for what is not ISO 8859-1 */
export function toText(value: string): Uint8Array {
  if (!isLatin1(value)) {
    throw new SmppError(
      'smpp.range',
      `a text must be ISO 8859-1 and without zero, got ${JSON.stringify(value)}`,
    );
  }
  return new Uint8Array(Buffer.from(`${value}\0`, 'latin1'));
}
