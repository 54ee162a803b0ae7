import type { AckMode } from '../../contract/commands.ts';
import { defaultInterfaceOffers, type InterfaceOffers } from '../../contract/interface-kinds/offers.ts';
import type { DefaultAlphabet } from '../../protocols/smpp/data-coding.ts';
import type { LongMessageForm } from '../../protocols/smpp/segments.ts';

export interface SmsSettings extends InterfaceOffers {
  /** Host of the short message centre; empty: the simulated one of this program, where that listens. */
  readonly smppHost: string;
  /** Its port, where smppHost is not empty. */
  readonly smppPort: number;
  /** Name by which the platform binds to the centre, at most 15 characters. */
  readonly smppSystemId: string;
  /** Password of that name, at most 8 characters. It is never shown. */
  readonly smppPassword: string;
  /** Type of system that the centre may ask for at the bind, at most 12 characters. */
  readonly smppSystemType: string;
  /**
   * Which numbers the platform takes messages to, for centres that want to know: a regular expression of at most 40
   * characters. Empty: says nothing, and to the simulated centre that it takes smsServerPhoneNumbers.
   */
  readonly smppAddressRange: string;
  /** Whether the connection to the centre is TLS. */
  readonly smppTls: boolean;
  /** File with the authorities (PEM) whose certificates of centres are trusted; empty: those of the machine. */
  readonly smppTlsCaFile: string;
  /** How long connecting to the centre may take. */
  readonly smppConnectTimeoutMs: number;
  /** How long the centre may take to answer. */
  readonly smppResponseTimeoutMs: number;
  /** After how much silence the centre is asked whether it is there. */
  readonly smppKeepAliveMs: number;
  /** Time to the second attempt to bind; it doubles from one to the next. */
  readonly smppReconnectMinMs: number;
  /** Longest time between two attempts to bind. */
  readonly smppReconnectMaxMs: number;
  /** Longest SMPP message; a longer one ends the session. */
  readonly smppMaxPduBytes: number;
  /** Messages that may be with the centre without its answer. */
  readonly smppSendWindow: number;
  /** Messages of the centre that may wait for their answer before its connection is paused. */
  readonly smppReceiveWindow: number;
  /** Messages that are handed to the centre in a second, parts of long ones each. */
  readonly smppMaxMessagesPerSecond: number;
  /** How long nothing is sent after the centre said that it gets too much. */
  readonly smppThrottleDelayMs: number;
  /** What the centre means by data_coding 0: GSM7, GSM7_PACKED, LATIN1 or ASCII. */
  readonly smsDefaultAlphabet: DefaultAlphabet;
  /** How long messages are sent: UDH8, UDH16, SAR or PAYLOAD. */
  readonly smsLongMessages: LongMessageForm;
  /** Most parts of a message that is sent. */
  readonly smsMaxParts: number;
  /** How long the parts of a message may take to come, from the first one. */
  readonly smsReassemblyMs: number;
  /** Most messages that wait for parts; the one that waits for longest is dropped. */
  readonly smsMaxIncomplete: number;
  /** Most SMS commands that wait for the centre to take them; further ones stay PENDING. */
  readonly smsMaxQueued: number;
  /** Most messages whose delivery receipts are waited for; of more the oldest is forgotten. */
  readonly smsMaxAwaitedReceipts: number;
  /** How long a delivery receipt is kept whose message the centre has not confirmed yet. */
  readonly smsEarlyReceiptMs: number;
  /** Refusals of short messages that are written to the audit log a second; more are counted only. */
  readonly smsRefusalMaxPerSecond: number;
  /** What an SMS command waits for that names nothing: `NONE` or `NETWORK`. */
  readonly smsCommandAckMode: AckMode;
  /** How long an SMS command waits for its delivery receipt. */
  readonly smsCommandAckTimeoutMs: number;
}

const dayMs = 24 * 60 * 60 * 1000;

export const defaultSmsSettings: SmsSettings = {
  smppHost: '',
  smppPort: 2775,
  smppSystemId: 'fleetbench',
  smppPassword: 'bench',
  smppSystemType: '',
  smppAddressRange: '',
  smppTls: false,
  smppTlsCaFile: '',
  smppConnectTimeoutMs: 10_000,
  smppResponseTimeoutMs: 10_000,
  smppKeepAliveMs: 30_000,
  smppReconnectMinMs: 1000,
  smppReconnectMaxMs: 60_000,
  smppMaxPduBytes: 70_000,
  smppSendWindow: 50,
  smppReceiveWindow: 1000,
  smppMaxMessagesPerSecond: 2000,
  smppThrottleDelayMs: 1000,
  ...defaultInterfaceOffers,
  smsDefaultAlphabet: 'GSM7',
  smsLongMessages: 'UDH8',
  smsMaxParts: 10,
  smsReassemblyMs: 600_000,
  smsMaxIncomplete: 10_000,
  smsMaxQueued: 10_000,
  smsMaxAwaitedReceipts: 100_000,
  smsEarlyReceiptMs: 2000,
  smsRefusalMaxPerSecond: 20,
  smsCommandAckMode: 'NONE',
  smsCommandAckTimeoutMs: dayMs,
};
