import { AccountsService } from './accounts/accounts-service.ts';
import { type LocalTls, loadLocalTls } from './accounts/local-ca.ts';
import { PortalSessions } from './accounts/portal-sessions.ts';
import type { KeyGrant } from './accounts/types.ts';
import { UsersService } from './accounts/users-service.ts';
import { createApi } from './api/create-api.ts';
import { platformRoutes } from './api/platform-routes.ts';
import { Refusals } from './api/refusals.ts';
import type { Route } from './api/route.ts';
import { AuditLog } from './audit/audit-log.ts';
import { BootstrapService } from './bootstrap/bootstrap-service.ts';
import { EventBus } from './bus/event-bus.ts';
import { TraceStore } from './bus/trace-store.ts';
import { CampaignService } from './campaigns/campaign-service.ts';
import { CommandService } from './commands/command-service.ts';
import { ConfigurationService } from './configuration/configuration-service.ts';
import { Connectivities } from './connectors/connector.ts';
import { LoraConnector } from './connectors/lora/lora-connector.ts';
import { BootstrapServer } from './connectors/lwm2m/bootstrap/bootstrap-server.ts';
import { CoapPort } from './connectors/lwm2m/coap-port.ts';
import { KeyLogFile } from './connectors/lwm2m/key-log-file.ts';
import { CoapLog } from './connectors/lwm2m/log/coap-log.ts';
import { CoapLogService } from './connectors/lwm2m/log/coap-log-service.ts';
import { Lwm2mConnector } from './connectors/lwm2m/lwm2m-connector.ts';
import { lwm2mServerUri } from './connectors/lwm2m/server-uri.ts';
import { MqttConnector } from './connectors/mqtt/mqtt-connector.ts';
import { MqttWebSockets } from './connectors/mqtt/websocket.ts';
import { SmsConnector } from './connectors/sms/sms-connector.ts';
import type { SmscAddress } from './connectors/sms/smsc-link.ts';
import type { EndpointsView, HealthView, ListenerView } from './contract/bench.ts';
import type { PlatformEvents } from './contract/events.ts';
import { DataService } from './data/data-service.ts';
import { MessageSearch } from './data/message-search.ts';
import { Retention } from './data/retention.ts';
import { Entrance } from './entrance.ts';
import { ImportService } from './inventory/bulk/import-service.ts';
import { InventoryService } from './inventory/inventory-service.ts';
import { Listeners } from './listeners.ts';
import { FifoHistory } from './live/fifo-history.ts';
import { LiveServer } from './live/live-server.ts';
import { Metrics } from './live/metrics.ts';
import { randomHex } from './platform/random.ts';
import { SteeredClock } from './platform/steered-clock.ts';
import type { PlatformOptions, PlatformStart } from './platform-options.ts';
import { platformRepository } from './platform-repository.ts';
import { ResourceService } from './resources/resource-service.ts';
import { EventRouter } from './routing/event-router.ts';
import { FifoService } from './routing/fifo-service.ts';
import { PolicyService } from './routing/policy-service.ts';
import { type PlatformSettings, resolveSettings } from './settings.ts';
import { JournaledStore } from './store/store.ts';
import { ClockControl } from './time/clock-control.ts';
import { ModelCatalog } from './twin/models/model-catalog.ts';
import { TwinService } from './twin/twin-service.ts';
import { version } from './version.ts';

export type { PlatformOptions, PlatformStart, Seams } from './platform-options.ts';

/** The whole platform in one process: made of its parts here, and nowhere else. */
export class Platform {
  readonly accounts: AccountsService;
  readonly clock: ClockControl;
  readonly users: UsersService;
  readonly inventory: InventoryService;
  readonly imports: ImportService;
  readonly audit: AuditLog;
  readonly traces: TraceStore;
  readonly fifos: FifoService;
  readonly policies: PolicyService;
  readonly data: DataService;
  readonly search: MessageSearch;
  readonly commands: CommandService;
  readonly configuration: ConfigurationService;
  readonly campaigns: CampaignService;
  readonly resources: ResourceService;
  readonly twinModels: ModelCatalog;
  readonly twin: TwinService;
  readonly bootstrap: BootstrapService;
  readonly connectivities = new Connectivities();
  readonly mqtt: MqttConnector;
  readonly store: JournaledStore;
  /** Sessions of the portal; its keys are accepted wherever the HTTP API and the live socket ask for one. */
  readonly sessions: PortalSessions;
  private readonly options: PlatformOptions;
  private readonly settings: PlatformSettings;
  readonly retention: Retention;
  readonly lwm2m: Lwm2mConnector;
  private readonly coapPort: CoapPort;
  readonly lora: LoraConnector;
  readonly sms: SmsConnector;
  readonly coapLog: CoapLogService;
  /** Undefined unless the setting dtlsKeyLogFile names a file. */
  private readonly keyLogFile: KeyLogFile | undefined;
  private readonly bootstrapServer: BootstrapServer;
  private readonly listeners: Listeners;
  private readonly entrance: Entrance;
  private readonly live: LiveServer;
  readonly metrics: Metrics;
  readonly fifoHistory: FifoHistory;
  /** Every route that is served, also those of the programs around the platform. */
  routes: readonly Route[] = [];
  private tls: LocalTls | undefined;
  private startedMs = 0;
  private operatorTenant: string | undefined;

  constructor(options: PlatformOptions) {
    this.settings = resolveSettings(options.settings);
    const { seams } = options;
    const { wireClock, random, logger } = seams;
    const clock = new SteeredClock(seams.clock);
    this.options = options;
    const { settings } = this;
    const bus = new EventBus<PlatformEvents>();
    const storeSettings = { ...settings, ...options.storeSettings };
    const store = new JournaledStore({ ...seams, clock, dataDir: options.dataDir, settings: storeSettings });
    this.store = store;
    this.accounts = new AccountsService(
      { store, clock, wireClock, random, bus, logger },
      { ...settings, masterKey: options.masterKey },
    );
    clock.observe({ moving: (fromMs, toMs) => this.accounts.clockMoves(fromMs, toMs) });
    this.clock = new ClockControl({ clock, bus, settle: () => this.settle() }, settings);
    this.users = new UsersService({ store, clock, random, accounts: this.accounts }, settings);
    this.inventory = new InventoryService({ store, clock, random, bus, logger }, settings);
    this.imports = new ImportService({ store, clock, logger, settings, inventory: this.inventory });
    this.audit = new AuditLog({ store, bus, clock, logger, settings });
    this.traces = new TraceStore(clock, bus, settings);
    const { audit, traces, inventory: registry } = this;
    this.fifos = new FifoService({ store, clock, logger, audit, traces, settings });
    const { fifos } = this;
    this.policies = new PolicyService({ store, clock, random, logger, fifos, settings });
    this.data = new DataService({ store, bus, clock, traces, fifos, policies: this.policies, settings });
    this.search = new MessageSearch(store, settings);
    this.retention = new Retention({ store, bus, clock, logger, settings, series: this.data });
    const router = new EventRouter({ policies: this.policies, fifos });
    const { connectivities } = this;
    const commandParts = { store, clock, bus, audit, router, registry, connectivities, logger, settings };
    this.commands = new CommandService(commandParts);
    const configurationParts = { ...{ store, clock, bus, audit, fifos, connectivities, settings }, registry };
    this.configuration = new ConfigurationService(configurationParts);
    this.resources = new ResourceService({
      ...{ store, clock, bus, audit, connectivities, settings, registry, logger, random },
      ...{ files: seams.files, dataDir: options.dataDir, endpoints: () => this.listeners.endpoints() },
    });
    this.twinModels = new ModelCatalog({ store, clock, settings });
    this.twin = new TwinService({
      ...{ store, clock, bus, audit, traces, data: this.data, connectivities, logger, random, registry },
      ...{ settings, models: this.twinModels },
    });
    const { commands, configuration, resources, inventory, twin } = this;
    const campaignParts = { store, clock, wireClock, bus, audit, logger, inventory, resources };
    this.campaigns = new CampaignService({ ...campaignParts, commands, configuration, twin, settings });
    this.bootstrap = new BootstrapService({ store, clock, random, bus, settings });
    const { bootstrap, data, accounts: keys } = this;
    const log = new CoapLog(settings);
    const { dtlsKeyLogFile } = settings;
    if (dtlsKeyLogFile !== '') this.keyLogFile = new KeyLogFile(seams.files, dtlsKeyLogFile, logger);
    const keyLog = this.keyLogFile?.write;
    const operatorTenant = () => this.operatorTenant;
    this.coapLog = new CoapLogService(log, {
      ...{ bus, clock, wireClock, audit, inventory, settings, operatorTenant },
      ...{ models: this.twinModels, resourcesOf: (via) => twin.engine.resourcesOf(via) },
    });
    this.bootstrapServer = new BootstrapServer({
      ...{ bootstrap, inventory, audit, bus, clock, wireClock, random, logger, settings },
      runServerUri: (device) =>
        lwm2mServerUri(device, {
          listensAt: this.endpoints().coaps,
          lwm2mPublicHost: settings.lwm2mPublicHost,
          localAddress: (peer) => seams.datagrams.localAddress(peer),
        }),
      ...{ operatorTenant, log, keyLog },
    });
    const { bootstrapServer } = this;
    const openDownload = resources.downloads.openBlocks.bind(resources.downloads);
    this.coapPort = new CoapPort({ clock, wireClock, random, logger, settings, openDownload, log });
    this.lwm2m = new Lwm2mConnector({
      ...{ registry, audit, traces, bus, clock, wireClock, random, logger, settings },
      ...{ twin: twin.engine, interfaces: () => inventory.interfacesOf('lwm2m') },
      ...{ operatorTenant, log, keyLog },
      ...{
        store,
        resources: resources.engine,
        openDownload,
      },
      localAddress: (peer) => seams.datagrams.localAddress(peer),
    });
    // Where no device can come in, none has a twin to ask.
    if (options.ports.coaps !== undefined) connectivities.add(this.lwm2m.connectivity);
    this.lora = new LoraConnector({
      ...{ registry, data, store, traces, audit, router, bus, clock, wireClock, random, logger, settings },
      ...{ commands: commands.engine, interfaces: () => inventory.interfacesOf('lora') },
      operatorTenant: () => this.operatorTenant,
    });
    if (options.ports.lora !== undefined) connectivities.add(this.lora.connectivity);
    this.sms = new SmsConnector({
      ...{ registry, data, store, traces, audit, bus, clock, wireClock, logger, settings },
      ...{ network: seams.network, files: seams.files, commands: commands.engine, operatorTenant },
      interfaces: () => inventory.interfacesOf('sms'),
      simulatedCentre: () => this.simulatedCentre(),
    });
    connectivities.add(this.sms.connectivity);
    const mqttParts = {
      keys,
      rates: keys.rates,
      clientCertificates: keys.clientCertificates,
      registry,
      data,
      commands: this.commands.engine,
      configuration: this.configuration.engine,
      resources: this.resources.engine,
      fifos,
      traces,
      audit,
      bus,
      store,
      clock,
      wireClock,
      logger,
      settings,
    };
    this.mqtt = new MqttConnector(mqttParts);
    for (const connectivity of this.mqtt.connectivities) connectivities.add(connectivity);
    this.listeners = new Listeners(seams, options.host, settings);
    this.sessions = new PortalSessions({ keys, bus, random }, settings);
    this.metrics = new Metrics(bus, wireClock);
    this.fifoHistory = new FifoHistory(fifos, wireClock);
    const allowedOrigins = settings.httpAllowedOrigins;
    const refusals = new Refusals({ random, wireClock });
    const refuse = refusals.refuseHandshake.bind(refusals);
    this.live = new LiveServer({ keys: this.sessions, bus, fifos, clock, wireClock, allowedOrigins, refuse });
    const { mqtt, live } = this;
    const webSockets = new MqttWebSockets({
      maxFrameBytes: settings.mqttMaxPacketBytes,
      accept: (connection) => mqtt.accept(connection),
      refuse,
    });
    this.entrance = new Entrance({
      ...{ mqtt, webSockets, live, refusals, logger },
      datagrams: { coaps: this.lwm2m, coap: this.coapPort, bs: bootstrapServer, lora: this.lora },
      smpp: options.smpp,
    });
  }

  /**
   * Opens the data, listens, and takes clients. When any of it fails everything is closed again.
   * @throws PlatformError with text for the user: a port or the data folder is in use, data are damaged, …
   */
  async start(): Promise<PlatformStart> {
    const { seams, ports, host } = this.options;
    const open = this.entrance.close();
    this.startedMs = seams.wireClock.now();
    await this.store.start();
    try {
      await this.keyLogFile?.start();
      const wantsTls = ports.https !== undefined || ports.mqtts !== undefined;
      if (wantsTls) this.tls = await this.loadTls(host);
      this.entrance.api = await this.createApi();
      // Before the first key is made: whoever cannot listen must not leave a key behind that nobody saw.
      await this.listeners.start(ports, this.tls?.server, this.entrance);
      const { tenantId, newMasterKey } = await this.accounts.start();
      this.operatorTenant = tenantId;
      await this.users.start();
      // Who sees the new key sees the new password beside it.
      const newAdmin = newMasterKey === undefined ? undefined : await this.users.createFirstAdmin(tenantId);
      await this.startServices();
      this.mqtt.start();
      this.sessions.start();
      this.metrics.start();
      this.fifoHistory.start();
      this.live.start();
      open();
      return { tenantId, newMasterKey, newAdmin };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends all connections, makes durable what is under way, and closes the data. */
  async stop(): Promise<void> {
    this.mqtt.stop();
    this.live.stop();
    this.metrics.stop();
    this.fifoHistory.stop();
    this.sessions.stop();
    for (const close of [
      () => this.listeners.stop(),
      () => this.entrance.api?.close(),
      () => this.stopServices(),
      () => this.keyLogFile?.stop(),
      () => this.accounts.stop(),
      () => this.store.stop(),
    ]) {
      // What one part cannot end must not keep the data folder locked or a port taken.
      try {
        await close();
      } catch (error) {
        this.options.seams.logger.error({ err: error }, 'a part of the platform did not stop cleanly');
      }
    }
  }

  /**
   * Deletes everything but the keys, and disconnects everybody. It takes its turn among the changes of policies and
   * FIFOs: one that came before goes with the rest, one that comes meanwhile is made on the empty platform.
   */
  async reset(): Promise<void> {
    await this.options.beforeReset?.();
    await this.fifos.changes.run(async () => {
      const open = this.entrance.close();
      try {
        this.mqtt.disconnectAll('the platform is reset');
        // Before all is deleted: what falls due by it must not come into the empty platform.
        await this.clock.set({ mode: 'real' });
        await this.stopServices();
        await this.store.commit(platformRepository.emptyTables());
        this.traces.clear();
        this.coapLog.clear();
        this.lora.frames.clear();
        await this.startServices();
        // Numbers of messages begin anew: what pages know is of another time.
        this.live.disconnectAll('the platform was reset');
      } finally {
        open();
      }
    });
  }

  endpoints(): EndpointsView {
    return this.listeners.endpoints();
  }

  listenerStates(): ListenerView[] {
    return this.listeners.states();
  }

  /** The certificate that clients of the TLS endpoints must trust; undefined when none listens. */
  get caCertificatePem(): string | undefined {
    return this.tls?.caCertificatePem;
  }

  health(): HealthView {
    const { state, failure, journalBytes, transactions, backlog, snapshots } = this.store.status();
    const { resourceMaxFileBytes, connectorPlainOnLoopback } = this.settings;
    return {
      status: state === 'open' ? 'ok' : 'degraded',
      version,
      uptimeMs: this.options.seams.wireClock.now() - this.startedMs,
      store: { state, failure: failure ?? null, journalBytes, transactions, backlog, snapshots },
      mqtt: { connections: this.mqtt.connectionCount },
      sms: this.sms.health(),
      settings: { resourceMaxFileBytes, connectorPlainOnLoopback },
    };
  }

  private async startServices(): Promise<void> {
    await this.inventory.start();
    await this.imports.start();
    await this.audit.start();
    await this.fifos.start();
    await this.policies.start();
    const installation = await this.installation();
    await this.data.start(installation);
    await this.commands.start(installation);
    await this.configuration.start();
    await this.resources.start(installation);
    await this.twinModels.start();
    await this.twin.start(installation);
    await this.campaigns.start(installation);
    await this.bootstrap.start();
    this.bootstrapServer.start();
    await this.lwm2m.start();
    this.coapPort.start();
    await this.lora.start();
    await this.sms.start();
    await this.retention.start();
  }

  private async stopServices(): Promise<void> {
    this.lwm2m.stop();
    this.coapPort.stop();
    this.lora.stop();
    this.sms.stop();
    await this.bootstrapServer.stop();
    this.campaigns.stop();
    await this.commands.stop();
    this.configuration.stop();
    this.twin.stop();
    await this.resources.stop();
    await this.retention.stop();
    this.fifos.stop();
    await this.imports.stop();
    await this.inventory.stop();
    // Last, since the others may have something to say at their end.
    await this.audit.stop();
  }

  /** What the master key of a tenant allows: all there is. */
  masterGrant(tenantId: string): KeyGrant {
    return this.accounts.masterGrant(tenantId);
  }

  /** As far as there is a store to write to; one that fails tells it to who writes. */
  private async writesEnd(): Promise<void> {
    await platformRepository.writesEnd(this.store).catch(() => {});
  }

  /** Resolves when what was begun at this moment is durable, with all that follows from it without time or devices. */
  private async settle(): Promise<void> {
    do await this.writesEnd();
    while (await this.campaigns.settle());
  }

  /** Where the short message centre that this program simulates listens; undefined when it does not. */
  private simulatedCentre(): SmscAddress | undefined {
    const { smpp } = this.endpoints();
    if (smpp === undefined) return undefined;
    const { hostname, port } = new URL(smpp);
    return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  }

  private services() {
    const { accounts, users, inventory, imports, audit, traces, fifos, policies, commands, data } = this;
    const { configuration, campaigns, resources, bootstrap, settings, sessions, metrics, mqtt, twinModels } =
      this;
    const { search, fifoHistory, clock, twin, coapLog, lora, sms } = this;
    return {
      ...{ accounts, users, inventory, imports, audit, traces, fifos, policies, commands, data },
      ...{ configuration, campaigns, resources, bootstrap, settings, sessions, metrics, mqtt, twinModels },
      ...{ search, fifoHistory, clock, twin, coapLog, lora, sms },
    };
  }

  private loadTls(host: string): Promise<LocalTls> {
    const { dataDir, seams } = this.options;
    const wildcard = host === '0.0.0.0' || host === '::';
    const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...(wildcard ? [] : [host])])];
    const storage = dataDir === undefined ? undefined : { files: seams.files, folder: `${dataDir}/tls` };
    // Clients check a certificate by their own, real time.
    return loadLocalTls({ storage, hosts, clock: seams.wireClock, random: seams.random });
  }

  private createApi() {
    const { seams, swaggerUiFolder, portalFolder, extraRoutes = [] } = this.options;
    const routes = [
      ...platformRoutes({
        ...this.services(),
        health: () => this.health(),
        endpoints: () => this.endpoints(),
        listenerStates: () => this.listenerStates(),
        reset: () => this.reset(),
        caCertificatePem: () => this.caCertificatePem,
        portal: portalFolder === undefined ? undefined : { files: seams.files, folder: portalFolder },
      }),
      ...extraRoutes,
    ];
    this.routes = routes.flat();
    return createApi({
      logger: seams.logger,
      random: seams.random,
      accounts: this.sessions,
      rates: this.accounts.rates,
      routes,
      ...(swaggerUiFolder === undefined ? {} : { pages: { files: seams.files, swaggerUiFolder } }),
      settings: {
        bodyLimitBytes: this.settings.httpMaxBodyBytes,
        allowedOrigins: this.settings.httpAllowedOrigins,
      },
    });
  }

  /** Four hexadecimal characters that tell this data folder's message ids from another's. */
  private async installation(): Promise<string> {
    const known = await platformRepository.loadInstallation(this.store);
    if (known !== undefined) return known;
    const made = randomHex(this.options.seams.random, 2);
    await this.store.commit([platformRepository.insertInstallation(made)]);
    return made;
  }
}

/** @throws PlatformError `platform.setting` when a setting makes no sense. */
export function createPlatform(options: PlatformOptions): Platform {
  return new Platform(options);
}
