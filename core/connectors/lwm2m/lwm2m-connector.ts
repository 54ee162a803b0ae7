import type { AuditSource } from '../../contract/audit.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { DatagramSocket, Datagrams, UdpAddress } from '../../platform/datagrams.ts';
import type { KeyLog } from '../../protocols/dtls/handshake-keys.ts';
import type { Connectivity, ResourceReports } from '../connector.ts';
import { CoapsPort, type CoapsSettings, type RefusedClient } from './coaps-port.ts';
import { DeviceAudit } from './device-audit.ts';
import { FirmwareDownlink, type FirmwareDownlinkSettings } from './firmware/firmware-downlink.ts';
import type { CoapLog } from './log/coap-log.ts';
import { PortLog } from './log/port-log.ts';
import { Lwm2mServer, type Lwm2mServerParts, type Lwm2mServerSettings } from './lwm2m-server.ts';
import { PskIdentities } from './psk-identities.ts';
import type { Registration } from './registration.ts';
import { Lwm2mTwinDownlink } from './twin-downlink.ts';

export interface Lwm2mConnectorParts extends Omit<Lwm2mServerParts, 'identities' | 'ready'> {
  readonly resources: ResourceReports;
  /** The address of this machine by which a peer reaches it. */
  readonly localAddress: Datagrams['localAddress'];
  readonly settings: Lwm2mServerSettings &
    CoapsSettings &
    FirmwareDownlinkSettings & {
      /** Host by which devices reach the platform; empty: the one by which they came. */
      readonly lwm2mPublicHost: string;
    };
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
  private readonly firmware: FirmwareDownlink;
  private readonly port: CoapsPort;

  constructor(parts: Lwm2mConnectorParts) {
    this.parts = parts;
    this.identities = new PskIdentities(parts);
    const server = new Lwm2mServer({
      ...parts,
      identities: this.identities,
      ready: (via) => this.firmware.ready(via),
    });
    this.server = server;
    this.firmware = new FirmwareDownlink({
      reports: parts.resources,
      clock: parts.clock,
      settings: parts.settings,
      registrationOf: (via) => server.registrations.of(via),
      heard: (registration) => server.heard(registration),
      resourcesOf: (via) => parts.twin.resourcesOf(via),
      hostFor: ({ registration }) => this.hostFor(registration),
    });
    this.connectivity = {
      connector: 'lwm2m',
      resources: this.firmware,
      twin: new Lwm2mTwinDownlink({
        reports: parts.twin,
        traces: parts.traces,
        clock: parts.clock,
        audit: new DeviceAudit(parts.audit),
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
      isKnown: (identity) => this.identities.find(identity).length > 0,
      opened: (session, endpoint, conversation) => {
        const { pskIdentity } = session;
        const answer = this.identities.keyOf(pskIdentity);
        return server.handlersFor({
          pskIdentity,
          // The handshake has just proved it.
          key: 'key' in answer ? answer.key : noKey,
          endpoint,
          conversation,
          serverName: session.serverName,
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

  /** Takes up who was registered, and lets clients in. */
  async start(): Promise<void> {
    this.identities.start();
    await this.server.start();
    this.parts.bus.on('interfaceUnusable', this, ({ connector, tenantId, nodeId, reason }) => {
      if (connector === 'lwm2m' && reason !== 'disabled') this.firmware.gone(tenantId, nodeId);
    });
    this.port.start();
  }

  stop(): void {
    this.parts.bus.release(this);
    this.firmware.stop();
    this.server.stop();
    this.port.stop();
    this.identities.stop();
  }

  /** The host that a device can put into a URI to reach the platform. Empty where nobody knows. */
  private async hostFor(registration: Registration | undefined): Promise<string> {
    const { settings, localAddress } = this.parts;
    if (settings.lwm2mPublicHost !== '') return settings.lwm2mPublicHost;
    if (!registration?.session) return '';
    const { serverName, peer } = registration.session;
    return serverName ?? localAddress(peer).catch(() => '');
  }

  /** Tells those whose device it may be; of an identity that nobody has, who runs the instance. */
  private refused({ peer, pskIdentity, reason, isLast }: RefusedClient): void {
    const found = this.identities.find(pskIdentity);
    const whom = found.length > 0 ? 'It is' : 'From its address, identities that nobody has are';
    const more = isLast
      ? ` ${whom} not listened to for a while (settings coapsMaxFailures, coapsFailureWindowMs).`
      : '';
    const record = (tenantId: string, source: AuditSource): void =>
      this.parts.audit.record(tenantId, {
        level: 'error',
        category: 'connectivity',
        subcategory: 'lwm2m',
        type: 'logs_info',
        description: 'DTLS handshake refused',
        detailedDescription: `${reason.replace(/\.$/, '')}.${more}`,
        source: { ...source, connector: 'lwm2m' },
        content: { remoteAddress: peer.address, remotePort: peer.port, pskIdentity },
      });
    for (const { device, nodeId } of found) record(device.tenantId, { deviceId: device.id, nodeId });
    const operator = this.parts.operatorTenant();
    if (found.length === 0 && operator !== undefined) record(operator, {});
  }
}

const noKey = new Uint8Array(0);
