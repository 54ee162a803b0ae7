import { malformed, requireRange } from './errors.ts';
import type { Cursor } from './field.ts';
import { type Body, type Command, type Layout, layouts } from './layouts.ts';
import { commandStatus } from './status.ts';
import { type Options, readOptions, writeOptions } from './tlv.ts';

/** Length, id, status and sequence number (SMPP 3.4, 3.2). */
export const headerBytes = 16;

interface PduOf<C extends Command> {
  readonly command: C;
  /** 0 in requests. */
  readonly status: number;
  /** 1 to 0x7FFFFFFF; an answer has that of its request. */
  readonly sequence: number;
  readonly body: Body<C>;
  /** Optional parameters by their tag. */
  readonly options: Options;
}

/** One SMPP message. `Pdu<'submit_sm'>` is one of that command; `Pdu` any. */
export type Pdu<C extends Command = Command> = { [K in C]: PduOf<K> }[C];

export interface PduHeader {
  /** Bytes of the whole PDU. */
  readonly length: number;
  readonly id: number;
  readonly status: number;
  readonly sequence: number;
}

const byId = new Map<number, [Command, Layout]>(
  Object.entries(layouts).map(([command, layout]) => [layout.id, [command as Command, layout]]),
);
const none: Options = new Map();

/** True for the id of an answer, of a command that is known or not. */
export const isResponseId = (id: number): boolean => id >= 0x8000_0000;

/** @param bytes at least {@link headerBytes} */
export function readHeader(bytes: Uint8Array): PduHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  return {
    length: view.getUint32(0),
    id: view.getUint32(4),
    status: view.getUint32(8),
    sequence: view.getUint32(12),
  };
}

/**
 * Reads one whole PDU. An answer without a body is taken with empty parameters: that is how refusals come (SMPP 3.4,
 * 4.1.2), and some centres leave the body out of others as well.
 * @throws SmppError `smpp.malformed`, whose status is what to answer with
 */
export function decodePdu(bytes: Uint8Array): Pdu {
  if (bytes.length < headerBytes) {
    throw malformed(
      `a PDU has at least ${headerBytes} bytes, got ${bytes.length}`,
      commandStatus.ESME_RINVCMDLEN,
    );
  }
  const { length, id, status, sequence } = readHeader(bytes);
  if (length !== bytes.length) {
    throw malformed(
      `command_length is ${length} where the PDU has ${bytes.length} bytes`,
      commandStatus.ESME_RINVCMDLEN,
    );
  }
  const known = byId.get(id);
  if (!known) {
    throw malformed(
      `command_id 0x${id.toString(16).padStart(8, '0')} is not known`,
      commandStatus.ESME_RINVCMDID,
    );
  }
  const [command, layout] = known;
  const cursor: Cursor = { bytes, at: headerBytes };
  const bodiless = isResponseId(id) && length === headerBytes;
  const body = Object.fromEntries(
    Object.entries(layout.body).map(([name, field]) => [
      name,
      bodiless ? field.empty : field.read(cursor, `${name} of ${command}`),
    ]),
  );
  const options = cursor.at < length ? readOptions(cursor, command) : none;
  return { command, status, sequence, body, options } as unknown as Pdu;
}

/** What is given of a PDU to send; what is left out is zero or empty. */
export interface PduToSend<C extends Command = Command> {
  readonly command: C;
  readonly status?: number;
  readonly sequence: number;
  readonly body?: Partial<Body<C>>;
  readonly options?: Options;
}

/**
 * Writes a PDU. A refusal of which no parameters are given has none (SMPP 3.4, 4.1.2 and 4.4.2).
 * @throws SmppError `smpp.range`
 */
export function encodePdu<C extends Command>(pdu: PduToSend<C>): Uint8Array {
  const { command, status = 0, sequence, options = none } = pdu;
  requireRange('sequence', sequence, 0, 0xffff_ffff);
  requireRange('status', status, 0, 0xffff_ffff);
  const layout: Layout = layouts[command];
  const given = (pdu.body ?? {}) as Readonly<Record<string, unknown>>;
  const content: number[] = [];
  const fields = status === 0 || pdu.body || !isResponseId(layout.id) ? Object.entries(layout.body) : [];
  for (const [name, field] of fields) {
    field.write(content, given[name] ?? field.empty, `${name} of ${command}`);
  }
  writeOptions(content, options);
  const bytes = new Uint8Array(headerBytes + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, layout.id);
  view.setUint32(8, status);
  view.setUint32(12, sequence);
  bytes.set(content, headerBytes);
  return bytes;
}
