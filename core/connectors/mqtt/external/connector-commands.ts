import { type AckMode, ackModes } from '../../../contract/commands.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import type { CommandAnswer, CommandDelivery, CommandDownlink, CommandReports } from '../../connector.ts';
import type { ConnectorLinks } from './connector-links.ts';
import { type NodeRequestFeature, nodePublication, readOptionalObject } from './node-request-feature.ts';

/**
 * Commands to nodes behind external connectors (manual 6.6.5): SENT when written to the connector's socket, REPLIED
 * with its answer. `NETWORK` and `APPLICATIVE` both wait for the answer: the connector's PUBACK tells nothing of the
 * node, so it is no DELIVERED.
 */
export class ConnectorCommands implements CommandDownlink, NodeRequestFeature {
  readonly capability = 'command';
  readonly publications: NodeRequestFeature['publications'];
  /** A command waits for its answer over whatever connection, until its time is over. */
  readonly askedAnew = false;
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
    const form = '{"id": "…", "nodeId": "…", "response": {…}}';
    this.publications = {
      'connector/v1/responses/command': nodePublication(
        { refusal: 'Answer to a command refused', form },
        readAnswer,
        (via, answer, done) => reports.answered(via, answer, done),
      ),
    };
  }

  takes(via: DeviceInterface): boolean {
    return this.links.takes(via, 'command');
  }

  ready(via: DeviceInterface): void {
    this.reports.ready(via);
  }

  allReady(tenantId: string): void {
    this.reports.allReady('x-connector', tenantId);
  }

  /** Any object is handed to the connector as it is (facts 2.2). */
  check(): undefined {
    return undefined;
  }

  send(via: DeviceInterface, delivery: CommandDelivery): void {
    const { commandId: id, value, ackMode } = delivery;
    const body = { id, nodeId: via.nodeId, value, ackMode };
    if (this.links.send(via, 'command', () => body)) this.reports.sent(delivery);
    else this.reports.unsent(delivery, 'no external connector takes commands');
  }
}

/** Reads a publication to `connector/v1/responses/command` (manual 6.6.5.2). */
function readAnswer({ id, response }: Record<string, unknown>): { said: CommandAnswer } | string {
  if (typeof id !== 'string' || id === '') return 'id must be the text that came with the command';
  const read = readOptionalObject('response', response);
  return typeof read === 'string' ? read : { said: { to: { commandId: id }, response: read } };
}
