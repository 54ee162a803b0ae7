import { malformed } from './errors.ts';

/** Kinds of frames by their number on the wire (LoRaWAN 1.0.3, 4.2.1). 6 is reserved in 1.0. */
export const messageTypes = [
  'JOIN_REQUEST',
  'JOIN_ACCEPT',
  'UNCONFIRMED_DATA_UP',
  'UNCONFIRMED_DATA_DOWN',
  'CONFIRMED_DATA_UP',
  'CONFIRMED_DATA_DOWN',
  'RESERVED',
  'PROPRIETARY',
] as const;
export type MessageType = (typeof messageTypes)[number];

export type DataType = Extract<MessageType, `${string}DATA${string}`>;

export const isDataType = (type: MessageType): type is DataType => type.includes('_DATA_');
export const isUplink = (type: DataType): boolean => type.endsWith('_UP');
export const isConfirmed = (type: DataType): boolean => type.startsWith('CONFIRMED');

/** The first byte of a frame: its type, and major version 0, which is LoRaWAN R1. */
export const headerByte = (type: MessageType): number => messageTypes.indexOf(type) << 5;

/**
 * The kind of a frame, by its first byte (LoRaWAN 1.0.3, 4.2).
 * @throws LorawanError `lorawan.malformed` for no bytes, or a major version other than R1
 */
export function typeOf(frame: Uint8Array): MessageType {
  const [header] = frame;
  if (header === undefined) throw malformed('a frame of no bytes');
  const type = messageTypes[header >>> 5] as MessageType;
  const major = header & 0b11;
  // What a proprietary frame has there is its own affair.
  if (major !== 0 && type !== 'PROPRIETARY') throw malformed(`major version ${major} is not LoRaWAN R1`);
  return type;
}
