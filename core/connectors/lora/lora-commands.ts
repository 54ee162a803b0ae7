import type { AckMode } from '../../contract/commands.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { CommandDelivery, CommandDownlink, CommandReports, DeliveryRef } from '../connector.ts';
import type { Downlinks } from './downlinks.ts';
import type { LoraNodes } from './lora-nodes.ts';

/** Bytes that the fastest data rate of any region has room for. */
const longestData = 242;

/**
 * Commands to LoRa devices (manual 3.4.1, facts 2.5): SENT when a gateway sends it, DELIVERED when the device
 * acknowledges it, which is waited for with NETWORK alone. A command waits as PENDING until the device listens.
 */
export class LoraCommands implements CommandDownlink {
  readonly ackModes = ['NONE', 'NETWORK'] as const;
  readonly defaultAckMode: AckMode;
  readonly defaultAckTimeoutMs: number;
  private readonly nodes: LoraNodes;
  private readonly downlinks: Downlinks;
  private readonly reports: CommandReports;

  constructor(
    parts: { readonly nodes: LoraNodes; readonly downlinks: Downlinks; readonly reports: CommandReports },
    settings: { readonly loraCommandAckMode: AckMode; readonly loraCommandAckTimeoutMs: number },
  ) {
    this.nodes = parts.nodes;
    this.downlinks = parts.downlinks;
    this.reports = parts.reports;
    this.defaultAckMode = settings.loraCommandAckMode;
    this.defaultAckTimeoutMs = settings.loraCommandAckTimeoutMs;
  }

  takes(via: DeviceInterface): boolean {
    const node = this.nodes.of(via);
    return via.enabled && node !== undefined && this.downlinks.takes(node);
  }

  check(value: unknown): string | undefined {
    const { data, port, ...others } = value as Record<string, unknown>;
    if (typeof data !== 'string' || !/^([0-9A-Fa-f]{2})+$/.test(data)) {
      return 'data: must be bytes in hexadecimal digits, such as "0A30F5"';
    }
    if (data.length > longestData * 2)
      return `data: must have at most ${longestData} bytes, not ${data.length / 2}`;
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 223) {
      return 'port: must be a whole number from 1 to 223';
    }
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) return `${unknown}: not known; a command over LoRa has data and port`;
    return undefined;
  }

  send(via: DeviceInterface, delivery: CommandDelivery): void {
    const node = this.nodes.of(via);
    if (!node) {
      this.reports.unsent(delivery, 'the device has not joined');
      return;
    }
    const { data, port } = delivery.value as { data: string; port: number };
    const { correlation, attempt, commandId, ackMode } = delivery;
    this.downlinks.send(node, {
      ...{ delivery: { correlation, attempt }, commandId, data, port },
      confirmed: ackMode === 'NETWORK',
    });
  }

  withdraw(via: DeviceInterface, delivery: DeliveryRef): void {
    const node = this.nodes.of(via);
    if (node) this.downlinks.withdraw(node, delivery);
  }
}
