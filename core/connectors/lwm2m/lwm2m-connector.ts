import type { AuditSource } from '../../contract/audit.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { DatagramSocket, UdpAddress } from '../../platform/datagrams.ts';
import type { KeyLog } from '../../protocols/dtls/handshake-keys.ts';
import type { Connectivity } from '../connector.ts';
import { CoapsPort, type CoapsSettings, type RefusedClient } from './coaps-port.ts';
import type { CoapLog } from './log/coap-log.ts';
import { PortLog } from './log/port-log.ts';
import { Lwm2mServer, type Lwm2mServerParts, type Lwm2mServerSettings } from './lwm2m-server.ts';
import { PskIdentities } from './psk-identities.ts';
import { Lwm2mTwinDownlink } from './twin-downlink.ts';

export interface Lwm2mConnectorParts extends Omit<Lwm2mServerParts, 'identities'> {
  readonly settings: Lwm2mServerSettings & CoapsSettings;
  /** Every LwM2M interface of every tenant. */
  interfaces(): Iterable<DeviceInterface>;
  readonly log: CoapLog;
  readonly keyLog?: KeyLog | undefined;
  /** Whose audit log gets what belongs to no tenant: who runs the instance. */
  operatorTenant(): string | undefined;
}

/** LwM2M over CoAP over DTLS with pre-shared keys (manual 5.5.4, 7): devices register, and the twin speaks with them. */
export class Lwm2mConnector {
  readonly connectivity: Connectivity;
  private readonly parts: Lwm2mConnectorParts;
  private readonly identities: PskIdentities;
  private readonly server: Lwm2mServer;
  private readonly port: CoapsPort;

  constructor(parts: Lwm2mConnectorParts) {
    this.parts = parts;
    this.identities = new PskIdentities(parts);
    const server = new Lwm2mServer({ ...parts, identities: this.identities });
    this.server = server;
    this.connectivity = {
      connector: 'lwm2m',
      twin: new Lwm2mTwinDownlink({
        reports: parts.twin,
        traces: parts.traces,
        clock: parts.clock,
        registrationOf: (via) => server.registrations.of(via),
        heard: (registration) => server.heard(registration),
      }),
    };
    this.port = new CoapsPort({
      wireClock: parts.wireClock,
      random: parts.random,
      logger: parts.logger,
      settings: parts.settings,
      keyLog: parts.keyLog,
      log: new PortLog({
        log: parts.log,
        server: 'lwm2m',
        clock: parts.clock,
        ownerOf: (identity) => {
          const [only, ...others] = this.identities.find(identity);
          return only && others.length === 0
            ? { tenantId: only.device.tenantId, nodeId: only.nodeId }
            : undefined;
        },
      }),
      pskOf: (identity) => this.identities.keyOf(identity),
      opened: (session, endpoint, conversation) => {
        const { pskIdentity } = session;
        const answer = this.identities.keyOf(pskIdentity);
        return server.handlerFor({
          pskIdentity,
          // The handshake has just proved it.
          key: 'key' in answer ? answer.key : noKey,
          endpoint,
          conversation,
          get peer() {
            return session.peer;
          },
          get closed() {
            return session.closeReason !== undefined;
          },
          close: () => session.close(),
        });
      },
      refused: (client) => this.refused(client),
    });
  }

  /** Devices that are registered now. */
  get registrationCount(): number {
    return this.server.registrations.size;
  }

  get sessionCount(): number {
    return this.port.sessionCount;
  }

  attach(socket: DatagramSocket): void {
    this.port.attach(socket);
  }

  receive(datagram: Uint8Array, from: UdpAddress): void {
    this.port.receive(datagram, from);
  }

  start(): void {
    this.identities.start();
    this.server.start();
    this.port.start();
  }

  stop(): void {
    this.server.stop();
    this.port.stop();
    this.identities.stop();
  }

  /** Tells those whose device it may be; of an identity that nobody has, who runs the instance. */
  private refused({ peer, pskIdentity, reason, isLast }: RefusedClient): void {
    const more = isLast
      ? ' It is not listened to for a while (settings coapsMaxFailures, coapsFailureWindowMs).'
      : '';
    const record = (tenantId: string, source: AuditSource): void =>
      this.parts.audit.record(tenantId, {
        level: 'error',
        category: 'connectivity',
        subcategory: 'lwm2m',
        type: 'logs_info',
        description: 'DTLS handshake refused',
        detailedDescription: `${reason}.${more}`,
        source: { ...source, connector: 'lwm2m' },
        content: { remoteAddress: peer.address, remotePort: peer.port, pskIdentity },
      });
    const found = this.identities.find(pskIdentity);
    for (const { device, nodeId } of found) record(device.tenantId, { deviceId: device.id, nodeId });
    const operator = this.parts.operatorTenant();
    if (found.length === 0 && operator !== undefined) record(operator, {});
  }
}

const noKey = new Uint8Array(0);
