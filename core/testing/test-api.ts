import type { FastifyInstance } from 'fastify';
import { type ApiParts, createApi } from '../api/create-api.ts';
import { platformRoutes } from '../api/platform-routes.ts';
import type { Route } from '../api/route.ts';
import { silentLogger } from '../platform/logger.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { defaultSettings } from '../settings.ts';
import { startTestPlatform, type TestPlatform } from './test-platform.ts';

/** Every route of a running platform, as the platform itself serves them, and their table. */
export interface TestApi {
  readonly app: FastifyInstance;
  readonly routes: readonly Route[];
  /** Makes a key with these roles. */
  readonly key: TestPlatform['key'];
  stop(): Promise<void>;
}

export async function startTestApi(pages?: ApiParts['pages']): Promise<TestApi> {
  const { platform, key, stop } = await startTestPlatform();
  const { accounts, users, inventory, imports, commands, data, traces, fifos, policies, audit } = platform;
  const { search, configuration, campaigns, resources, bootstrap, twin, twinModels, clock } = platform;
  const routes = platformRoutes({
    ...{ accounts, users, inventory, imports, commands, data, traces, fifos, policies, audit },
    search,
    configuration,
    campaigns,
    resources,
    bootstrap,
    twinModels,
    twin,
    clock,
    coapLog: platform.coapLog,
    sessions: platform.sessions,
    mqtt: platform.mqtt,
    lora: platform.lora,
    sms: platform.sms,
    metrics: platform.metrics,
    fifoHistory: platform.fifoHistory,
    portal: undefined,
    settings: defaultSettings,
    health: () => platform.health(),
    endpoints: () => platform.endpoints(),
    listenerStates: () => platform.listenerStates(),
    reset: async () => {},
    caCertificatePem: () => undefined,
  });
  const app = await createApi({
    logger: silentLogger,
    random: nodeRandom,
    accounts: platform.sessions,
    rates: accounts.rates,
    routes,
    ...(pages && { pages }),
  });
  return {
    app,
    routes: routes.flat(),
    key,
    stop: async () => {
      await app.close();
      await stop();
    },
  };
}
