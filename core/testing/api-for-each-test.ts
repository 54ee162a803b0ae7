import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach } from 'vitest';
import { callApi, type TestAnswer, TestServices } from './test-services.ts';

/** The API of accounts and inventory for each test of a file: made before it, and gone after it. */
export function apiForEachTest() {
  let services: TestServices;
  let app: FastifyInstance;
  beforeEach(async () => {
    services = await TestServices.start();
    app = await services.api();
  });
  afterEach(async () => services[Symbol.asyncDispose]());
  return {
    get services(): TestServices {
      return services;
    },
    call: (line: string, options?: Parameters<typeof callApi>[2]): Promise<TestAnswer> =>
      callApi(app, line, options),
    /** The same with a body and nothing else. */
    send: (line: string, body?: unknown): Promise<TestAnswer> => callApi(app, line, { body }),
    async restart(): Promise<void> {
      await services.restart({ stopped: true });
      app = await services.api();
    },
  };
}
