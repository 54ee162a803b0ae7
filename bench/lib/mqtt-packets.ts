/** First bytes of the packets used here (MQTT 3.1.1, 2.2.1), without flags where there are some. */
export const packetTypes = {
  connect: 0x10,
  connack: 0x20,
  publish: 0x30,
  puback: 0x40,
  subscribe: 0x80,
  suback: 0x90,
  disconnect: 0xe0,
} as const;

const qos1 = 0b0010;
const cleanSession = 0b0000_0010;
const hasPassword = 0b0100_0000;
const hasUsername = 0b1000_0000;

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface PublishTemplate {
  readonly bytes: Buffer;
  /** Where in it the packet id is to be put. */
  readonly packetIdOffset: number;
}

/** MQTT 3.1.1, 3.1. Without keep-alive, so an idle client sends nothing at all. */
export function encodeConnect(clientId: string, { username, password }: Login): Buffer {
  const variableHeader = Buffer.from([
    0,
    4,
    0x4d,
    0x51,
    0x54,
    0x54,
    4,
    cleanSession | hasUsername | hasPassword,
    0,
    0,
  ]);
  return packet(packetTypes.connect, [variableHeader, text(clientId), text(username), text(password)]);
}

/** MQTT 3.1.1, 3.3, with QoS 1 and packet id 0. */
export function encodePublish(topic: string, payload: Uint8Array): PublishTemplate {
  const bytes = packet(packetTypes.publish | qos1, [text(topic), Buffer.alloc(2), payload]);
  return { bytes, packetIdOffset: bytes.length - payload.length - 2 };
}

/** MQTT 3.1.1, 3.8. */
export function encodeSubscribe(topic: string, packetId: number): Buffer {
  return packet(packetTypes.subscribe | 0b0010, [uint16(packetId), text(topic), Buffer.from([1])]);
}

/**
 * Finds the whole packets at the start of these bytes.
 * @param receive gets the first byte and where the body is; no copy is made.
 * @returns how many bytes they take; the rest is an unfinished packet.
 */
export function scanPackets(
  bytes: Uint8Array,
  receive: (first: number, bodyStart: number, bodyEnd: number) => void,
): number {
  let position = 0;
  while (position + 2 <= bytes.length) {
    let at = position + 1;
    let length = 0;
    let byte = 0x80;
    for (let shift = 0; byte & 0x80; shift += 7) {
      if (at === bytes.length) return position;
      byte = bytes[at++] as number;
      length += (byte & 0x7f) << shift;
    }
    const end = at + length;
    if (end > bytes.length) return position;
    receive(bytes[position] as number, at, end);
    position = end;
  }
  return position;
}

/** Puts the chunks of a stream together as far as a packet goes over their border. */
export class PacketReader {
  private rest: Buffer | undefined;

  /** Calls `receive` for each whole packet, with the bytes that the positions are in. */
  read(
    chunk: Buffer,
    receive: (bytes: Buffer, first: number, bodyStart: number, bodyEnd: number) => void,
  ): void {
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    const used = scanPackets(bytes, (first, start, end) => receive(bytes, first, start, end));
    this.rest = used === bytes.length ? undefined : bytes.subarray(used);
  }
}

/** Packet id of a PUBLISH with QoS 1, whose body starts with its topic (MQTT 3.1.1, 3.3.2). */
export function packetIdOfPublish(bytes: Buffer, bodyStart: number): number {
  return bytes.readUInt16BE(bodyStart + 2 + bytes.readUInt16BE(bodyStart));
}

/** Writes a PUBACK of four bytes (MQTT 3.1.1, 3.4). */
export function writePuback(target: Buffer, position: number, packetId: number): void {
  target[position] = packetTypes.puback;
  target[position + 1] = 2;
  target[position + 2] = packetId >> 8;
  target[position + 3] = packetId & 0xff;
}

function packet(first: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) break;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

function text(value: string): Buffer {
  return Buffer.concat([uint16(Buffer.byteLength(value)), Buffer.from(value)]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
