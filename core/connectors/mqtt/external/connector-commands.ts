import { type AckMode, ackModes } from '../../../contract/commands.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import type { CommandAnswer, CommandDelivery, CommandDownlink, CommandReports } from '../../connector.ts';
import { isObject, readDeviceJson } from '../read-device-json.ts';
import type { ConnectorLinks } from './connector-links.ts';
import { problemOfNodeId } from './connector-topics.ts';

/**
 * Commands to nodes behind external connectors (manual 6.6.5): SENT when written to the connector's socket, REPLIED
 * with its answer. `NETWORK` and `APPLICATIVE` both wait for the answer: the connector's PUBACK tells nothing of the
 * node, so it is no DELIVERED.
 */
export class ConnectorCommands implements CommandDownlink {
  readonly ackModes = ackModes;
  readonly defaultAckMode: AckMode;
  readonly defaultAckTimeoutMs: number;
  private readonly links: ConnectorLinks;
  private readonly reports: CommandReports;

  constructor(
    links: ConnectorLinks,
    reports: CommandReports,
    settings: { readonly connectorCommandAckMode: AckMode; readonly connectorCommandAckTimeoutMs: number },
  ) {
    this.links = links;
    this.reports = reports;
    this.defaultAckMode = settings.connectorCommandAckMode;
    this.defaultAckTimeoutMs = settings.connectorCommandAckTimeoutMs;
  }

  takes(via: DeviceInterface): boolean {
    return this.links.takes(via, 'command');
  }

  /** Any object is handed to the connector as it is (facts 2.2). */
  check(): undefined {
    return undefined;
  }

  send(via: DeviceInterface, delivery: CommandDelivery): void {
    const { commandId: id, value, ackMode } = delivery;
    if (this.links.send(via, 'command', { id, nodeId: via.nodeId, value, ackMode }))
      this.reports.sent(delivery);
    else this.reports.unsent(delivery, 'no external connector takes commands');
  }
}

/** Reads a publication to `connector/v1/responses/command` (manual 6.6.5.2); a text says what is wrong with it. */
export function readNodeAnswer(payload: Uint8Array): { nodeId: string; answer: CommandAnswer } | string {
  const raw = readDeviceJson(payload, '{"id": "…", "nodeId": "…", "response": {…}}');
  if (typeof raw === 'string') return raw;
  const { id, nodeId, response } = raw;
  if (typeof id !== 'string' || id === '') return 'id must be the text that came with the command';
  const problem = problemOfNodeId(nodeId);
  if (problem !== undefined) return `nodeId ${problem}`;
  if (response !== undefined && response !== null && !isObject(response)) return 'response must be an object';
  const answer = { to: { commandId: id }, response: response ?? undefined };
  return { nodeId: nodeId as string, answer };
}
