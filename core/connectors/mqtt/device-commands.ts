import type { AuditLog } from '../../audit/audit-log.ts';
import { type AckMode, ackModes } from '../../contract/commands.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { CommandAnswer, CommandDelivery, CommandDownlink, CommandReports } from '../connector.ts';
import { type DeviceFeature, publication, type SessionOf } from './device-feature.ts';
import { isObject, readCorrelation, readDeviceJson } from './read-device-json.ts';

/**
 * Commands to MQTT devices (manual 6.5.7, facts 2.5): SENT when written to the socket, DELIVERED with the PUBACK,
 * REPLIED with the answer on `dev/cmd/res`. A device that subscribed with QoS 0 sends no PUBACK.
 */
export class DeviceCommands implements CommandDownlink, DeviceFeature {
  readonly capability = 'command';
  readonly topic = 'dev/cmd';
  readonly publications: DeviceFeature['publications'];
  readonly ackModes = ackModes;
  readonly defaultAckMode: AckMode;
  readonly defaultAckTimeoutMs: number;
  private readonly sessionOf: SessionOf;
  private readonly reports: CommandReports;
  private readonly audit: AuditLog;

  constructor(
    sessionOf: SessionOf,
    { commands: reports, audit }: { readonly commands: CommandReports; readonly audit: AuditLog },
    settings: { readonly mqttCommandAckMode: AckMode; readonly mqttCommandAckTimeoutMs: number },
  ) {
    this.sessionOf = sessionOf;
    this.reports = reports;
    this.audit = audit;
    this.defaultAckMode = settings.mqttCommandAckMode;
    this.defaultAckTimeoutMs = settings.mqttCommandAckTimeoutMs;
    this.publications = {
      'dev/cmd/res': publication('Answer to a command refused', readCommandAnswer, (via, answer, done) =>
        reports.answered(via, answer, done),
      ),
    };
  }

  takes(via: DeviceInterface): boolean {
    return this.sessionOf(via)?.takes(this.topic) ?? false;
  }

  ready(via: DeviceInterface): void {
    this.reports.ready(via);
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
    const answers = session.send(this.topic, payload, () => this.reports.delivered(delivery));
    if (!answers && delivery.ackMode === 'NETWORK') this.noteNoAcknowledgement(via, delivery);
    this.reports.sent(delivery);
  }

  private noteNoAcknowledgement({ device, nodeId }: DeviceInterface, { commandId }: CommandDelivery): void {
    this.audit.record(device.tenantId, {
      level: 'info',
      category: 'device_management',
      subcategory: 'commands',
      type: 'logs_info',
      description: `Command ${commandId} waits for an acknowledgement that does not come`,
      detailedDescription: `The device subscribed to ${this.topic} with QoS 0, which has no PUBACK, and the command has ackMode NETWORK: unless the device answers it ends with ACK_TIMEOUT. Subscribe with QoS 1, or use another ackMode.`,
      source: { deviceId: device.id, nodeId, connector: 'mqtt' },
      content: { commandId },
    });
  }
}

/** Reads a publication to `dev/cmd/res` (manual 6.5.7.2); a text says what is wrong with it. */
export function readCommandAnswer(payload: Uint8Array): CommandAnswer | string {
  const raw = readDeviceJson(payload, '{"res": {…}, "cid": number}');
  if (typeof raw === 'string') return raw;
  const { res, cid } = raw;
  if (cid === undefined) return 'cid is missing: it tells which command this answers';
  const correlation = readCorrelation(cid);
  if (correlation === undefined) return 'cid must be the number that came with the command';
  return { to: { correlation }, response: res };
}
