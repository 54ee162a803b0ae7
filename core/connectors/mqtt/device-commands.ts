import { isUtf8 } from 'node:buffer';
import { type AckMode, ackModes } from '../../contract/commands.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { CommandAnswer, CommandDelivery, CommandDownlink, CommandReports } from '../connector.ts';

/** Where a device takes commands (manual 6.5.7.1). */
export const commandTopic = 'dev/cmd';

/** The session of a device, as far as commands need it. */
export interface CommandSession {
  takes(topic: string): boolean;
  send(topic: string, payload: string, acknowledged: () => void): void;
}

/**
 * Commands to MQTT devices (manual 6.5.7, facts 2.5): SENT when written to the socket, DELIVERED with the PUBACK,
 * REPLIED with the answer on `dev/cmd/res`. A device that subscribed with QoS 0 sends no PUBACK.
 */
export class DeviceCommands implements CommandDownlink {
  readonly ackModes = ackModes;
  readonly defaultAckMode: AckMode;
  readonly defaultAckTimeoutMs: number;
  private readonly sessionOf: (via: DeviceInterface) => CommandSession | undefined;
  private readonly reports: CommandReports;

  constructor(
    sessionOf: (via: DeviceInterface) => CommandSession | undefined,
    reports: CommandReports,
    settings: { readonly mqttCommandAckMode: AckMode; readonly mqttCommandAckTimeoutMs: number },
  ) {
    this.sessionOf = sessionOf;
    this.reports = reports;
    this.defaultAckMode = settings.mqttCommandAckMode;
    this.defaultAckTimeoutMs = settings.mqttCommandAckTimeoutMs;
  }

  takes(via: DeviceInterface): boolean {
    return this.sessionOf(via)?.takes(commandTopic) ?? false;
  }

  check(value: unknown): string | undefined {
    const { req, arg, ...others } = value as Record<string, unknown>;
    if (typeof req !== 'string' || req === '')
      return 'req: must be a text that names what the device shall do';
    if (arg !== undefined && !isObject(arg)) return 'arg: must be an object: {"name": value, …}';
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) return `${unknown}: not known; a command over MQTT has req and arg`;
    return undefined;
  }

  send(via: DeviceInterface, delivery: CommandDelivery): void {
    const session = this.sessionOf(via);
    if (!session) {
      this.reports.unsent(delivery, 'the device is not connected');
      return;
    }
    const { req, arg = {} } = delivery.value as { req: string; arg?: object };
    const payload = JSON.stringify({ req, arg, cid: delivery.correlation });
    session.send(commandTopic, payload, () => this.reports.delivered(delivery));
    this.reports.sent(delivery);
  }
}

/** Reads a publication to `dev/cmd/res` (manual 6.5.7.2); a text says what is wrong with it. */
export function readCommandAnswer(payload: Uint8Array): CommandAnswer | string {
  if (!isUtf8(payload)) return 'the payload is not UTF-8 text';
  let raw: unknown;
  try {
    raw = JSON.parse((payload as Buffer).toString('utf8'));
  } catch (error) {
    return `the payload is not JSON: ${(error as Error).message}`;
  }
  if (!isObject(raw)) return 'the payload must be an object: {"res": {…}, "cid": number}';
  const { res, cid } = raw;
  if (cid === undefined) return 'cid is missing: it tells which command this answers';
  // Some clients copy it as text.
  const correlation = typeof cid === 'string' && /^\d{1,15}$/.test(cid) ? Number(cid) : cid;
  if (typeof correlation !== 'number') return 'cid must be the number that came with the command';
  return { to: { correlation }, response: res };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
