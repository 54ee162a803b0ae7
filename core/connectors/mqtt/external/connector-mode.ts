import { plainNodeId } from '../../../contract/interface-kinds/interface-kind.ts';
import {
  type ConnectRequest,
  connackCodes,
  type MqttMode,
  type OpenResult,
  type SessionLink,
} from '../mode.ts';
import type { ConnectorLinks } from './connector-links.ts';
import { type ConnectorModeParts, ConnectorSession } from './connector-session.ts';

/** Addresses of this machine itself, as `address/port`. */
const loopback = /^(127\.[\d.]+|::1|::ffff:127\.[\d.]+)\//;

/** Mode "external connector": a backend speaks for devices that have no way of their own (manual 6.6). */
export class ConnectorMode implements MqttMode {
  readonly usernames = ['connector'];
  readonly isDevice = false;
  private readonly links: ConnectorLinks;
  private readonly parts: ConnectorModeParts;
  private readonly plainOnLoopback: boolean;

  constructor(
    links: ConnectorLinks,
    parts: ConnectorModeParts,
    { connectorPlainOnLoopback }: { readonly connectorPlainOnLoopback: boolean },
  ) {
    this.links = links;
    this.parts = parts;
    this.plainOnLoopback = connectorPlainOnLoopback;
  }

  async open(request: ConnectRequest, link: SessionLink): Promise<OpenResult> {
    const { clientId, grant, security, remoteAddress } = request;
    if (!grant.roles.has('CONNECTOR_ACCESS')) {
      return { refusal: connackCodes.notAuthorized, reason: 'the API key lacks the role CONNECTOR_ACCESS' };
    }
    if (!security && !(this.plainOnLoopback && loopback.test(remoteAddress))) {
      const reason =
        'an external connector must connect with TLS (mqtts); the setting connectorPlainOnLoopback lets this machine connect without';
      return { refusal: connackCodes.notAuthorized, reason };
    }
    if (!plainNodeId.test(clientId)) {
      const reason = `client id ${JSON.stringify(clientId)}: must have 1 to 128 letters, digits, : - or _`;
      return { refusal: connackCodes.identifierRejected, reason };
    }
    const session = new ConnectorSession(request, link, this.links, this.parts);
    this.links.add(session);
    return { session };
  }
}
