import type { FastifyInstance } from 'fastify';
import { AccountsService } from '../accounts/accounts-service.ts';
import { PortalSessions } from '../accounts/portal-sessions.ts';
import { UsersService } from '../accounts/users-service.ts';
import { createApi } from '../api/create-api.ts';
import type { Configurations } from '../api/device-view.ts';
import { Answer, type Route } from '../api/route.ts';
import { apiKeyRoutes } from '../api/routes/api-key-routes.ts';
import { authRoutes } from '../api/routes/auth-routes.ts';
import { caCertificateRoutes } from '../api/routes/ca-certificate-routes.ts';
import { deviceRoutes } from '../api/routes/device-routes.ts';
import { explorerRoutes } from '../api/routes/explorer-routes.ts';
import { groupRoutes } from '../api/routes/group-routes.ts';
import { interfaceDebugRoutes } from '../api/routes/interface-debug-routes.ts';
import { interfaceRoutes } from '../api/routes/interface-routes.ts';
import { nodeRoutes } from '../api/routes/node-routes.ts';
import { tenantRoutes } from '../api/routes/tenant-routes.ts';
import { userRoutes } from '../api/routes/user-routes.ts';
import { EventBus } from '../bus/event-bus.ts';
import type { CreateApiKeyRequest } from '../contract/api-keys.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Role } from '../contract/roles.ts';
import { InventoryService } from '../inventory/inventory-service.ts';
import { silentLogger } from '../platform/logger.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { defaultSettings } from '../settings.ts';
import type { Store } from '../store/types.ts';
import { InlineWorkers } from './inline-workers.ts';
import { startTestStore } from './test-store.ts';

export const testMasterKey = '0123456789abcdef0123456789abcdef';

/** No device is configured. */
const configuration: Configurations = { get: async () => ({ parameters: {} }) };

/** Accounts and inventory on an ephemeral store in the same thread (it starts at once), with time that stands still. Dispose of it at the end. */
export class TestServices {
  readonly clock = new VirtualClock();
  /** Its date is today's: certificates are valid by it. */
  readonly wireClock = new VirtualClock(Date.now());
  readonly bus = new EventBus<PlatformEvents>();
  readonly store: Store & { stop(): Promise<void> };
  accounts: AccountsService;
  users: UsersService;
  sessions: PortalSessions;
  inventory: InventoryService;
  tenantId = '';
  private readonly apis: FastifyInstance[] = [];

  private constructor(store: Store & { stop(): Promise<void> }) {
    this.store = store;
    this.accounts = this.newAccounts();
    this.users = this.newUsers();
    this.sessions = this.newSessions();
    this.inventory = this.newInventory();
  }

  static async start(): Promise<TestServices> {
    const services = new TestServices(await startTestStore({ workers: new InlineWorkers() }));
    services.tenantId = (await services.accounts.start()).tenantId;
    await services.users.start();
    services.sessions.start();
    await services.inventory.start();
    return services;
  }

  /** New services over the same store, as after a start of the program; `stopped`: the old ones ended well. */
  async restart({ stopped }: { stopped: boolean }): Promise<void> {
    const [accounts, inventory] = [this.accounts, this.inventory];
    if (stopped) {
      await accounts.stop();
      await inventory.stop();
    }
    this.sessions.stop();
    this.accounts = this.newAccounts();
    this.users = this.newUsers();
    this.sessions = this.newSessions();
    this.inventory = this.newInventory();
    await this.accounts.start();
    await this.users.start();
    this.sessions.start();
    await this.inventory.start();
  }

  /** The API with the routes of these services and any others. An answer that does not fit its schema is a 500. */
  async api(
    more: readonly Route[] = [],
    options: Partial<Parameters<typeof createApi>[0]> = {},
  ): Promise<FastifyInstance> {
    const app = await createApi({
      logger: silentLogger,
      random: nodeRandom,
      accounts: this.sessions,
      rates: this.accounts.rates,
      routes: [...this.routes(), more].map((table) => table.map(checkingAnswers)),
      ...options,
    });
    this.apis.push(app);
    return app;
  }

  routes(): Route[][] {
    const { accounts, inventory } = this;
    return [
      apiKeyRoutes(accounts.apiKeys),
      caCertificateRoutes(accounts.caCertificates),
      authRoutes(this),
      userRoutes(this),
      tenantRoutes(this),
      deviceRoutes({ inventory, configuration }),
      explorerRoutes(inventory),
      interfaceRoutes(inventory),
      interfaceDebugRoutes(inventory.debug),
      nodeRoutes(inventory.interfaces),
      groupRoutes(inventory.groups),
    ];
  }

  /** The text of a new key below the master key. */
  async key(roles: readonly Role[], more: Partial<CreateApiKeyRequest> = {}): Promise<string> {
    const master = this.accounts.authenticate(testMasterKey);
    if (typeof master === 'string') throw new Error(`master key: ${master}`);
    const made = await this.accounts.apiKeys.create(master, { label: 'test', roles: [...roles], ...more });
    return made.value ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const app of this.apis) await app.close();
    await this.inventory.stop();
    this.sessions.stop();
    await this.accounts.stop();
    await this.store.stop();
  }

  private newAccounts(): AccountsService {
    const { store, clock, bus } = this;
    return new AccountsService(
      { store, clock, wireClock: this.wireClock, bus, random: nodeRandom, logger: silentLogger },
      { ...defaultSettings, masterKey: testMasterKey },
    );
  }

  private newUsers(): UsersService {
    const { store, clock, accounts } = this;
    return new UsersService({ store, clock, accounts, random: nodeRandom }, defaultSettings);
  }

  private newSessions(): PortalSessions {
    return new PortalSessions({ keys: this.accounts, bus: this.bus, random: nodeRandom }, defaultSettings);
  }

  private newInventory(): InventoryService {
    const { store, clock, bus } = this;
    return new InventoryService({ store, clock, bus, random: nodeRandom, logger: silentLogger });
  }
}

function checkingAnswers(route: Route): Route {
  return {
    ...route,
    handler: async (call) => {
      const outcome = await route.handler(call);
      const body = outcome instanceof Answer ? outcome.body : outcome;
      if (route.response) route.response.parse(JSON.parse(JSON.stringify(body)));
      return outcome;
    },
  };
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: any;
}

/** Calls the API as a client does, with JSON both ways. */
export async function callApi(
  app: FastifyInstance,
  line: string,
  options: { key?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<TestAnswer> {
  const [method, url] = line.split(' ') as ['GET', string];
  const { key = testMasterKey, body, headers } = options;
  const response = await app.inject({
    method,
    url,
    headers: {
      ...(key !== '' && { 'X-API-Key': key }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson =
    response.body !== '' && String(response.headers['content-type']).startsWith('application/json');
  return {
    status: response.statusCode,
    headers: response.headers,
    body: isJson ? JSON.parse(response.body) : response.body,
  };
}
