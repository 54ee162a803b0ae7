import type { ClientCertificates } from '../../accounts/client-certificates.ts';
import type { KeyRates } from '../../accounts/key-rates.ts';
import type { KeyAuthenticator, KeyDebug, KeyUse } from '../../accounts/types.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { EventBus } from '../../bus/event-bus.ts';
import type { TraceStore } from '../../bus/trace-store.ts';
import type { AckMode } from '../../contract/commands.ts';
import type { PlatformEvents } from '../../contract/events.ts';
import type { ExternalConnectorView } from '../../contract/external-connectors.ts';
import type { MqttSessionView } from '../../contract/mqtt-sessions.ts';
import type { DataLimits } from '../../data/data-message.ts';
import type { DataService } from '../../data/data-service.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Connection } from '../../platform/sockets.ts';
import type { FifoService } from '../../routing/fifo-service.ts';
import type { Store } from '../../store/types.ts';
import type { CommandReports, ConfigurationReports, Connectivity, ResourceReports } from '../connector.ts';
import type { Refusal } from './admission.ts';
import { ApplicationMode } from './application-mode.ts';
import { DeviceCommands } from './device-commands.ts';
import { DeviceConfiguration } from './device-configuration.ts';
import { DeviceMode } from './device-mode.ts';
import { DeviceUpdates } from './device-updates.ts';
import { ConnectorCommands } from './external/connector-commands.ts';
import { ConnectorConfiguration } from './external/connector-configuration.ts';
import { ConnectorLinks } from './external/connector-links.ts';
import { ConnectorMode } from './external/connector-mode.ts';
import { ConnectorUpdates } from './external/connector-updates.ts';
import { type ConnectRequest, connackCodes, type MqttMode } from './mode.ts';
import { type ConnectionHost, type ConnectionLimits, MqttConnection } from './mqtt-connection.ts';
import { PacketLog } from './packet-log.ts';

export interface MqttSettings extends ConnectionLimits, DataLimits {
  readonly mqttMaxConnections: number;
  readonly mqttSendWindow: number;
  readonly mqttDebugMaxPerSecond: number;
  readonly mqttCommandAckMode: AckMode;
  readonly mqttCommandAckTimeoutMs: number;
  readonly mqttConfigurationAnswerTimeoutMs: number;
  readonly connectorPlainOnLoopback: boolean;
  readonly connectorCommandAckMode: AckMode;
  readonly connectorCommandAckTimeoutMs: number;
  readonly connectorConfigurationAnswerTimeoutMs: number;
  readonly connectorResourceAnswerTimeoutMs: number;
  readonly mqttResourceAnswerTimeoutMs: number;
}

export interface MqttConnectorParts {
  readonly keys: KeyAuthenticator & KeyDebug & KeyUse;
  readonly rates: KeyRates;
  readonly clientCertificates: ClientCertificates;
  readonly registry: InterfaceRegistry;
  readonly data: DataService;
  /** Hears of commands. */
  readonly commands: CommandReports;
  /** Hears of configuration. */
  readonly configuration: ConfigurationReports;
  /** Hears of resources. */
  readonly resources: ResourceReports;
  readonly fifos: FifoService;
  readonly traces: TraceStore;
  readonly audit: AuditLog;
  readonly bus: EventBus<PlatformEvents>;
  readonly store: Store;
  readonly clock: Clock;
  /** Real time of the wire, for keep-alive and time-outs of the network. */
  readonly wireClock: Clock;
  readonly logger: Logger;
  readonly settings: MqttSettings;
}

const silenceSweepMs = 1000;

/** The MQTT side of the platform: takes connections from whatever listens and gives each its mode. */
export class MqttConnector implements ConnectionHost {
  readonly keys: KeyAuthenticator & KeyUse;
  readonly rates: KeyRates;
  readonly clientCertificates: ClientCertificates;
  readonly modes: ReadonlyMap<string, MqttMode>;
  readonly limits: ConnectionLimits;
  readonly wireClock: Clock;
  readonly logger: Logger;
  /** What the engines see of it. */
  readonly connectivities: readonly Connectivity[];
  private readonly parts: MqttConnectorParts;
  private readonly deviceMode: DeviceMode;
  private readonly links = new ConnectorLinks();
  private readonly connections = new Set<MqttConnection>();
  private sweep: Timer | undefined;
  private stopping = false;

  constructor(parts: MqttConnectorParts) {
    this.parts = parts;
    this.keys = parts.keys;
    this.rates = parts.rates;
    this.clientCertificates = parts.clientCertificates;
    this.limits = parts.settings;
    this.wireClock = parts.wireClock;
    this.logger = parts.logger;
    const sessionOf = (via: DeviceInterface) => this.deviceMode.sessionOf(via);
    const commands = new DeviceCommands(sessionOf, parts, parts.settings);
    const configuration = new DeviceConfiguration(sessionOf, parts.configuration, parts.settings);
    const resources = new DeviceUpdates(sessionOf, parts.resources, parts.settings);
    this.deviceMode = new DeviceMode({ ...parts, features: [commands, configuration, resources] });
    const { links } = this;
    const ofNodes = {
      commands: new ConnectorCommands(links, parts.commands, parts.settings),
      configuration: new ConnectorConfiguration(links, parts.configuration, parts.settings),
      resources: new ConnectorUpdates(links, parts.resources, parts.settings),
    };
    this.connectivities = [
      { connector: 'mqtt', commands, configuration, resources },
      { connector: 'x-connector', ...ofNodes },
    ];
    const connectorMode = new ConnectorMode(
      links,
      { ...parts, features: Object.values(ofNodes) },
      parts.settings,
    );
    const modes: MqttMode[] = [this.deviceMode, connectorMode, new ApplicationMode(parts)];
    this.modes = new Map(
      modes.flatMap((mode) => mode.usernames.map((username) => [username, mode] as const)),
    );
  }

  start(): void {
    const { bus, wireClock } = this.parts;
    let sweptUs = wireClock.monotonicUs();
    this.sweep = wireClock.every('mqtt silence sweep', silenceSweepMs, () => {
      const nowUs = wireClock.monotonicUs();
      const late = nowUs - sweptUs > 2 * silenceSweepMs * 1000;
      sweptUs = nowUs;
      // This process was held up, so what clients have sent meanwhile may not be read yet: the next time counts.
      if (late) return;
      for (const connection of this.connections) connection.checkSilence(nowUs);
    });
    bus.on('keyRevoked', this, ({ keyId }) => {
      this.closeWhere(({ grant }) => grant?.keyId === keyId, 'its API key was changed or deleted');
    });
    bus.on('clientCertificatesChanged', this, ({ tenantId }) => {
      for (const connection of [...this.connections]) {
        if (connection.grant?.tenantId === tenantId) connection.checkCertificate();
      }
    });
    bus.on('interfaceUnusable', this, ({ tenantId, connector, nodeId, reason }) => {
      if (connector === 'x-connector') {
        this.links.forget((via) => via.nodeId === nodeId && via.device.tenantId === tenantId);
      }
      if (connector !== 'mqtt') return;
      const isIt = (via: { nodeId: string; device: { tenantId: string } }): boolean =>
        via.nodeId === nodeId && via.device.tenantId === tenantId;
      this.deviceMode.disconnect(isIt, `its interface was ${reason}`);
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) => {
      const isIt = (via: { device: { id: string; tenantId: string } }): boolean =>
        via.device.id === deviceId && via.device.tenantId === tenantId;
      this.deviceMode.disconnect(isIt, 'its device was deleted');
      this.links.forget(isIt);
    });
  }

  /** Ends every connection; devices become OFFLINE. */
  stop(): void {
    this.stopping = true;
    this.disconnectAll('the platform stops');
    this.sweep?.cancel();
    this.parts.bus.release(this);
  }

  disconnectAll(reason: string): void {
    this.closeWhere(() => true, reason);
  }

  /** How many clients are connected. */
  get connectionCount(): number {
    return this.connections.size;
  }

  /** Open sessions of a tenant, oldest first. */
  sessionsOf(tenantId: string): MqttSessionView[] {
    const ofTenant = [...this.connections].filter(({ grant }) => grant?.tenantId === tenantId);
    return ofTenant.flatMap(({ view }) => view ?? []);
  }

  /** Open connections of external connectors of a tenant, oldest first. */
  externalConnectorsOf(tenantId: string): ExternalConnectorView[] {
    return this.links.viewsOf(tenantId);
  }

  /** Takes over a connection that somebody listened for. */
  accept(connection: Connection): void {
    if (this.stopping) {
      connection.stream.destroy();
      return;
    }
    if (this.connections.size >= this.parts.settings.mqttMaxConnections) {
      const limit = this.parts.settings.mqttMaxConnections;
      this.parts.logger.warn({ limit }, 'MQTT connection refused: mqttMaxConnections is reached');
      connection.stream.end(Buffer.from([0x20, 2, 0, connackCodes.serverUnavailable]));
      return;
    }
    const client = new MqttConnection(connection, this);
    this.connections.add(client);
    client.start();
  }

  packetLog(client: ConnectRequest): PacketLog {
    return new PacketLog(client, this.parts);
  }

  get congested(): boolean {
    return this.parts.store.congested;
  }

  onRelief(run: () => void): void {
    this.parts.store.onRelief(run);
  }

  refused({ remoteAddress }: Connection, { code, reason, clientId, tenantId }: Refusal): void {
    this.parts.logger.warn({ remoteAddress, clientId, code, reason }, 'MQTT connection refused');
    if (tenantId === undefined) return;
    this.parts.audit.record(tenantId, {
      level: 'error',
      category: 'connectivity',
      subcategory: 'mqtt',
      type: 'logs_info',
      description: 'MQTT connection refused',
      detailedDescription: reason,
      source: { nodeId: clientId, connector: 'mqtt' },
      content: { clientId, remoteAddress, connackCode: code },
    });
  }

  violated(
    connection: MqttConnection,
    reason: string,
    type: 'logs_info' | 'rate_limit_reached' = 'logs_info',
  ): void {
    const { clientId, grant } = connection;
    const { remoteAddress } = connection.connection;
    this.parts.logger.warn({ remoteAddress, clientId, reason }, 'MQTT connection closed');
    if (!grant) return;
    this.parts.audit.record(grant.tenantId, {
      level: 'error',
      category: 'connectivity',
      subcategory: 'mqtt',
      type,
      description: 'MQTT connection closed',
      detailedDescription: reason,
      source: { nodeId: clientId, connector: 'mqtt' },
      content: { clientId, remoteAddress },
    });
  }

  ended(connection: MqttConnection, reason: string): void {
    this.connections.delete(connection);
    const { remoteAddress } = connection.connection;
    this.parts.logger.debug(
      { remoteAddress, clientId: connection.clientId, reason },
      'MQTT connection ended',
    );
  }

  private closeWhere(matches: (connection: MqttConnection) => boolean, reason: string): void {
    for (const connection of [...this.connections]) if (matches(connection)) connection.close(reason);
  }
}
