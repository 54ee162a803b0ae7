import type { AccountsService } from '../accounts/accounts-service.ts';
import type { PortalSessions } from '../accounts/portal-sessions.ts';
import type { UsersService } from '../accounts/users-service.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { BootstrapService } from '../bootstrap/bootstrap-service.ts';
import type { TraceStore } from '../bus/trace-store.ts';
import type { CampaignService } from '../campaigns/campaign-service.ts';
import type { CommandService } from '../commands/command-service.ts';
import type { ConfigurationService } from '../configuration/configuration-service.ts';
import type { LoraConnector } from '../connectors/lora/lora-connector.ts';
import type { CoapLogService } from '../connectors/lwm2m/log/coap-log-service.ts';
import type { MqttConnector } from '../connectors/mqtt/mqtt-connector.ts';
import type { SmsConnector } from '../connectors/sms/sms-connector.ts';
import type { EndpointsView, HealthView, ListenerView } from '../contract/bench.ts';
import type { DataService } from '../data/data-service.ts';
import type { MessageSearch } from '../data/message-search.ts';
import type { ImportService } from '../inventory/bulk/import-service.ts';
import type { InventoryService } from '../inventory/inventory-service.ts';
import type { FifoHistory } from '../live/fifo-history.ts';
import type { Metrics } from '../live/metrics.ts';
import type { Files } from '../platform/files.ts';
import type { ResourceService } from '../resources/resource-service.ts';
import type { FifoService } from '../routing/fifo-service.ts';
import type { PolicyService } from '../routing/policy-service.ts';
import type { PlatformSettings } from '../settings.ts';
import type { ClockControl } from '../time/clock-control.ts';
import type { ModelCatalog } from '../twin/models/model-catalog.ts';
import type { TwinService } from '../twin/twin-service.ts';
import type { Route } from './route.ts';
import { apiKeyRoutes } from './routes/api-key-routes.ts';
import { auditRoutes } from './routes/audit-routes.ts';
import { authRoutes } from './routes/auth-routes.ts';
import { benchRoutes } from './routes/bench-routes.ts';
import { bootstrapConfigRoutes } from './routes/bootstrap-config-routes.ts';
import { bootstrapEntryRoutes } from './routes/bootstrap-entry-routes.ts';
import { caCertificateRoutes } from './routes/ca-certificate-routes.ts';
import { campaignRoutes } from './routes/campaign-routes.ts';
import { clockRoutes } from './routes/clock-routes.ts';
import { coapLogRoutes } from './routes/coap-log-routes.ts';
import { commandRoutes } from './routes/command-routes.ts';
import { configurationRoutes } from './routes/configuration-routes.ts';
import { dataRoutes } from './routes/data-routes.ts';
import { deviceResourceRoutes } from './routes/device-resource-routes.ts';
import { deviceRoutes } from './routes/device-routes.ts';
import { downloadRoutes } from './routes/download-routes.ts';
import { explorerRoutes } from './routes/explorer-routes.ts';
import { externalConnectorRoutes } from './routes/external-connector-routes.ts';
import { fifoRoutes } from './routes/fifo-routes.ts';
import { groupRoutes } from './routes/group-routes.ts';
import { importRoutes } from './routes/import-routes.ts';
import { interfaceDebugRoutes } from './routes/interface-debug-routes.ts';
import { interfaceRoutes } from './routes/interface-routes.ts';
import { loraBenchRoutes } from './routes/lora-bench-routes.ts';
import { loraRoutes } from './routes/lora-routes.ts';
import { messageRoutes } from './routes/message-routes.ts';
import { mqttSessionRoutes } from './routes/mqtt-session-routes.ts';
import { nodeRoutes } from './routes/node-routes.ts';
import { policyRoutes } from './routes/policy-routes.ts';
import { portalRoutes } from './routes/portal-routes.ts';
import { resourceRoutes } from './routes/resource-routes.ts';
import { smsRoutes } from './routes/sms-routes.ts';
import { tenantRoutes } from './routes/tenant-routes.ts';
import { twinBenchRoutes } from './routes/twin-bench-routes.ts';
import { twinDataRuleRoutes } from './routes/twin-data-rule-routes.ts';
import { twinModelRoutes } from './routes/twin-model-routes.ts';
import { twinObservationRoutes } from './routes/twin-observation-routes.ts';
import { twinOperationRoutes } from './routes/twin-operation-routes.ts';
import { twinRoutes } from './routes/twin-routes.ts';
import { userRoutes } from './routes/user-routes.ts';

/** What the routes act on. */
export interface PlatformParts {
  readonly accounts: AccountsService;
  readonly users: UsersService;
  readonly inventory: InventoryService;
  readonly imports: ImportService;
  readonly commands: CommandService;
  readonly configuration: ConfigurationService;
  readonly campaigns: CampaignService;
  readonly resources: ResourceService;
  readonly twinModels: ModelCatalog;
  readonly bootstrap: BootstrapService;
  readonly twin: TwinService;
  readonly clock: ClockControl;
  readonly coapLog: CoapLogService;
  readonly data: DataService;
  readonly search: MessageSearch;
  readonly traces: TraceStore;
  readonly fifos: FifoService;
  readonly policies: PolicyService;
  readonly audit: AuditLog;
  readonly mqtt: Pick<MqttConnector, 'sessionsOf' | 'externalConnectorsOf'>;
  readonly lora: Pick<LoraConnector, 'gateways' | 'dropped' | 'frames' | 'state'>;
  readonly sms: Pick<SmsConnector, 'view' | 'dropped'>;
  readonly sessions: PortalSessions;
  readonly metrics: Metrics;
  readonly fifoHistory: FifoHistory;
  /** Where the built portal is; undefined: there is none. */
  readonly portal: { readonly files: Files; readonly folder: string } | undefined;
  readonly settings: PlatformSettings;
  health(): HealthView;
  endpoints(): EndpointsView;
  listenerStates(): ListenerView[];
  reset(): Promise<void>;
  caCertificatePem(): string | undefined;
}

/** Every route of the platform. A new resource is a new file beside the others and a line here. */
export function platformRoutes(parts: PlatformParts): Route[][] {
  return [
    apiKeyRoutes(parts.accounts.apiKeys),
    caCertificateRoutes(parts.accounts.caCertificates),
    authRoutes(parts),
    userRoutes(parts),
    mqttSessionRoutes(parts.mqtt),
    externalConnectorRoutes(parts.mqtt),
    tenantRoutes(parts),
    deviceRoutes(parts),
    explorerRoutes(parts.inventory),
    interfaceRoutes(parts.inventory),
    interfaceDebugRoutes(parts.inventory.debug),
    nodeRoutes(parts.inventory.interfaces),
    loraRoutes(parts.lora),
    loraBenchRoutes(parts),
    smsRoutes(parts.sms),
    groupRoutes(parts.inventory.groups),
    importRoutes(parts),
    commandRoutes(parts.commands),
    configurationRoutes(parts.configuration),
    campaignRoutes(parts.campaigns),
    deviceResourceRoutes(parts.resources),
    resourceRoutes(parts.resources.catalog, parts.settings),
    downloadRoutes(parts.resources.downloads),
    twinModelRoutes(parts.twinModels, parts.settings),
    twinRoutes(parts.twin),
    twinOperationRoutes(parts.twin.operations),
    twinObservationRoutes(parts.twin.observations),
    twinDataRuleRoutes(parts.twin.rules),
    twinBenchRoutes(parts.twin),
    bootstrapConfigRoutes(parts.bootstrap.configs),
    bootstrapEntryRoutes(parts.bootstrap),
    dataRoutes({ ...parts, registry: parts.inventory }),
    messageRoutes(parts),
    policyRoutes(parts.policies),
    fifoRoutes(parts),
    auditRoutes(parts.audit),
    benchRoutes(parts),
    coapLogRoutes(parts.coapLog),
    clockRoutes(parts.clock),
    portalRoutes(parts),
  ];
}
