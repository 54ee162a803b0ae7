import { isUtf8 } from 'node:buffer';
import type { SimulatedFrame } from '../../core/contract/simulators.ts';
import { codeText, isRequest, methodText } from '../../core/protocols/coap/codes.ts';
import type { LoggedMessage } from '../../core/protocols/coap/context.ts';
import { type CoapMessage, messageTypes, typeText } from '../../core/protocols/coap/message.ts';
import { findStrings, findUint, optionNumbers } from '../../core/protocols/coap/options.ts';
import { decodeContent } from '../../core/protocols/lwm2m/codec.ts';
import type { FindResource } from '../../core/protocols/lwm2m/content.ts';
import { contentFormatOf } from '../../core/protocols/lwm2m/content-format.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import { valueToJson } from '../../core/protocols/lwm2m/value.ts';
import type { FrameLimits } from '../fleet/frame-limits.ts';

const { CON, ACK, RST } = messageTypes;
const { uriPath, uriQuery, locationPath, contentFormat, block1, block2, observe } = optionNumbers;

/** The last messages of a device: kept as they came, and read when somebody looks. */
export class CoapFrames {
  private readonly limits: FrameLimits;
  private readonly ring: LoggedMessage[] = [];
  private next = 0;

  constructor(limits: FrameLimits) {
    this.limits = limits;
  }

  keep(entry: LoggedMessage): void {
    this.ring[this.next] = entry;
    this.next = (this.next + 1) % this.limits.frames;
  }

  /** Newest first. @param findResource types of what the messages hold */
  list(findResource: FindResource): SimulatedFrame[] {
    const oldestFirst = [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
    const paths = new Map<string, Lwm2mPath>();
    const frames = oldestFirst.map((entry) => {
      const { message } = entry;
      if (message && isRequest(message.code)) {
        const path = Lwm2mPath.tryParse(`/${findStrings(message.options, uriPath).join('/')}`);
        if (path) paths.set(tokenOf(message), path);
      }
      return this.frame(entry, message && paths.get(tokenOf(message)), findResource, oldestFirst);
    });
    return frames.reverse();
  }

  private frame(
    entry: LoggedMessage,
    path: Lwm2mPath | undefined,
    findResource: FindResource,
    all: readonly LoggedMessage[],
  ): SimulatedFrame {
    const { message, direction, timeMs, bytes, note, malformed } = entry;
    const text = message ? payloadText(message, path, findResource, timeMs) : (malformed ?? '');
    const truncated = text.length > this.limits.payloadCharacters;
    return {
      time: new Date(timeMs).toISOString(),
      direction: direction === 'out' ? 'sent' : 'received',
      topic: `${message ? titleOf(message) : 'no CoAP message'}${note === undefined ? '' : ` (${note})`}`,
      payload: truncated ? text.slice(0, this.limits.payloadCharacters) : text,
      bytes,
      truncated,
      state: stateOf(entry, all),
    };
  }
}

const tokenOf = ({ token }: CoapMessage): string => Buffer.from(token).toString('hex');

/** `CON POST /rd?ep=pump`, `ACK 2.05, observe 12`. */
function titleOf(message: CoapMessage): string {
  const { type, code, options, messageId } = message;
  const parts = [typeText(type)];
  if (isRequest(code)) {
    const query = findStrings(options, uriQuery).join('&');
    parts.push(
      methodText(code),
      `/${findStrings(options, uriPath).join('/')}${query === '' ? '' : `?${query}`}`,
    );
  } else if (code !== 0) parts.push(codeText(code));
  const location = findStrings(options, locationPath);
  if (location.length > 0) parts.push(`/${location.join('/')}`);
  const notes = [`mid ${messageId}`];
  const observed = findUint(options, observe);
  if (observed !== undefined) notes.push(`observe ${observed}`);
  for (const [name, number] of [
    ['block1', block1],
    ['block2', block2],
  ] as const) {
    const value = findUint(options, number);
    if (value !== undefined) notes.push(`${name} ${value >> 4}${(value & 8) === 0 ? '' : '+'}`);
  }
  return `${parts.join(' ')} [${notes.join(', ')}]`;
}

/** What a message says: its values, one in a line, where it has values. */
function payloadText(
  { payload, options }: CoapMessage,
  path: Lwm2mPath | undefined,
  findResource: FindResource,
  nowMs: number,
): string {
  if (payload.length === 0) return '';
  const number = findUint(options, contentFormat);
  const format = number === undefined ? undefined : contentFormatOf(number);
  const asIs = isUtf8(payload) ? Buffer.from(payload).toString('utf8') : Buffer.from(payload).toString('hex');
  if (format === undefined || format === 'LINK' || format === 'TEXT') return asIs;
  try {
    const { records } = decodeContent(format, payload, { path: path ?? Lwm2mPath.root, findResource, nowMs });
    const lines = records.map(({ path: at, value }) => `${at} = ${JSON.stringify(valueToJson(value))}`);
    return `${format}\n${lines.join('\n')}`;
  } catch {
    // A block of a payload is no payload.
    return `${format} ${Buffer.from(payload).toString('hex')}`;
  }
}

/** A confirmable message waits for its acknowledgement; what becomes of another nobody knows. */
function stateOf(
  { direction, message }: LoggedMessage,
  all: readonly LoggedMessage[],
): SimulatedFrame['state'] {
  if (direction === 'in') return 'received';
  if (message?.type !== CON) return 'acknowledged';
  const reaction = all.find(
    (other) =>
      other.direction === 'in' &&
      other.message?.messageId === message.messageId &&
      (other.message.type === ACK || other.message.type === RST),
  );
  if (!reaction) return 'waiting';
  return reaction.message?.type === ACK ? 'acknowledged' : 'failed';
}
