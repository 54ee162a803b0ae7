/** RFC 7252 3: the two type bits. */
export const messageTypes = { CON: 0, NON: 1, ACK: 2, RST: 3 } as const;

export type MessageType = (typeof messageTypes)[keyof typeof messageTypes];

const typeNames = ['CON', 'NON', 'ACK', 'RST'] as const;

export const typeText = (type: MessageType): string => typeNames[type];

export interface CoapOption {
  /** RFC 7252 5.4.6: odd ones are critical. */
  readonly number: number;
  readonly value: Uint8Array;
}

/** What a message says, whatever it travels in. */
export interface MessageContent {
  /** The code byte: see `codes.ts`. */
  readonly code: number;
  /** 0 to 8 bytes. */
  readonly token: Uint8Array;
  /** In the order of their numbers when decoded; in any order to be encoded. */
  readonly options: readonly CoapOption[];
  /** Empty when there is none. */
  readonly payload: Uint8Array;
}

export interface CoapMessage extends MessageContent {
  readonly type: MessageType;
  /** 0 to 65535. */
  readonly messageId: number;
}

export const noBytes: Uint8Array = new Uint8Array(0);
export const noOptions: readonly CoapOption[] = [];

/** A message without a code: a ping, an acknowledgement alone, or a reset (RFC 7252 4.1). */
export function emptyMessage(type: MessageType, messageId: number): CoapMessage {
  return { type, messageId, code: 0, token: noBytes, options: noOptions, payload: noBytes };
}
