import type { AckMode } from '../../contract/commands.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import { SmppError } from '../../protocols/smpp/errors.ts';
import { type MessagePart, messageOfOctets, messageOfText } from '../../protocols/smpp/outgoing-message.ts';
import type { CommandDelivery, CommandDownlink, DeliveryRef } from '../connector.ts';
import type { SmsSettings } from './sms-settings.ts';
import type { Submitter } from './submitter.ts';

interface SmsCommand {
  readonly payload: string;
  readonly type: 'TEXT' | 'BINARY';
  readonly serverPhoneNumber?: string;
}

/**
 * Commands to SMS devices (manual 8.3, facts 2.2 and 2.5): SENT when the centre has taken the message, DELIVERED by its
 * delivery receipt, which is asked for with NETWORK alone. While there is no centre a command waits as PENDING.
 */
export class SmsCommands implements CommandDownlink {
  readonly ackModes = ['NONE', 'NETWORK'] as const;
  readonly defaultAckMode: AckMode;
  readonly defaultAckTimeoutMs: number;
  private readonly parts: {
    readonly submitter: Submitter;
    readonly settings: SmsSettings;
    isBound(): boolean;
  };
  /** Tells long messages of the same two numbers from each other. */
  private reference = 0;

  constructor(parts: SmsCommands['parts']) {
    this.parts = parts;
    this.defaultAckMode = parts.settings.smsCommandAckMode;
    this.defaultAckTimeoutMs = parts.settings.smsCommandAckTimeoutMs;
  }

  takes(via: DeviceInterface): boolean {
    return via.enabled && this.parts.isBound() && this.parts.submitter.hasRoom;
  }

  check(value: unknown): string | undefined {
    const { payload, type, serverPhoneNumber, ...others } = value as Record<string, unknown>;
    if (type !== 'TEXT' && type !== 'BINARY') return 'type: must be "TEXT" or "BINARY"';
    if (typeof payload !== 'string' || payload === '') return 'payload: must be a text that is not empty';
    if (type === 'BINARY' && !/^([0-9A-Fa-f]{2})+$/.test(payload)) {
      return 'payload: must be bytes in hexadecimal digits, such as "0A30F5", for type BINARY';
    }
    const { smsServerPhoneNumbers, smsMaxParts } = this.parts.settings;
    if (serverPhoneNumber !== undefined && !smsServerPhoneNumbers.includes(serverPhoneNumber as string)) {
      return `serverPhoneNumber: must be one of ${smsServerPhoneNumbers.join(', ')} (setting smsServerPhoneNumbers)`;
    }
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) {
      return `${unknown}: not known; a command over SMS has payload, type and serverPhoneNumber`;
    }
    try {
      const { length } = this.write({ payload, type }, 0);
      if (length <= smsMaxParts) return undefined;
      return `payload: needs ${length} short messages, of smsMaxParts (${smsMaxParts}) at most`;
    } catch (error) {
      if (!(error instanceof SmppError)) throw error;
      return `payload: ${error.message}`;
    }
  }

  send(via: DeviceInterface, { value, correlation, attempt, ackMode }: CommandDelivery): void {
    const command = value as SmsCommand;
    this.reference = (this.reference + 1) & 0xffff;
    const ofInterface = via.definition.serverPhoneNumber;
    const usual = this.parts.settings.smsServerPhoneNumbers[0] ?? '';
    this.parts.submitter.submit({
      via,
      delivery: { correlation, attempt },
      serverPhoneNumber: command.serverPhoneNumber ?? (typeof ofInterface === 'string' ? ofInterface : usual),
      wantsReceipt: ackMode === 'NETWORK',
      parts: this.write(command, this.reference),
    });
  }

  withdraw(_via: DeviceInterface, delivery: DeliveryRef): void {
    this.parts.submitter.withdraw(delivery);
  }

  private write({ payload, type }: SmsCommand, reference: number): MessagePart[] {
    const { smsDefaultAlphabet: defaultAlphabet, smsLongMessages: longMessages } = this.parts.settings;
    const form = { defaultAlphabet, longMessages, reference };
    if (type === 'TEXT') return messageOfText(payload, form);
    return messageOfOctets(new Uint8Array(Buffer.from(payload, 'hex')), form);
  }
}
