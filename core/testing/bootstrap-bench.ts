import type { FastifyInstance } from 'fastify';
import { bootstrapConfigRoutes } from '../api/routes/bootstrap-config-routes.ts';
import { bootstrapEntryRoutes } from '../api/routes/bootstrap-entry-routes.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import { BootstrapService } from '../bootstrap/bootstrap-service.ts';
import { BootstrapServer } from '../connectors/lwm2m/bootstrap/bootstrap-server.ts';
import { CoapLog } from '../connectors/lwm2m/log/coap-log.ts';
import { pskKeyOf } from '../connectors/lwm2m/psk-key.ts';
import type { DatagramSocket } from '../platform/datagrams.ts';
import { silentLogger } from '../platform/logger.ts';
import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { defaultSettings, type PlatformSettings } from '../settings.ts';
import { BootstrapClient, type BootstrapClientOptions } from './bootstrap-client.ts';
import { callApi, TestServices } from './test-services.ts';

/** The bootstrap server on a real UDP port, with the API for what it goes by. */
export class BootstrapBench {
  readonly services: TestServices;
  readonly audited: { tenantId: string; entry: AuditEntry }[] = [];
  /** Where the platform's LwM2M server is said to be. */
  runServerUri: string | undefined = 'coaps://127.0.0.1:5684';
  readonly bootstrap: BootstrapService;
  readonly server: BootstrapServer;
  private app!: FastifyInstance;
  private socket!: DatagramSocket;
  private readonly clients: BootstrapClient[] = [];

  private constructor(services: TestServices, given: Partial<PlatformSettings>) {
    this.services = services;
    const { store, clock, wireClock, bus, inventory } = services;
    const settings = { ...defaultSettings, ...given };
    this.bootstrap = new BootstrapService({ store, clock, random: nodeRandom, bus, settings });
    this.server = new BootstrapServer({
      ...{ bootstrap: this.bootstrap, inventory, bus, clock, wireClock, settings },
      ...{ random: nodeRandom, logger: silentLogger },
      audit: { record: (tenantId, entry) => void this.audited.push({ tenantId, entry }) },
      runServerUri: async () => this.runServerUri,
      operatorTenant: () => services.tenantId,
      log: new CoapLog(settings),
    });
  }

  static async start(settings: Partial<PlatformSettings> = {}): Promise<BootstrapBench> {
    const bench = new BootstrapBench(await TestServices.start(), settings);
    await bench.bootstrap.start();
    const { configs } = bench.bootstrap;
    bench.app = await bench.services.api([
      ...bootstrapConfigRoutes(configs),
      ...bootstrapEntryRoutes(bench.bootstrap),
    ]);
    bench.socket = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, (datagram, from) =>
      bench.server.receive(datagram, from),
    );
    bench.server.attach(bench.socket);
    bench.server.start();
    return bench;
  }

  get port(): number {
    return this.socket.local.port;
  }

  /** Calls the API; rejects for what is no 2xx. */
  async ok(line: string, body?: unknown): Promise<any> {
    const answer = await callApi(this.app, line, { body });
    if (answer.status >= 300) throw new Error(`${line}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  config(...runServers: object[]): Promise<{ id: string }> {
    return this.ok('POST /api/v1/bootstrap/lwm2m/configs', { name: 'c', runServers });
  }

  entry(
    endpointName: string,
    definition?: object,
    secret = '00112233445566778899aabbccddeeff',
  ): Promise<any> {
    const security = { mode: 'PSK', pskInfo: { identity: endpointName, secret } };
    return this.ok('POST /api/v1/bootstrap/lwm2m/entries', { endpointName, security, definition });
  }

  device(endpointName: string, definition: object): Promise<any> {
    return this.ok('POST /api/v1/deviceMgt/devices', {
      id: `urn:lo:nsid:test:${endpointName}`,
      interfaces: [{ connector: 'lwm2m', definition: { endpointName, ...definition } }],
    });
  }

  /** The entry with the keys for run servers. */
  read(endpointName: string): Promise<any> {
    return this.ok(`GET /api/v1/bootstrap/lwm2m/entries/${endpointName}?showSecuritySecrets=true`);
  }

  async client(
    identity: string,
    options: Partial<BootstrapClientOptions> & { secret?: string } = {},
  ): Promise<BootstrapClient> {
    const { secret = '00112233445566778899aabbccddeeff', ...more } = options;
    const given = { port: this.port, identity, key: pskKeyOf(secret), ...more };
    const client = await BootstrapClient.connect(given);
    this.clients.push(client);
    return client;
  }

  /** What the audit log says, the descriptions with their reasons. */
  get said(): string[] {
    return this.audited.map(({ entry }) => `${entry.description}: ${entry.detailedDescription}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await this.server.stop();
    await this.socket.close();
    await this.services[Symbol.asyncDispose]();
  }
}
